"""What is told at each step of a draw, and what the machine finds there."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from yifa.procedure import Among, Facts, Outcome, ask

from .seed import LEAST_DICE, Kind, Source


class Chance(Outcome):
    """What kind of public number a source gives; see `yifa.draws.seed.KINDS`."""

    SET = "几个整数，不论先后（彩票红球）"
    SEQUENCE = "几个整数，按公布的先后（排列型彩票）"
    FIGURE = "一个带两位小数的数（收盘指数）"
    ROOT = "另一个县的台账根"
    TEXT = "一段字母和数字"

    @property
    def kind(self) -> Kind:
        return self.name.lower()  # type: ignore[return-value]


CHANCE, SECOND = "随机来源", "更多随机来源"


class Scheme(Facts):
    """From which future numbers chance comes; a matter adds what is drawn from. Found: the lists as they stand."""

    on_label = "拟定日期"
    sections: ClassVar[tuple[str, ...]] = (CHANCE, SECOND)
    folded: ClassVar[tuple[str, ...]] = (SECOND,)

    source: str = ask(
        "随机来源",
        help="写到期号，任何人都能查到，如“中国福利彩票双色球第2023138期红球”；公布抽取办法之后才开出",
        section=CHANCE,
    )
    source_kind: Chance = ask("开出的是什么", default=Chance.SET, section=CHANCE)
    source_count: int = ask("有几个数", default=6, help="指数、台账根、文字填0", unit="个", section=CHANCE)
    source_on: date = ask("开出之日", section=CHANCE)
    source_at: str = ask("开出时刻", default="21:15", help="24小时制", section=CHANCE)
    source_by: str = ask("由谁公布", default="", section=CHANCE)
    second: str = ask(
        "第二个随机来源", default="", help="可以不填；两个来源合用，谁也不能单独左右", section=SECOND
    )
    second_kind: Chance = ask("第二个来源开出的是什么", default=Chance.FIGURE, section=SECOND)
    second_count: int = ask("第二个来源有几个数", default=0, unit="个", section=SECOND)
    second_on: date | None = ask("第二个来源开出之日", default=None, section=SECOND)
    second_at: str = ask("第二个来源开出时刻", default="15:00", section=SECOND)
    witnesses: tuple[str, ...] = ask(
        "掷骰子的见证人",
        default=(),
        help=f"可以不填；填两名，抽取时当场掷{LEAST_DICE}次，与公开的号码合用",
        section=SECOND,
    )

    listed: int = ask("名录总数", found=True, default=0, unit="个")
    quota: int = ask("拟抽取", found=True, default=0, unit="个")
    left_out: int = ask("不列入", found=True, default=0, unit="个")
    teams: int = ask("可派检查人员", found=True, default=0, unit="人")
    layers: str = ask("分层与名额", found=True, default="", long=True)
    snapshot: str = ask("名录快照", found=True, default="", help="名录全文的摘要，全文存档")

    def sources(self) -> list[Source]:
        """The sources in their order; the dice, if any, come last."""
        found = [
            _source(
                self.source,
                self.source_kind,
                self.source_count,
                self.source_on,
                self.source_at,
                self.source_by,
            )
        ]
        if self.second:
            on = self.second_on or self.source_on
            found.append(_source(self.second, self.second_kind, self.second_count, on, self.second_at, ""))
        if self.witnesses:
            due = max(source.due for source in found)  # thrown when the numbers are out
            found.append(Source("见证人当场掷骰子", "dice", due, count=LEAST_DICE, witnesses=self.witnesses))
        return found


def _source(name: str, chance: Chance, count: int, on: date, at: str, by: str) -> Source:
    """`at`: 21:15, or 21:15:30."""
    time = at.strip().replace("：", ":")
    return Source(name, chance.kind, f"{on}T{time}{':00' if time.count(':') == 1 else ''}+08:00", by, count)


class Fixing(Facts):
    """What is published before anybody can know the result."""

    on_label = "公布日期"

    commitment_digest: str = ask("抽取办法的摘要", found=True, default="")
    commitment: str = ask("抽取办法", found=True, default="", long=True)
    veil: str = ask("密数", found=True, default="", sealed=True)


class Seed(Facts):
    """The numbers, once they are out, and who was drawn with them."""

    on_label = "抽取日期"

    values: str = ask(
        "开出的号码", long=True, help=f"每个随机来源一行，按抽取办法中的先后；骰子写{LEAST_DICE}个点数"
    )

    attested: tuple[str, ...] = ask(
        "在场确认的见证人",
        default=(),
        help="掷骰子的，两名见证人都应当在场确认",
        among=Among(fact="witnesses"),
    )

    drawn: int = ask("抽中", found=True, default=0, unit="个")
    picked: str = ask("抽中的对象和检查人员", found=True, default="", long=True)
    sent: tuple[str, ...] = ask("派出的检查人员", found=True, default=())
    result_digest: str = ask("抽取结果的摘要", found=True, default="")


class Fallen(Facts):
    """Who fell out after the draw; found: who takes the place, by the same order."""

    on_label = "递补日期"

    name: str = ask("退出的对象", help="只换检查人员的，选他要去检查的对象", among=Among(fact="picked"))
    officer: str = ask(
        "不能参加的检查人员", default="", help="换检查人员时填写；换对象时留空", among=Among(fact="sent")
    )
    because: str = ask("退出理由", long=True)

    came: str = ask("递补", found=True, default="")
    picked: str = ask("递补后的对象和检查人员", found=True, default="", long=True)
    sent: tuple[str, ...] = ask("递补后的检查人员", found=True, default=())


class Dropping(Facts):
    on_label = "作废日期"

    because: str = ask("作废理由", long=True, help="已经公布的抽取作废后，编号和理由仍然公开")


class Disclosure(Facts):
    """The lists and the secret number come out, so that anyone can draw again."""

    on_label = "公开日期"

    shown_veil: str = ask("密数（公开）", found=True, default="")
    draw_file: str = ask("抽取文件", found=True, default="", help="抽取文件的摘要，文件随结果公开")
