"""A register made for measuring: twelve kinds of act, and 150 figures over them. It belongs to no county."""

from __future__ import annotations

from yifa.law import statute
from yifa.people import CLERK
from yifa.procedure import START, Count, Facts, Outcome, Procedure, Share, State, Step, Sum, ask
from yifa.procedure.kinds import ProcedureType

law = statute("disclosure-regulation")
KINDS = 12


class Level(Outcome):
    """How the matter was taken."""

    PLAIN = "一般"
    URGENT = "紧急"


class Told(Facts):
    level: Level = ask("等级", law(29))
    prompt: bool = ask("按期", law(33))
    pieces: int = ask("件数", law(29))


def _words() -> dict[str, object]:
    """Twelve steps, and for each of them twelve figures or thirteen."""
    body: dict[str, object] = {
        "__module__": __name__,
        "__qualname__": "Indicators",
        "__doc__": "量度用的事项",
        "since": law.since,
        "done": State("已登记", final=True),
    }
    for k in range(KINDS):
        step = Step(f"登记第{k}类", START >> body["done"], law(29), by=CLERK, asks=Told)  # type: ignore[operator]
        body[f"kind{k}"] = step
        body[f"all{k}"] = whole = Count(f"第{k}类", of=step, by="level")
        body[f"prompt{k}"] = prompt = Count(f"第{k}类按期", of=step, where={"prompt": True})
        body[f"late{k}"] = Count(f"第{k}类超期", of=step, where={"prompt": False})
        body[f"rate{k}"] = Share(f"第{k}类按期率", part=prompt, whole=whole)
        for level in Level:
            for on_time in (True, False):
                where = {"level": level, "prompt": on_time}
                body[f"{level.name.lower()}{k}{on_time:d}"] = Count(
                    f"第{k}类{level.label}{on_time:d}", of=step, where=where
                )
            body[f"{level.name.lower()}{k}"] = Count(f"第{k}类{level.label}", of=step, where={"level": level})
        if k < 4:
            body[f"sum{k}"] = Sum(f"第{k}类件数", of=step, field="pieces", unit="件")
        if k < 6:
            body[f"rest{k}"] = Share(f"第{k}类超期率", part=body[f"late{k}"], whole=whole)  # type: ignore[arg-type]
    for k in range(KINDS):
        both = (body[f"kind{k}"], body[f"kind{(k + 1) % KINDS}"])
        body[f"pair{k}"] = pair = Count(f"第{k}类和下一类", of=both)  # type: ignore[arg-type]
        body[f"part{k}"] = Share(f"第{k}类占比", part=body[f"all{k}"], whole=pair)  # type: ignore[arg-type]
    return body


def _declared() -> type[Procedure]:
    namespace = ProcedureType.__prepare__("Indicators", (Procedure,))
    for name, word in _words().items():
        namespace[name] = word
    return ProcedureType("Indicators", (Procedure,), namespace)


Indicators = _declared()
