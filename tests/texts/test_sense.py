"""The same words command, forbid, quote or define: only the command is a finding."""

from __future__ import annotations

import os

import pytest

from yifa.law import statute
from yifa.texts.content.engines import Scanner


@pytest.fixture(scope="module")
def codes():
    scanner = Scanner(engine="plain")
    return lambda text: {found.code for found in scanner.examine(text)}


FINE = "随意倾倒垃圾的，处二百元以上一千元以下罚款。"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FINE, "N1"),
        ("未经县住建局备案，任何单位不得从事装饰装修活动。", "N2"),
        ("逾期不拆的，由乡镇政府组织强制拆除。", "N3"),
        ("外地企业不得参加本县政府投资项目的投标。", "9-3"),
        ("中标后应当在本县注册子公司。", "9-3"),
        ("申请人须提交村委会出具的无犯罪记录证明。", "N7"),
        ("专项整治期间，全县砂石加工企业一律停产。", "N16"),
        ("办理许可应当提交审批部门认为需要的其他材料。", "N17"),
        ("全县各单位采购办公用品，必须购买本县企业生产的产品。", "8-3"),
    ],
)
def test_a_command_is_found(codes, text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "不得限制外地企业参加本县政府投资项目的投标。",
        "严禁以注册地、所有制等不合理条件，限制外地企业参加投标。",
        "取消外地企业应当在本县设立分支机构的规定。",
        "对外地企业设置的备案、登记等限制性规定，一律取消。",
        "要求外地企业在本县注册子公司的，依法追究责任。",
        "任何单位不得有下列行为：（一）限定使用指定的品牌；（二）限制外地企业参加投标。",
        "不得有下列行为：\n（一）限制外地企业参加投标；\n（二）要求中标人在本县注册子公司。",
        "公民申请办理户口登记，不再要求提交村委会出具的无犯罪记录证明。",
        "规范性文件不得设定罚款等行政处罚，也不得以备案等形式变相设定行政许可。",
    ],
)
def test_a_prohibition_of_it_is_not_found(codes, text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "《公平竞争审查条例》第九条规定，不得含有排斥、限制外地经营者参加本地招标投标的内容。",
        "根据《中华人民共和国行政处罚法》第五十一条的规定，对公民处以二百元以下罚款的行政处罚，可以当场作出行政处罚决定。",
        "《中华人民共和国防洪法》第五十七条规定：“逾期不拆除的，强行拆除，可以处一万元以上十万元以下的罚款。”",
        "现将《关于清理外地企业投标限制的通知》印发给你们。",
    ],
)
def test_a_quotation_of_the_law_is_not_found(codes, text: str) -> None:
    assert codes(text) == set()


def test_quotations_of_these_tests_stand_in_the_law() -> None:
    if not os.environ.get("YIFA_STATUTES"):
        pytest.skip("YIFA_STATUTES names no folder of statute texts")
    assert statute("flood-law")(57).says("可以处一万元以上十万元以下的罚款")
    assert statute("penalty-law")(51).says("对公民处以二百元以下")


@pytest.mark.parametrize(
    "text",
    [
        "本办法所称行政处罚，是指行政机关依法对违反行政管理秩序的公民处以罚款、没收违法所得等惩戒。",
        "本办法所称特许经营，是指政府授予经营者独家经营权。",
    ],
)
def test_a_definition_is_not_found(codes, text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("各建设单位不得不购买县城投公司指定品牌的水泥。", "8-3"),
        ("本地企业中标份额不得低于百分之五十，并在评标中另加五分。", "9-3"),
        ("未取得准入证的，不得从事家政服务。", "N2"),
    ],
)
def test_a_double_negation_or_a_limit_is_a_command(codes, text: str, code: str) -> None:
    assert code in codes(text)


def test_a_prohibition_of_one_thing_does_not_excuse_the_next(codes) -> None:
    assert "N1" in codes(f"任何人不得占用绿地；{FINE}")
    assert "N1" in codes("不得占用绿地，违反规定的，处五百元罚款。")


def test_a_countys_own_document_is_no_law(codes) -> None:
    assert "N1" in codes("违反《新县市容管理办法》第三条规定的，处五百元罚款。")


def test_one_finding_a_rule_and_clause() -> None:
    found = [
        f
        for f in Scanner(engine="plain").examine("随意倾倒垃圾的，处二百元罚款，情节严重的处五百元罚款。")
        if f.code == "N1"
    ]
    assert found[-1].words.endswith("罚款")
    assert len(found) <= 2


def test_a_ban_on_who_has_failed_is_found(codes) -> None:
    """“不得向…” spares who is told not to restrict, not who is kept out."""
    assert "8-5" in codes("混凝土企业未列入住建局推荐榜的，不得向县内工地供货。")
    assert not codes("没有依据的，不得向企业收取费用。")


def test_a_ban_on_who_has_no_permission_is_found(codes) -> None:
    assert "N2" in codes("未报镇政府备案的商家不得对外出租庆典礼炮。")
    assert "9-1" in codes("未经县农业农村局批准，不得将本县收购的中药材运往县外加工。")
    assert codes("不得将中药材不准运往县外作为收购条件。") == set()


def test_a_duty_with_its_ground_is_no_finding(codes) -> None:
    assert "N8" in codes("各商铺必须每月参加街道组织的夜间值守。")
    assert not codes("各商铺必须依照《中华人民共和国消防法》第十六条配置消防器材。")
    assert not codes("驾驶员不得酒后驾驶，不得疲劳驾驶。")
