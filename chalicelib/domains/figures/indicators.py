"""The indicators of the hotline, one row each: what is counted, by what it is divided, what that means. Pure.

Those of ratings are rows of `ratings/scores.py`. Every value is counted from whole numbers and rounded half up.
"""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from chalicelib.kernel.shares import Formula, Score, rounded, share

Sums = Mapping[str, int]
Count = Callable[[Sums, Sums, int], Score]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A formula by what it is about. `count(sums, numbers, small)` gives its value; `floor` names the number that a
    month's value should not fall below."""

    about: str
    formula: Formula
    count: Count
    floor: str = ""


def per_cent(formula: Formula) -> Count:
    """Return what counts a plain share; `a-b` as a numerator is the one less the other."""
    more, _, less = formula.numerator.partition("-")
    return lambda sums, numbers, small: share(sums.get(more, 0) - sums.get(less, 0), sums.get(formula.denominator, 0),
                                              100, small)


WEIGHED = (("weight_response", "contacted", "sampled"), ("weight_solved", "solved", "judged"),
           ("weight_content", "content", "called"))


def composite(sums: Sums, numbers: Sums, small: int) -> Score:
    """Return the weighed shares together; nothing as long as one of them has nothing to be counted of."""
    if not all(sums.get(of) for _, _, of in WEIGHED):
        return Score(None, None, None)
    value = sum((Fraction(numbers[weight] * sums.get(n, 0), sums[of]) for weight, n, of in WEIGHED), Fraction())
    return Score(rounded(value.numerator, value.denominator, 2), None, None)


HOTLINE = tuple(Indicator("hotline", formula, per_cent(formula), floor) for formula, floor in (
    (Formula("answered_rate", "接通率", "answered", "entered",
             "当月人工接听的来电数，除以进入人工队列的来电数；按中心每日登记的接听统计", "GZ4.6"), ""),
    (Formula("answered_soon_rate", "15秒接通率", "answered_soon", "entered",
             "当月15秒内人工接听的来电数，除以进入人工队列的来电数；按中心每日登记的接听统计", "GZ4.6"), ""),
    (Formula("signed_in_time_rate", "及时签收率", "signed_in_time", "sent",
             "当月派出的工单中在签收期限内签收的件次，除以当月派出的件次；退回后再派的另计一次", "GZ4.6"), ""),
    (Formula("done_in_time_rate", "按时办结率", "done_in_time", "due",
             "办理期限内答复的件次，除以当月答复和当月逾期的件次；退回重办、恢复办理的期限各另计一次", "AY50"), ""),
    (Formula("handled_rate", "处置率（按工单）", "handled", "received",
             "当月登记的工单中已答复、已办结或者已引导的件数，除以当月登记的工单数；"
             "待派单、退回待审核和由热线中心答复、引导的计入热线中心", "GZ4.6"), ""),
    (Formula("problems_handled_rate", "处置率（按问题）", "problems_handled", "problems",
             "同处置率，并入其他工单的不另计，一个问题计一件", "GZ4.6"), ""),
    (Formula("callback_rate", "回访率", "called", "closed",
             "当月经办理办结的工单中已回访的件数，除以当月经办理办结的工单数，未接通的、匿名的计入工单数；"
             "即时答复、不予受理的不计入", "JN27"), ""),
    (Formula("satisfaction", "满意度", "called-dissatisfied", "called",
             "当月办结的工单中已回访数减去不满意数，除以已回访数，未接通的、匿名的不计入；"
             "多次回访的按最后一次", "JN27"),
     "floor_satisfaction"),
    (Formula("response_rate", "响应率", "contacted", "sampled",
             "当月办结且已回访的工单中诉求人表示承办单位联系过、且按期答复的件数，"
             "除以回访时问过是否联系的件数；多次回访的按最后一次", "GZ4.6"), ""),
    (Formula("solved_rate", "解决率", "solved", "judged",
             "当月办结且已回访的工单中诉求人表示已解决的件数，除以已回访的件数；不合理诉求不计入", "GZ4.6"), ""),
    (Formula("content_rate", "满意率", "content", "called",
             "当月办结且已回访的工单中非常满意、满意、基本满意的件数，除以已回访的件数", "GZ4.6"), ""),
    (Formula("returned_rate", "退单率", "returned", "sent",
             "当月派出的工单中被承办单位退回的件次，除以当月派出的件次", "GZ4.6"), ""),
    (Formula("extended_rate", "延期率", "extended", "sent",
             "当月派出的工单中经批准延期的件次，除以当月派出的件次", "GZ4.6"), ""),
    (Formula("reworked_rate", "重办率", "reworked", "sent",
             "当月派出的工单中因诉求人不满意退回重办的件次，除以当月派出的件次", "GZ4.6"), ""),
    (Formula("supervised_rate", "督办率", "supervised", "sent",
             "当月派出的工单中被书面督办、挂牌督办、约谈或者通报的件次，除以当月派出的件次", "GZ4.6"), ""),
    (Formula("repeated_rate", "重复诉求率", "repeated", "sent",
             "当月派出的工单中同一诉求人就同一事项再次反映的件次，除以当月派出的件次", "GZ4.6"), ""),
    (Formula("reviewed_in_time_rate", "知识库更新及时率", "reviewed_in_time", "reviews_due",
             "复审期限届满前完成复审或者修订的次数，除以当月完成和当月届满未完成的次数", "GZ4.6"), ""),
)) + (Indicator("hotline", Formula(
    "hotline_score", "综合得分", "contacted、solved、content", "sampled、judged、called",
    "响应率、解决率、满意率分别乘以已公布的权重之和，默认10:45:45；任一项无数据的不计", "GZ4.6"), composite),)
