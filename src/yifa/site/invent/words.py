"""Names and texts nobody could take for real ones."""

from random import Random

from yifa.law import numeral

INVENTED = "（演示数据，虚构）"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
ORGANISATIONS = {
    "商业企业": "某某茶业有限公司",
    "科研机构": "某某农业研究所",
    "社会公益组织": "某某志愿服务协会",
    "法律服务机构": "某某律师事务所",
    "其他组织": "某某专业合作社",
}
WANTED = (
    "2022年农村公路养护资金安排情况",
    "某村土地征收补偿安置方案及公告",
    "2021年以来保障性住房分配结果",
    "县城供水价格调整的听证材料",
    "2022年度义务教育学校招生范围划分文件",
    "高标准农田建设项目验收结论",
    "某道路改造工程的招标公告和中标结果",
    "乡镇2022年度救灾物资发放明细",
    "殡葬服务收费项目和标准",
    "县级河道管理范围划定公告",
)
LAWS = (
    "中华人民共和国宪法",
    "中华人民共和国行政处罚法",
    "中华人民共和国行政复议法",
    "中华人民共和国民法典",
    "中华人民共和国安全生产法",
    "中华人民共和国乡村振兴促进法",
    "中华人民共和国政府信息公开条例",
    "重大行政决策程序暂行条例",
    "优化营商环境条例",
    "中华人民共和国立法法",
    "中华人民共和国防洪法",
    "中华人民共和国信访工作条例",
)


def name(rng: Random) -> str:
    """王某一（虚构）."""
    return f"{rng.choice(SURNAMES)}某{numeral(rng.randint(1, 99))}（虚构）"


def telephone(n: int) -> str:
    """A number that no telephone has: in the area of Xinyang, where none begins with 0, as nowhere in China.

    >>> telephone(322)
    '03760000322'
    """
    return f"0376{n:07d}"


def applicant(kind: str, rng: Random) -> str:
    """A person or an organisation of this kind."""
    return f"{ORGANISATIONS[kind]}（虚构）" if kind in ORGANISATIONS else name(rng)
