"""The rules of a card, and which event of another kind fires which. Pure."""
from dataclasses import dataclass

from chalicelib.kernel.deskwork import WORDS, desk_work, free_or_mine, own_area
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Card, Level

UNIT = ("clerk", "reviewer", "head", "rectifier", "publisher", "leader")
OF_CORRECTIONS = ("rectifier", "head")     # who answers for a bad rating that was not put right


@dataclass(frozen=True, slots=True)
class Firing:
    """The event `act` of a case of `kind` fires a card of `level` under the rule `code`; several may share a code."""

    code: str
    kind: str
    act: str
    level: Level
    title: str


FIRINGS = {(firing.kind, firing.act): firing for firing in (
    Firing("W1", "APPLICATION", "warn_promised",     "warning", "承诺时限将满"),
    Firing("W2", "APPLICATION", "warn_notice",       "warning", "收件后即将逾期未告知"),
    Firing("Y1", "APPLICATION", "overdue_promised",  "yellow",  "超出承诺时限"),
    Firing("Y2", "APPLICATION", "overdue_precheck",  "yellow",  "预审环节超时"),
    Firing("Y2", "APPLICATION", "overdue_delivery",  "yellow",  "送达环节超时"),
    Firing("Y3", "APPLICATION", "deem",              "yellow",  "逾期未告知，视为受理"),
    Firing("Y6", "CORRECTION",  "overdue_contact",   "yellow",  "差评未在时限内联系"),
    Firing("Y6", "CORRECTION",  "overdue_correct",   "yellow",  "差评未在时限内整改"),
    Firing("Y6", "ORDER",       "overdue_sign",      "yellow",  "12345工单逾期未签收"),
    Firing("Y6", "ORDER",       "overdue_reply",     "yellow",  "12345工单逾期未办理"),
    Firing("R1", "APPLICATION", "overdue_statutory", "red",     "超出法定时限"),
    Firing("W1", "DOCUMENT",    "warn_publish",      "warning", "主动公开期限将满"),
    Firing("Y2", "DOCUMENT",    "overdue_review",    "yellow",  "公开文件审核环节超时"),
    Firing("R1", "DOCUMENT",    "overdue_publish",   "red",     "超出主动公开法定期限"),
)}
"""Rows of the default rule table (warnings are not scored); the thresholds are in the limits themselves."""


def own(case: Summary, now: Occasion) -> str:
    """Only the unit carded answers for the card."""
    return "" if case.person == now.who.unit else "该牌由其他单位处理"


def answers(case: Summary, now: Occasion) -> str:
    """For a bad rating not put right nobody answers whom it may be about."""
    if isinstance(case, Card) and case.source.startswith("CORRECTION#") and now.who.role not in OF_CORRECTIONS:
        return "该牌由差评整改人员或单位负责人处理"
    return own(case, now)


OPEN = ("fired", "explained", "corrected")
CARDS: Workflow[Card] = Workflow(
    Rule("fire",      "new",       "fired",     "system",     "YSHJ36"),
    Rule("note",      "new",       "noted",     "system",     "YSHJ36"),
    Rule("explain",   "fired",     "explained", UNIT,         "GZ2", when=(answers, free_or_mine)),
    Rule("correct",   "explained", "corrected", UNIT,         "GZ2", when=(answers, free_or_mine)),
    Rule("send_back", "corrected", "fired",     "supervisor", "GZ2", when=(own_area,)),
    Rule("verify",    "corrected", "closed",    "supervisor", "GZ2", when=(own_area,)),
    *desk_work(OPEN, UNIT, "GZ1.7", at_desk=answers, annul_basis="GZ2"),
    words=WORDS | {"fired": "已亮牌", "noted": "已提醒", "explained": "已说明", "corrected": "已整改",
                   "closed": "已销号", "fire": "亮牌", "note": "提醒", "explain": "说明原因", "correct": "整改",
                   "send_back": "退回整改", "verify": "核实销号"})


def standing(case: Summary, who: Actor) -> str:
    """The unit carded and the supervisor and auditor of the area see a card; nobody else."""
    if who.role in ("supervisor", "auditor") and who.area == case.area:
        return "supervisor"
    return "unit" if who.role in UNIT and who.unit and who.unit == case.person else ""
