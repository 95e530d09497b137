"""The rules of a notice, and which event of an application calls for which. Pure."""
from dataclasses import dataclass

from chalicelib.kernel.deskwork import ANNULLED, WORDS, anonymised, by_holder, own_area
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Paper

STAFF = ("clerk", "reviewer", "head")
REMEDY = ("如不服本决定，可以自收到本文书之日起六十日内依法申请行政复议，"
          "或者自收到之日起六个月内依法向人民法院提起行政诉讼。（《行政复议法》第二十条、《行政诉讼法》第四十六条）")
COMPLAINT = "如认为办理过程违反规定，可以向本行政区域政务服务投诉渠道或12345热线反映。"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of notice: its word in the number, its title, the text it opens with, and the remedy it names."""

    code: str
    word: str
    title: str
    text: str
    remedy: str
    acts: tuple[str, ...]


SORTS = (
    Sort("receipt", "收", "收件凭证",
         "你（单位）提交的申请材料已经收到，现出具本凭证。", COMPLAINT, ("submit", "register")),
    Sort("correction", "补", "一次性告知书（补正通知书）",
         "你（单位）的申请材料不齐全或者不符合法定形式，需要补正的全部内容一次告知如下：",
         COMPLAINT, ("return", "ask_correction")),
    Sort("acceptance", "受", "受理通知书",
         "你（单位）的申请已经受理。", COMPLAINT, ("accept", "deem")),
    Sort("refusal", "不受", "不予受理通知书",
         "你（单位）的申请不予受理，理由如下：", REMEDY, ("decline",)),
    Sort("suspension", "特", "特别程序告知书",
         "办理中需要进行下列程序，所需时间依法不计算在办理期限内：", COMPLAINT, ("suspend",)),
    Sort("hearing", "听", "听证告知书",
         "对下列拟作出决定的事项，你（单位）和利害关系人有权在截止日期前申请听证；申请的，本机关依法组织听证：",
         COMPLAINT, ("tell_hearing",)),
    Sort("hearing-day", "听通", "听证通知书",
         "你（单位）或者利害关系人申请的听证，定于下列日期在下列地点举行：", COMPLAINT, ("announce_hearing",)),
    Sort("owed", "欠", "补充材料告知书",
         "你（单位）的申请已经依法视为受理，办理期限照常计算。尚需补充的全部内容一次告知如下：",
         COMPLAINT, ("ask_owed",)),
    Sort("renewal", "续", "视为准予延续通知书",
         "在原证照有效期届满前未作出决定，你（单位）的延续申请依法视为准予延续。", COMPLAINT, ("deem_renewal",)),
    Sort("extension", "延", "延期通知书",
         "经批准，办理期限延长如下，理由一并告知：", COMPLAINT, ("approve_extension",)),
    Sort("grant", "准", "准予许可决定书",
         "经审查，你（单位）的申请符合法定条件，决定准予许可。", REMEDY, ("grant",)),
    Sort("denial", "不许", "不予许可决定书",
         "经审查，决定不予许可，理由如下：", REMEDY, ("refuse",)),
    Sort("forwarding", "转", "转报告知书",
         "你（单位）的申请已经本机关审查完毕，审查意见和全部申请材料直接报送上级机关，由其作出决定。", COMPLAINT,
         ("forward",)),
    Sort("withdrawal", "撤", "撤回确认书",
         "你（单位）的申请已经撤回或者依规定视为撤回，本办件终结。", COMPLAINT,
         ("withdraw", "lapse_correction", "lapse_return")),
)
BY_ACT = {act: sort for sort in SORTS for act in sort.acts}

PAPERS: Workflow[Paper] = Workflow(
    Rule("issue",       "new",    "issued",  "system",  "XKF32"),
    Rule("serve",       "issued", "served",  STAFF,     "XKF44"),
    Rule("acknowledge", "issued", "served",  "citizen", "GZ1.3",  when=(by_holder,), sets={"served_by": "电子送达"}),
    Rule("annul",       ("issued", "served"), ANNULLED, "supervisor", "GZ1.7", when=(own_area,)),
    anonymised("issued", "served", ANNULLED),
    words=WORDS | {"issued": "已制发", "served": "已送达", "issue": "制发", "serve": "记录送达", "acknowledge": "签收"})


def seen_by(case: Summary, who: Actor, standing: str) -> bool:
    """The addressee, and the offices that see the application (`standing`), see its notices."""
    return case.person == who.principal if who.role == "citizen" else standing in ("desk", "supervisor")
