"""What is told at each step of a review, and what the machine finds there."""

from __future__ import annotations

from yifa.procedure import Facts, Outcome, ask


class Verdict(Outcome):
    """What the reviewer makes of a place the machine pointed at."""

    ACCEPTED = "采纳"
    DISMISSED = "不采纳"


class Submission(Facts):
    """A text handed in for review; a matter adds who drafted it and what it is. Found: the places pointed at."""

    on_label = "送审日期"

    draft: str = ask("送审稿", document=True)
    findings: str = ask("发现清单", found=True, default="", help="清单全文的摘要，全文存档")
    pointed: int = ask("系统提示", found=True, default=0, unit="处")
    rules: str = ask("所用规则", found=True, default="")


class Settled(Facts):
    """One place answered, or several in the same way. Found: the words in question, so that the entry reads by itself."""

    on_label = "处理日期"

    places: tuple[str, ...] = ask("提示编号", help="如1-3：第1稿第3处；几处同样处理的，一并写明")
    verdict: Verdict = ask("处理")
    reason: str = ask("理由或者修改意见", long=True)
    about: str = ask("所涉内容", found=True, default="", long=True)


class Remark(Facts):
    """A place the machine did not point at, and the reviewer does."""

    on_label = "提出日期"

    words: str = ask(
        "所涉文字", help="照录送审稿，以便在稿中标出；对全文的意见可以不填", default="", long=True
    )
    opinion: str = ask("修改意见", long=True)
    basis: str = ask("依据", default="")

    @property
    def code(self) -> str:
        """The rule it falls under, where a matter asks for one."""
        return ""


class Return(Facts):
    """Why a text is sent back."""

    on_label = "退回日期"

    why: str = ask("退回理由", long=True)


class Revision(Submission):
    """The text once more, changed."""

    on_label = "重新送审日期"

    changes: str = ask("修改说明", default="", long=True)


class Recall(Facts):
    """The text is taken back before an opinion was given."""

    on_label = "撤回日期"

    why: str = ask("撤回理由", long=True)


class Opinion(Facts):
    """What the review comes to; a matter adds its conclusion. Found: what was made of every place."""

    on_label = "出具日期"

    summary: str = ask("总体意见", default="", long=True)
    accepted: tuple[str, ...] = ask("采纳的意见", found=True, default=())
    dismissed: tuple[str, ...] = ask("不采纳的提示", found=True, default=())
    answered: int = ask("处理的提示", found=True, default=0, unit="处")


__all__ = [
    "Opinion",
    "Recall",
    "Remark",
    "Return",
    "Revision",
    "Settled",
    "Submission",
    "Verdict",
]
