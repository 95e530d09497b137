"""Applications in the harnesses."""
import json
from typing import get_args

from chalicelib.domains.applications.models import EXCLUDED
from chalicelib.domains.applications.views import DeskView, HolderView
from chalicelib.domains.catalogue.wiring import catalogue
from chalicelib.kernel.calendar import DAY, civil_day
from tests.support.joining import DESKS, HALL_DESK, MARKET_DESK, OWN, WATCH, Joined, Right, noted, plain
from tests.support.town import AREA, HALL, MARKET, SEEDS
from tests.support.web import CLERK, HEAD, REVIEWER

HANDLERS = {HALL: CLERK.person, MARKET: REVIEWER.person}
SEEDED = {one["code"]: one for one in json.loads((SEEDS / "items.json").read_text("utf-8"))}
LONG = next(code for code, one in SEEDED.items() if one["name"] == "食品经营许可")
ABOVE = next(code for code, one in SEEDED.items() if one["name"] == "食品小作坊登记")
"""Published anew as an item that is inspected and reviewed here, and decided above."""
LIST, CLOSED = "/applications", "/applications/closed?month=2026-03"
VIEWS = {HolderView: OWN, DeskView: DESKS | WATCH}


def start(here):
    """The application submitted, a fresh draft, and one with twenty working days taken in at the window."""
    body = {"area": AREA, "item": here.item["code"], "form": {}, "materials": here.files}
    draft = here.web.ok(here.citizen, "POST", "/applications", body)["case"]["id"]
    long = {"area": AREA, "item": LONG, "form": {}, "materials": files_for(here, LONG)}
    taken = here.web.ok(CLERK, "POST", "/applications/window", long | {"person": here.citizen.person})["case"]["id"]
    return [draft, here.draft, taken]


def begin(here):
    """What `start` makes, and an application under review for an office above."""
    catalogue().publish_seed(AREA, [SEEDED[ABOVE] | {"first_review": True, "inspection": True}])
    body = {"area": AREA, "item": ABOVE, "form": {}, "materials": files_for(here, ABOVE)}
    above = here.web.ok(CLERK, "POST", "/applications/window", body | {"person": here.citizen.person})["case"]["id"]
    for who, act in ((CLERK, "accept"), (REVIEWER, "review")):
        here.web.ok(who, "POST", f"/applications/{above}/acts", {"act": act})
    return [*start(here), above]


def files_for(here, code):
    """A file for each entry of an item's checklist that is necessary."""
    if code == here.item["code"]:
        return here.files
    file, item = next(iter(here.files.values())), SEEDED[code]
    return {one["id"]: file for one in item["materials"] if one["necessity"] == "1"}


def rights(here):
    draft, ended, hall = start(here)
    department = start(here)[2]

    def do(case, *acts):
        for who, body in acts:
            here.web.ok(who, "POST", f"/applications/{case}/acts", body)
    do(hall, (CLERK, {"act": "claim"}))
    do(department, (CLERK, {"act": "accept"}), (REVIEWER, {"act": "review"}))
    do(ended, (REVIEWER, {"act": "review"}), (HEAD, {"act": "grant"}), (HEAD, {"act": "close"}),
       (CLERK, {"act": "deliver", "delivery": "邮寄"}), (CLERK, {"act": "archive"}))
    read = frozenset(OWN | DESKS)
    return {
        "draft": (draft, Right({HolderView: OWN}, "/papers", frozenset(OWN), "draft", {LIST: OWN})),
        "at the hall": (hall, Right(VIEWS, "/papers", read, "notice", {LIST: OWN | HALL_DESK})),
        "in the department": (department, Right(VIEWS, "/papers", read, "statutory", {LIST: OWN | MARKET_DESK})),
        "ended": (ended, Right(VIEWS, "/papers", read, "statutory", {LIST: OWN, CLOSED: HALL_DESK}))}


def paper(here, case):
    return {"form": {"店名": "示例"}, "materials": files_for(here, case.item)}


def lacks(here, case):
    return {"lacks": [{"material": "M1", "reason": "无法辨认"}]}


def to_colleague(here, case):
    return {"handler": HANDLERS[case.unit]}


def reasoned(here, case):
    return {"reason": "不符合法定条件", "basis": "行政许可法第三十八条"}


BODIES = {
    **dict.fromkeys(("revise", "resubmit", "supply", "supply_owed"), paper),
    **dict.fromkeys(("return", "ask_correction", "ask_owed"), lacks),
    **dict.fromkeys(("decline", "refuse"), reasoned),
    **dict.fromkeys(("assign", "hand_over"), to_colleague),
    **dict.fromkeys(("annul", "terminate", "deny_extension", "tell_hearing", "enter_hearing", "hold_hearing",
                     "forward"), noted),
    **dict.fromkeys(("submit", "receive", "accept", "review", "resume", "approve_extension", "grant", "close", "issue",
                     "withdraw", "archive", "claim", "discard", "ask_hearing", "waive_hearing"), plain),
    "inspect": lambda here, case: {"inspectors": [REVIEWER.person, HEAD.person], "note": "现场与申请材料一致",
                                   "inspected_on": str(civil_day(here.web.hands.at))},
    "announce_hearing": lambda here, case: {"hearing_on": str(civil_day(here.web.hands.at) + 14 * DAY),
                                            "hearing_place": "示范区政务服务中心三楼听证室"},
    "suspend": lambda here, case: {"reason": next(one for one in get_args(EXCLUDED) if one not in case.suspended_for),
                                   "planned": 5, "note": "送检样品"},
    "end_procedure": lambda here, case: {"reason": case.suspended_for.partition("、")[0] or "检验"},
    "ask_extension": lambda here, case: {"asked_days": 1, "note": "需实地核查"},
    "deliver": lambda here, case: {"delivery": "邮寄"},
}
JOINED = [Joined("APPLICATION", "/applications", begin, BODIES, rights, {"act": "claim"}, ("/papers",), (LIST, CLOSED))]
