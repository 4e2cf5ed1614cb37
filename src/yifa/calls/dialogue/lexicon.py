"""Words that turn, doubt or say nothing about what stands beside them, whatever the question."""

from __future__ import annotations

import re


def any_of(words: str) -> re.Pattern[str]:
    """One of the words, the longest that fits."""
    return re.compile("|".join(sorted(words.split(), key=len, reverse=True)))


# Says nothing: dropped before anything else is looked at.
FILLERS = re.compile(r"[啊呀哦噢嗯呃额唉哎诶欸喂哈嘿哟呗啦咯喽嘞的了吧哩嗳]|(?<=[点会块样])儿")

# A negation that turns nothing, and words in which a negating syllable is none.
HARMLESS = any_of(
    """没意见 没有意见 没什么意见 没有什么意见 没啥意见 没问题 没有问题 没什么问题 没有什么问题 没啥问题 没得说 没话说
    没有话说 不用谢 不客气 不好意思 不麻烦 没有别 没别 没什么别 没有其他 没其他 没什么好说 没什么特别$ 没什么特别要 没什么说 没什么要说 没什么可说
    全部 部门 各部 局部 内部 步骤 一步 下一步 布置 补办 补贴 补助 分别 区别 级别 个别 别人 无论 没关系 谢谢你们 谢谢你 谢谢
    谢谢您 多谢 辛苦 麻烦你们 再见 拜拜 你好 您好 无比 差不多 不得不说"""
)

NEGATORS = re.compile(r"[不没未无莫勿甭否休]|(?<!特)别|非(?!常)|难(?!道|怪)")

# A name of an answer after one of these is turned into its opposite. After 不是 or 没有 alone, a pause decides
# (“不是，满意”), and nobody hears a pause: those are left undecided.
TURNING = tuple(
    sorted(
        [
            "不",
            "并不",
            "很不",
            "不太",
            "不大",
            "不够",
            "不甚",
            "不咋",
            "不怎么",
            "不那么",
            "不是很",
            "不是太",
            "不是特别",
            "不是那么",
            "不是多",
            "不是十分",
            "不算",
            "不算很",
            "不算太",
            "并不太",
            "并不怎么",
            "并不是很",
            "并不算",
            "没那么",
            "没有那么",
            "没多",
            "没怎么",
            "谈不上",
            "说不上",
            "算不上",
            "称不上",
            "谈不上多",
        ],
        key=len,
        reverse=True,
    )
)

# A question, a condition, a scoff: what is said there is no answer.
QUESTIONS = any_of(
    """吗 么 呢 嘛 什么 啥 怎么 咋 谁 哪 为何 难道 何 几 还满意呢 是不是 会不会 有没有 要不要 如果 要是 假如 假设 若 满意话 除非 万一 只要 才怪 就怪 见鬼
    个屁 个鬼 个头 个毛 个锤子 所谓 满意度 满意率 满意分 满意程度 满意调查 满意评价 满不满意 (?<!不)满意不满意 满意还是不满意 满意或不满意 满意没满意 打太极 打官腔 打马虎 打折 打人 打针
    打疫苗 打印 打卡 打工 打官司 打白条 打架 打车 打水 打分 好意思说 (?:就|才)(?:很|挺|会|能)?满意 一般人 一般都 一般情况 一般来 一般要 一般是 与否 说不好 不好说 说不上来 很难说 难说"""
)
# Another time, another person, a might-be: said of something else than this.
ELSEWHERE = any_of(
    """基本 总体 大体 大致 本来 原来 以前 之前 上次 当时 曾经 从前 过去 早先 先前 必须 要求 希望 争取 保证 他们 别人 人家 邻居 领导 大家 老婆 老公 你 您 听说 据说 会 能 可能 也许 大概 好像
    似乎 应该 未必 差点 差一点 有点 有些 稍微 比较 一半 部分 有时 看情况 再说 说不定 说不准 不好说 不知 不清楚 不晓得 不确定 假 骗 装 逼 被 让我
    叫我 只能 只好 算是 就算 随便 都行 无所谓 呵呵 勉强 五分 四分 三分 二分 两分 一分 零分 满分 五星 四星 三星 二星 一星 百分 不满一 不满二 不满两
    不满三 不满四 不满五 不满六 不满七 不满八 不满九 不满十 不满几 不满半 不满百"""
)
DOUBTLESS = re.compile(r"[零一二三四五六七八九十两几]分钟|你们辛苦|您辛苦|你辛苦|对你们|对您|你们问")
# A wish put as a question is still a wish: “能不能不要再打了？”
POLITE = any_of("能不能 可不可以 能否 可否 行不行 好不好 行吗 好吗 可以吗 行不 好不 麻烦 请 拜托 求求")

# Nobody who says this is content, whatever else is said.
COMPLAINTS = any_of(
    """投诉 举报 骗 垃圾 白跑 气死 气人 火大 烂 太差 很差 差劲 糟 敷衍 扯皮 推诿 踢皮球 呵呵 磕头 反话 讽刺 才怪 就怪 见鬼 个屁 个鬼 拖 太慢
    坑人 恶心 恼火 寒心 失望 后悔 倒霉 差评 无语 等.{0,3}(?:个月|年|天|周|星期|小时) 跑.{0,3}趟"""
)

# A whole clause of these takes back what was said before.
DENIAL = re.compile(
    r"(?:没有|没|不是|不对|不|哪有|哪里|怎么会|这回事|开玩笑|骗你|逗你|玩笑|说错|错|等等|事)+"
)
# A clause that ends so has denied what it began with: “不满意倒是没有”.
DENIED = re.compile(
    r"(?:没有|没|谈不上|说不上|算不上|称不上|不至于|不会|不敢|不存在|不可能|是假|不是|不行|不好|才怪|不对)$"
)

# Stands before an answer without changing it.
LEADS = re.compile(
    r"^(?:我们|我|俺|咱|本人|觉得|感觉|认为|就是|那个|那|这个|是|对|选择|选|还是|真|当然|肯定|说实话|老实说|个|都|全|也|你们|这次|这回"
    r"|服务|态度|办事|办理|办|得|效率|工作人员|工作|流程|手续|窗口|大厅|速度|简直)+"
)
# What may stand in the same clause before praise; anything else there may turn it: 让群众满意.
BESIDES = any_of(
    """我们 我 俺 咱 本人 觉得 感觉 认为 就是 那个 那 这个 是 对 选择 选 还是 真 当然 肯定 说实话 老实说 都 全 也 这次 这回 这一次 这件事 这个事 这事 服务
    态度 办事 办理 办件 办证 办 得 效率 工作人员 工作 流程 手续 窗口 大厅 政务 中心 速度 你们 您们 对你们 对您 对你 很 挺 蛮 好 快 现在 今天 一直 整体 总来说 表示
    给 评价 结果 过程 情况 事情 事 可以说 可以 说 这 还 家里 家 老师 同志 里 上 和 跟 及 一 个 非常 特别 十分"""
)
TAILS = re.compile(r"(?:这个|这样|就这样|就是|就这|谢谢|选项|这项|这个选项|这一项)+$")

CLAUSE = re.compile(r"([^，。！？；：、,.!?;:~…—-]+)([，。！？；：、,.!?;:~…—-]*)")

__all__ = [
    "BESIDES",
    "CLAUSE", "COMPLAINTS", "DENIAL", "DENIED", "DOUBTLESS", "ELSEWHERE", "FILLERS", "HARMLESS", "LEADS", "NEGATORS",
    "POLITE", "QUESTIONS", "TAILS", "TURNING", "any_of",
]  # fmt: skip
