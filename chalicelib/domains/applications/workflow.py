"""The rules of an application, one row per lawful act. Pure: no clock, no storage, no network.

Articles are cited by their short codes (docs/sources.md): XKF is 行政许可法, AY the regulation of Anyang, GZ our own
default where no rule prescribes one.
"""
from datetime import datetime

from chalicelib.kernel.calendar import civil_day, end_of, start_of
from chalicelib.kernel.deskwork import anonymised, by_holder, desk_work, free_or_mine, own_unit, recounted
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.lengthening import CLEARED, lengthened
from chalicelib.kernel.record import Summary
from chalicelib.kernel.turns import (
    Occasion,
    extend,
    in_time,
    lapse,
    near,
    passed,
    pause,
    remind,
    resume,
    soon,
    start,
    stop,
    warn,
)
from chalicelib.kernel.workflow import Rule, Workflow

from .guards import (
    GOVERNMENT,
    HEAD,
    approves,
    complete,
    decided_above,
    decided_here,
    deemed_accepted,
    has_result,
    his_to_decide,
    known_enough,
    not_yet_notified,
    not_yet_renewed,
    still_owed,
    still_published,
)
from .hearings import HEARINGS, heard
from .inspections import INSPECTIONS, inspected
from .models import Application
from .procedures import another_left, none_overrun, several, since_begun, the_last
from .words import WORDS

CITIZEN, CLERK, REVIEWER, SYS = "citizen", "clerk", "reviewer", "system"
STAFF = (CLERK, REVIEWER, HEAD)
INTAKE = ("submitted", "returned", "received", "correcting")
REVIEW = ("accepted", "reviewing", "suspended")
COUNTING = ("accepted", "reviewing")
ENDED = ("discarded", "withdrawn", "lapsed", "terminated", "annulled", "archived")


def government_of(area: str) -> str:
    """Return the unit that is the government of an area (本级人民政府)."""
    return f"{area}.government"


def day_zero(case: Application) -> datetime:
    """Acceptance, but the receipt of a correction, which had to be accepted at once (行政许可法 32(5))."""
    zero = receipt(case) if case.notified else case.accepted_at
    assert zero is not None
    return zero


def receipt(case: Application) -> datetime:
    """The receipt that counts: a later one than the true one where the area's rule says so."""
    assert case.received_at is not None
    return case.counted_from or case.received_at


def counted(case: Application) -> datetime | None:
    return case.counted_from


def first_minute(case: Application) -> datetime:
    """Of the day on which a renewal was lodged, whatever the office's hours: the law binds the applicant by that."""
    assert case.received_at is not None
    return start_of(civil_day(case.received_at))


def after_expiry(case: Application) -> datetime:
    assert case.expires_on is not None
    return end_of(case.expires_on)


def in_time_to_renew(case: Application, now: Occasion) -> bool | None:
    return "expiry" in now.limits if case.expires_on else None


def at(case: Application, now: Occasion) -> datetime:
    return now.at


def since_receipt(case: Application, now: Occasion) -> datetime:
    return receipt(case)


TAKE_IN = {"received_at": at, "handler": ""}
LODGED = {**TAKE_IN, "renewal_in_time": in_time_to_renew}
TO_DEPARTMENT = {"unit": lambda case, now: case.department, "handler": ""}
TO_HALL = {"unit": lambda case, now: case.hall, "handler": ""}
ACCEPTED = {**TO_DEPARTMENT, "accepted_at": at}
DEEMED = {**TO_DEPARTMENT, "accept_mode": "deemed", "accepted_at": since_receipt}
DECIDING = (start("statutory", since=day_zero), start("promised", since=day_zero),
            start("inspection", since=day_zero, if_limited=True))
DECIDED = stop("statutory", "promised", "expiry", "hearing_request", "hearing", "inspection")
TO_CONCLUDE = (own_unit, his_to_decide, not_yet_renewed, heard)
TO_DECIDE = (*TO_CONCLUDE, decided_here)
SILENCE = start("notice", since=counted)
EXPIRY = start("expiry", since=first_minute, if_limited=True)
RENEWED = {**TO_DEPARTMENT, **CLEARED, "granted": True, "decision_mode": "deemed", "suspended_for": ""}
TOLD = start("procedure", since=since_begun)           # of the procedure that is to end first

