"""The matters this county works in. A county's own come through YIFA_MATTERS, by module name, with commas."""

import os

HERE = (
    "yifa.matters.leadership.study",
    "yifa.matters.decisions.documents",
    "yifa.matters.decisions.legality",
    "yifa.matters.decisions.lawchange",
    "yifa.matters.services.satisfaction",
    "yifa.matters.services.satisfaction.callbacks",
    "yifa.matters.business.inspections.directories",
    "yifa.matters.business.inspections",
    "yifa.matters.business.competition",
    "yifa.matters.emergency.readiness",
    "yifa.matters.emergency.warnings",
    "yifa.matters.emergency.response",
    "yifa.matters.enforcement.certificate",
    "yifa.matters.oversight.disclosure",
)


def matters() -> list[str]:
    """Modules that declare procedures, in the order of the report's chapters."""
    named = os.environ.get("YIFA_MATTERS", "").split(",")
    return [*HERE, *(name.strip() for name in named if name.strip())]
