"""Drafts handed in for legality review within the year's volumes: each a whole text, examined by the machine as any other is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from yifa.cases.scene import files
from yifa.law import numeral
from yifa.matters.decisions.documents import facts as d
from yifa.matters.decisions.documents.procedure import NormativeDocument
from yifa.matters.decisions.legality import facts as f
from yifa.matters.decisions.legality.machine import examined
from yifa.matters.decisions.legality.procedure import LegalityReview
from yifa.people import CLERK, HEAD
from yifa.site.volumes import Some, Told
from yifa.texts.finding import Finding, Severity
from yifa.texts.reader import read as read_file
from yifa.texts.reading import Reading
from yifa.texts.told import Settled, Verdict

from . import days, words
from .acts import Invented, Part

OFFICE = "xinxian-justice"
DRAFTERS = ("住建局", "交通局", "农业农村局", "市场监管局", "自然资源局", "民政局", "文广旅局", "水利局")
SUBJECTS = (
    "城区停车秩序",
    "农村公路养护",
    "茶园生态保护",
    "户外广告设置",
    "农贸市场经营秩序",
    "小型水库安全",
    "公共体育场馆开放",
    "农村客运班线",
    "非物质文化遗产传承",
    "老旧小区改造",
    "村级公益岗位",
    "河道采砂秩序",
)
KINDS = {"办法": f.Kind.NORMATIVE, "方案": f.Kind.DECISION, "通知": f.Kind.OTHER}
PLAIN = (
    "本{form}所称{subject}管理，是指有关单位依照法定职责开展的组织、协调、监督等活动。",
    "{subject}管理坚持公开、公平、便民的原则，不得增加群众和企业的负担。",
    "县人民政府有关部门按照各自职责做好{subject}的相关工作，乡镇人民政府予以配合。",
    "有关单位应当公开办事依据、条件和结果，接受社会监督。",
    "公民、法人和其他组织可以通过书面、电话等方式对{subject}提出意见和建议，有关单位应当及时答复。",
    "所需经费按照规定列入部门预算，专款专用。",
    "违反有关法律、法规规定的，由有权机关依法处理。",
    "有关单位工作人员玩忽职守、滥用职权的，依法给予处分。",
)
DOUBTFUL = (
    "违反本{form}规定的，由主管部门处五百元以上二千元以下罚款。",
    "从事{subject}相关经营活动的，应当经主管部门审批并取得许可证。",
    "外地企业参与{subject}相关项目的，应当在本县注册子公司。",
    "{subject}所需设备统一从县城投公司采购。",
    "有关事项依照《中华人民共和国行政处罚法》第九十八条的规定办理。",
    "当事人不服的，可以依照《中华人民共和国行政复议法实施条例》第七十一条申请行政复议。",
)
BEFORE = "{subject}的申请，受理单位应当在十个工作日内答复申请人，并一次告知需要补正的材料。"
AFTER = "{subject}的申请，受理单位应当在二十个工作日内答复申请人，并一次告知需要补正的材料。"
CONTRACT = (
    "甲方委托乙方承担{subject}项目，服务内容以附件清单为准。",
    "合同价款为人民币{sum}万元，按照进度分三次支付。",
    "乙方应当按照约定的期限完成项目，逾期的按日支付违约金。",
    "双方因履行本合同发生争议的，协商解决；协商不成的，向项目所在地人民法院起诉。",
    "乙方不得将本合同项下的主要义务转委托给第三人。",
    "甲方应当及时组织验收，并依照《中华人民共和国民法典》的有关规定行使权利。",
)
DOUBTFUL_CONTRACT = (
    "合同履行中，乙方应当依照《中华人民共和国行政许可法》第九十条的规定取得相应资格。",
    "甲方可以不经协商单方变更合同，依照《最高人民法院关于审理行政协议案件若干问题的规定》第三十九条办理。",
)
REASONS = {
    Verdict.ACCEPTED: "请按提示修改",
    Verdict.DISMISSED: "属于表述习惯，不产生提示所说的效果，可以保留",
}


@dataclass(frozen=True)
class Volume:
    """Drafts by office and month: documents, and contracts."""

    documents: tuple[Some, ...]
    contracts: tuple[Some, ...]


def read(told: Told, year: int) -> Volume:
    """The table [legality_review]."""
    told.only("documents_total", "contracts_total", "documents", "contracts")
    found = Volume(told.table("documents").months(year), told.table("contracts").months(year))
    told.must_add_up("documents_total", sum(s.n for s in found.documents), "各月文件")
    told.must_add_up("contracts_total", sum(s.n for s in found.contracts), "各月合同")
    return found


def draft(
    name: str, subject: str, form: str, doubtful: int, rng: Random, more: tuple[str, ...] = ()
) -> Reading:
    """A text of some ten articles, so many of them such as a reviewer should stop at."""
    contract = form == "合同"
    plain, bad = (CONTRACT, DOUBTFUL_CONTRACT) if contract else (PLAIN, DOUBTFUL)
    some = [*more, *rng.sample(plain, min(len(plain), 6)), *rng.sample(bad, min(doubtful, len(bad)))]
    rng.shuffle(some)
    lines = [name]
    for n, line in enumerate(some, 1):
        lines.append(f"第{numeral(n)}条 {line.format(subject=subject, form=form, sum=rng.randint(12, 380))}")
    return read_file("\n".join(lines).encode(), f"{name}.txt")


def handed_in(
    n: int, form: str, doubtful: int, on: date, rng: Random, more: tuple[str, ...] = ()
) -> tuple[f.Received, list[Finding]]:
    """A draft with its text kept, and what the machine is going to point at."""
    subject, drafter = SUBJECTS[n % len(SUBJECTS)], DRAFTERS[n % len(DRAFTERS)]
    kind = KINDS.get(form, f.Kind.CONTRACT)
    title = f"{subject}委托服务合同" if form == "合同" else f"新县{subject}管理{form}（送审稿）"
    reading = draft(f"{title}{words.INVENTED}", subject, form, doubtful, rng, more)
    told = f.Received(
        on=on,
        draft=files().keep_text(reading.dump()),
        name=f"{title}{words.INVENTED}",
        kind=kind,
        level=f.Level.COUNTY if kind is not f.Kind.CONTRACT else f.Level.DEPARTMENT,
        drafter=drafter,
        material=f"起草说明、征求意见情况{words.INVENTED}",
    )
    return told, examined(reading.text, kind, on)


def reviewed(n: int, form: str, some: Some, rng: Random) -> Iterator[Invented]:
    """One draft from the day it came to the day of the opinion: at the latest in the month its volume names."""
    month = days.of_month(some.month)
    on = month[n % max(1, len(month) - 9)]
    ref, doubtful = f"legality {form} {some.month.month} {n}", (0, 1, 0, 2)[n % 4]
    told, found = handed_in(n, form, doubtful, on, rng)
    yield Invented(LegalityReview.submit, told, ref, some.office, CLERK)
    answered = days.later(on, 2)
    made = {
        verdict: tuple(f"1-{k}" for k, one in enumerate(found, 1) if _verdict(one) is verdict)
        for verdict in Verdict
    }
    for verdict, places in made.items():
        if places:
            answer = Settled(on=answered, places=places, verdict=verdict, reason=REASONS[verdict])
            yield Invented(LegalityReview.settle, answer, ref, some.office, CLERK)
    accepted = bool(made[Verdict.ACCEPTED])
    opinion = f.Concluded(
        on=days.later(on, 4),
        summary=f"请按修改意见修改后再提请审议{words.INVENTED}" if accepted else "",
        conclusion=f.Conclusion.CHANGES if accepted else f.Conclusion.LAWFUL,
        counsel=f"县政府法律顾问书面意见{words.INVENTED}",
    )
    yield Invented(LegalityReview.conclude, opinion, ref, some.office, HEAD)


def _verdict(finding: Finding) -> Verdict:
    return Verdict.DISMISSED if finding.severity is Severity.NOTE else Verdict.ACCEPTED


def year(told: Volume, year: int, rng: Random) -> Iterator[Invented]:
    n = 0
    for some in told.documents:
        for _ in range(some.n):
            n += 1
            yield from reviewed(n, tuple(KINDS)[n % len(KINDS)], some, rng)
    for some in told.contracts:
        for _ in range(some.n):
            n += 1
            yield from reviewed(n, "合同", some, rng)


def waiting(office: str, today: date, rng: Random) -> list[Invented]:
    """Two drafts on the reviewer's desk today, with places to answer; one repeats a document in force, and differs from it."""
    found = [Invented(NormativeDocument.enter, in_force(today), "waiting document", office, CLERK)]
    for n, form in ((3, "办法"), (7, "通知")):
        told, _ = handed_in(n, form, 3, today, rng, (AFTER,) if form == "办法" else ())
        found.append(Invented(LegalityReview.submit, told, f"waiting legality {n}", office, CLERK))
    return found


def in_force(today: date) -> d.Issued:
    """A document whose successor is among the drafts of today."""
    name, subject = f"新县{SUBJECTS[3]}管理暂行办法{words.INVENTED}", SUBJECTS[3]
    lines = (
        *(line.format(subject=subject, form="办法") for line in PLAIN[1:4]),
        BEFORE.format(subject=subject),
    )
    text = "\n".join((name, *(f"第{numeral(n)}条 {line}" for n, line in enumerate(lines, 1))))
    began = date(today.year - 1, 3, 1)
    return d.Issued(
        on=days.earlier(began, 5),
        name=name,
        number=f"新政〔{began.year}〕7号（虚构）",
        level=d.Level.COUNTY,
        body=files().keep_text(read_file(text.encode(), f"{name}.txt").dump()),
        in_force=began,
        until=date(today.year + 1, 2, 28),
    )


PART = Part("legality_review", read, year, waiting)
