"""What the sums of measures.py mean: each score with its formula in words, of units and items. Pure.

A cell of fewer than so many ratings (`small_cell` of RATING-LIMITS) shows neither share nor numbers, since who rated
could be guessed.
"""
from collections.abc import Mapping

from chalicelib.kernel.shares import Formula, Score, share

from .measures import LEVELS

WEIGHTS = tuple(f"weight_{level}" for level in LEVELS)
"""The names of the weights among the numbers of RATING-LIMITS."""


FORMULAS = (
    Formula("good_rate", "好评率", "good", "ratings",
            "非常满意、满意、基本满意的评价数，除以全部计入统计的评价数", "HCP51"),
    Formula("bad_rate", "差评率", "bad", "ratings",
            "不满意、非常不满意的评价数，除以全部计入统计的评价数", "HCP51"),
    Formula("active_rate", "主动评价率", "answered", "could_rate",
            "当月邀请评价且已评价的服务数，除以当月邀请评价且已评价或者评价期已届满的服务数（含只能由热线中心电话邀请的来电人）；"
            "二维码评价、监督查评和默认好评不计入",
            "GZ3"),
    Formula("disposal_rate", "差评处置率", "bad_ended", "bad_opened",
            "已办结或者复核认定不予计入的差评数，除以当月收到的差评数", "HCP51"),
    Formula("righted_rate", "差评整改率", "righted", "bad_upheld",
            "整改经审核通过的差评数，除以未被认定不予计入的差评数", "HCP51"),
    Formula("righted_in_time_rate", "按期整改率", "righted_in_time", "bad_upheld",
            "在整改期限内提交整改并经审核通过的差评数，除以未被认定不予计入的差评数", "GZ3"),
    Formula("called_back_rate", "实名差评回访整改率", "named_righted_and_called", "named",
            "已整改并已回访的实名差评数，除以未被认定不予计入的实名差评数", "HCP51"),
    Formula("contact_rate", "实名差评按期联系率", "named_contacted_in_time", "named",
            "在一个工作日内联系核实的实名差评数，除以未被认定不予计入的实名差评数", "AY52"),
)
BY_NAME = {formula.name: formula for formula in FORMULAS}
COMPOSITE = "各等级评价数乘以该等级权重之和，除以计入统计的评价数；权重为已公布的参数（十分制）"
CSAT = "各等级评价数乘以等级数乘以20之和，除以计入统计的评价数（百分制）"


def composite(sums: Mapping[str, int], weights: Mapping[str, int], small: int, digits: int = 2) -> Score:
    """Return the mean of the levels' weights (综合得分)."""
    points = sum(sums.get(f"level_{level}", 0) * weights[f"weight_{level}"] for level in LEVELS)
    return share(points, sums.get("ratings", 0), 1, small, digits)


def csat(sums: Mapping[str, int], small: int, digits: int = 2) -> Score:
    """Return the mean satisfaction of a hundred points."""
    return composite(sums, {f"weight_{level}": level * 20 for level in LEVELS}, small, digits)
