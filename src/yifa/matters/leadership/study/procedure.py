"""Leading cadres study law together; who, when, what, led by whom.

Rule: 党政主要负责人履行推进法治建设第一责任人职责规定 (2016), article 6. Its text was not at hand: the citation
carries the mark U and the legal office confirms it.
"""

from yifa.people import CLERK
from yifa.procedure import Count, Journal, Overlap, entry

from . import facts
from .statutes import duty


class Study(Journal):
    """学法台账

    县委、县政府领导班子集体学法的登记，逐次记明主体、形式、日期、内容、主持人和材料。
    """

    since = duty.since
    subject = ("topic",)

    hold = entry("登记学法", duty(6), by=CLERK, asks=facts.Session)

    # What the annual report counts
    collective = Count(
        "集中学法次数",
        of=hold,
        where={
            "body": (
                facts.Body.STANDING_COMMITTEE,
                facts.Body.LAW_COMMITTEE,
                facts.Body.PARTY_GROUP,
                facts.Body.EXECUTIVE_MEETING,
            ),
            "form": (facts.Form.BEFORE_MEETING, facts.Form.TOPIC),
        },
        by="body",
        unit="次",
    )
    study_group = Count(
        "县委理论学习中心组学法期数", of=hold, where={"body": facts.Body.STUDY_GROUP}, unit="期"
    )
    standing_committee = Count(
        "县委常委会会前学法期数",
        of=hold,
        where={"body": facts.Body.STANDING_COMMITTEE, "form": facts.Form.BEFORE_MEETING},
        unit="期",
    )
    executive_meeting = Count(
        "县政府常务会议学法期数", of=hold, where={"body": facts.Body.EXECUTIVE_MEETING}, unit="期"
    )
    sessions = Count("学法登记总数", of=hold, by=("body", "form"), unit="次")
    two_ways = Overlap(
        "集中学法与分主体学法期数",
        one=collective,
        many=(study_group, standing_committee, executive_meeting),
        because="前者按四类会议计，含县委全面依法治县委员会和县政府党组；后者另计县委理论学习中心组，不计这两类会议。",
    )