APPLICATIONS: Workflow[Application] = Workflow(
    #     act               from         to            by        basis
    Rule("open",            "new",       "draft",      CITIZEN,  "XKF29", clocks=(start("draft"),)),
    Rule("register",        "new",       "received",   CLERK,    "XKF32", clocks=(SILENCE, EXPIRY), sets=LODGED,
         when=(own_unit, still_published, complete)),
    Rule("revise",          "draft",     "",           CITIZEN,  "XKF29", when=(by_holder,)),
    Rule("discard",         "draft",     "discarded",  CITIZEN,  "GZ1.3", when=(by_holder,), clocks=stop("draft")),
    Rule("submit",          "draft",     "submitted",  CITIZEN,  "XKF29", sets=LODGED,
         when=(by_holder, still_published, known_enough, complete),
         clocks=(*stop("draft"), start("precheck", since=counted), SILENCE, EXPIRY)),
    Rule("receive",         "submitted", "received",   CLERK,    "AY42",  clocks=stop("precheck"),
         when=(own_unit, free_or_mine)),
    Rule("return",          "submitted", "returned",   CLERK,    "AY42",  sets={"notified": True},
         when=(own_unit, free_or_mine, not_yet_notified, in_time("notice")),
         clocks=(*stop("precheck", "notice"), start("returned"))),
    Rule("resubmit",        "returned",  "submitted",  CITIZEN,  "AY42",  when=(by_holder,), sets=TAKE_IN,
         clocks=(*stop("returned"), start("precheck", since=counted), SILENCE)),
    Rule("ask_correction",  "received",  "correcting", CLERK,    "XKF32", sets={"notified": True},
         when=(own_unit, free_or_mine, not_yet_notified, in_time("notice")),
         clocks=(*stop("notice"), start("correction"))),
    Rule("supply",          "correcting", "received",  CITIZEN,  "XKF32", when=(by_holder,), sets=TAKE_IN,
         clocks=(*stop("correction"), SILENCE)),
    Rule("accept",          "received",  "accepted",   CLERK,    "XKF32", sets=ACCEPTED,
         when=(own_unit, free_or_mine, in_time("notice")), clocks=(*stop("notice"), *DECIDING)),
    Rule("decline",         "received",  "declined",   CLERK,    "XKF32",
         when=(own_unit, free_or_mine, in_time("notice"), not_yet_renewed),
         clocks=(*stop("notice", "expiry"), start("deliver"))),
    Rule("review",          "accepted",  "reviewing",  REVIEWER, "XKF34", when=(own_unit, free_or_mine),
         sets={"handler": lambda case, now: now.who.person}),
    Rule("suspend", ("reviewing", "suspended"), "suspended", REVIEWER, "XKF45",
         when=(own_unit, free_or_mine, in_time("statutory"), none_overrun, another_left),
         clocks=(pause("statutory"), pause("promised", if_in_time=True), TOLD)),
    Rule("end_procedure",   "suspended", "",           REVIEWER, "XKF45", when=(own_unit, free_or_mine, several),
         clocks=(resume("statutory"), resume("promised"), TOLD)),
    Rule("resume",          "suspended", "reviewing",  REVIEWER, "XKF45", when=(own_unit, free_or_mine, the_last),
         sets={"suspended_for": ""}, clocks=(resume("statutory"), resume("promised"), *stop("procedure"))),
    *lengthened("statutory", COUNTING,   REVIEWER,     "XKF42", when=(own_unit, free_or_mine),
                also=(extend("promised", if_in_time=True),), lead=(HEAD, GOVERNMENT), leads=approves),
    Rule("ask_owed",        COUNTING,    "",           (CLERK, REVIEWER), "XKF32", sets={"owed": True},
         when=(own_unit, free_or_mine, deemed_accepted)),
    Rule("supply_owed",     REVIEW,      "",           CITIZEN,  "XKF31", sets={"owed": False},
         when=(by_holder, still_owed)),
    *HEARINGS,
    *INSPECTIONS,
    Rule("grant",           "reviewing", "granted",    (REVIEWER, HEAD), "XKF38", when=(*TO_DECIDE, inspected),
         sets={**CLEARED, "granted": True}, clocks=(*DECIDED, start("deliver"))),
    Rule("refuse",          "reviewing", "refused",    (REVIEWER, HEAD), "XKF38", when=TO_DECIDE,
         sets={**CLEARED, "granted": False}, clocks=(*DECIDED, start("deliver"))),
    Rule("forward",         "reviewing", "forwarded",  (REVIEWER, HEAD), "XKF43", when=(*TO_CONCLUDE, decided_above),
         sets=CLEARED, clocks=DECIDED),
    Rule("close",           "forwarded", "closed",     (REVIEWER, HEAD), "XKF43", when=(own_unit,),
         sets={**TO_HALL, "close_type": 5}),
    Rule("close",           "granted",   "closed",     (REVIEWER, HEAD), "XKF44", when=(own_unit,),
         sets={**TO_HALL, "close_type": 1}),
    Rule("close",           "refused",   "closed",     (REVIEWER, HEAD), "XKF38", when=(own_unit,),
         sets={**TO_HALL, "close_type": 2}),
    Rule("issue",           "closed",    "issued",     CLERK,    "XKF39", when=(own_unit, has_result)),
    Rule("deliver",         ("declined", "closed", "issued"), "delivered", CLERK, "XKF44", when=(own_unit,),
         clocks=stop("deliver")),
    Rule("archive",         "delivered", "archived",   CLERK,    "ZXZW12", when=(own_unit,)),
    Rule("withdraw",        (*INTAKE, *REVIEW), "withdrawn", CITIZEN, "GZ1.3", when=(by_holder,),
         sets={"close_type": 4}, clocks=stop("*")),
    Rule("terminate",       REVIEW,      "terminated", HEAD,     "GZ1.3", when=(own_unit,), sets={"close_type": 6},
         clocks=stop("*")),
    *desk_work(("submitted", "received", *REVIEW, "granted", "refused", "forwarded", "declined", "closed", "issued",
                "delivered"), STAFF, "GZ1.7", taken=("reviewing", "suspended", "granted", "refused", "forwarded")),
    recounted("draft", "returned", "correcting"),
    anonymised(*ENDED),
    Rule("lapse_draft",      "draft",      "discarded", SYS, "GZ1.3",  when=(passed("draft"),),
         clocks=(lapse("draft"), *stop("draft"))),
    Rule("lapse_return",     "returned",   "withdrawn", SYS, "GZ1.3",  when=(passed("returned"),),
         sets={"close_type": 4}, clocks=(lapse("returned"), *stop("returned", "expiry"))),
    Rule("lapse_correction", "correcting", "lapsed",    SYS, "AY36",   when=(passed("correction"),),
         sets={"close_type": 3}, clocks=(lapse("correction"), *stop("correction", "expiry"))),
    Rule("deem_renewal", ("submitted", "received", *REVIEW), "granted", SYS, "XKF50", when=(passed("expiry"),),
         sets=RENEWED, clocks=(lapse("expiry"), *stop("precheck", "notice", "procedure"), *DECIDED,
                               start("deliver", since=after_expiry))),
    Rule("miss_renewal",     ("returned", "correcting"), "", SYS, "XKF50", when=(passed("expiry"),),
         sets={"renewal_in_time": False}, clocks=(lapse("expiry"), *stop("expiry"))),
    Rule("overdue_precheck", "submitted",  "",          SYS, "AY42",   when=(passed("precheck"),),
         clocks=(lapse("precheck"),)),
    Rule("deem",             ("submitted", "received"), "accepted", SYS, "XKF32", sets=DEEMED, when=(passed("notice"),),
         clocks=(lapse("notice"), *stop("notice", "precheck"), start("statutory", since=receipt),
                 start("promised", since=receipt), start("inspection", since=receipt, if_limited=True))),
    Rule("warn_notice",      ("submitted", "received"), "", SYS, "XKF32", when=(near("notice"),),
         clocks=(warn("notice"),)),
    Rule("warn_promised",    COUNTING,     "",          SYS, "YSHJ36", when=(near("promised"),),
         clocks=(warn("promised"),)),
    Rule("remind_promised", COUNTING,   "",          SYS, "YSHJ36", when=(soon("promised"),),
         clocks=(remind("promised"),)),
    Rule("overdue_promised", COUNTING,     "",          SYS, "YSHJ36", when=(passed("promised"),),
         clocks=(lapse("promised"),)),
    Rule("overdue_statutory", COUNTING,    "",          SYS, "XKF42",  when=(passed("statutory"),),
         clocks=(lapse("statutory"),)),
    Rule("overdue_procedure", "suspended", "",          SYS, "XKF45",  when=(passed("procedure"),),
         clocks=(lapse("procedure"),)),
    Rule("overdue_delivery", ("declined", "granted", "refused", "closed", "issued"), "", SYS, "XKF44",
         when=(passed("deliver"),), clocks=(lapse("deliver"),)),
    words=WORDS)


def standing(case: Summary, who: Actor) -> str:
    """Return in what quality `who` may know of the case: holder, desk, supervisor; "" for a stranger.

    A draft is its author's alone. Officials see the cases of which their unit is or was the receiving or deciding
    one. The supervisor and the auditor see all of their area, its government what offices there handle together.
    """
    if who.role == CITIZEN:
        return "holder" if case.person == who.principal else ""
    if case.state in ("draft", "discarded") or not who.area or who.area != case.area:
        return ""
    if who.role in STAFF:
        units = {case.unit, case.hall, case.department} if isinstance(case, Application) else {case.unit}
        return "desk" if who.unit in units else ""
    if who.role == GOVERNMENT:
        return "supervisor" if not isinstance(case, Application) or case.joint else ""
    return "supervisor" if who.role in ("supervisor", "auditor") else ""
