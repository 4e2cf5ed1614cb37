"""Static files: named by their content once collected, plain names before that."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


def _names_a_source_map(template: str | tuple[str, str]) -> bool:
    return "sourceMappingURL" in (template if isinstance(template, str) else template[0])


class Static(CompressedManifestStaticFilesStorage):
    """A page drawn before the files were collected (a test, a first start) links the plain file."""

    manifest_strict = False
    patterns = tuple(  # the packages leave their source maps out, so nobody looks for them
        (kind, tuple(template for template in templates if not _names_a_source_map(template)))
        for kind, templates in CompressedManifestStaticFilesStorage.patterns
    )

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        if content is None and not self.exists(filename or name):
            return name
        return super().hashed_name(name, content, filename)
