"""Hotline orders in the harnesses."""
from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.hotline.calls import CallsShown
from chalicelib.domains.hotline.views import CentreView, HolderView, UnitView, WatchView
from tests.support.joining import CENTRES, HEALTH_DESK, MARKET_DESK, OWN, WATCH, Joined, Right, noted, plain
from tests.support.town import AREA, HEALTH, HOTLINE, MARKET
from tests.support.web import CENTRE, REVIEWER

HANDLERS = {HOTLINE: CENTRE.person, MARKET: REVIEWER.person}
LIST, CLOSED = "/hotline/orders", "/hotline/orders/closed?month=2026-03"
WATCHED, HELPING = f"{LIST}?list=key", f"{LIST}?list=helping"
WORDS = {"title": "小区夜间施工噪音", "content": "连续三晚施工到凌晨两点", "place": "示范路1号"}
CALLER = {"name": "欧阳示例", "phone": "13912345678"}
TEXT = "已现场核查并责令整改"
READERS = {"head market", "head-one", "reviewer-one"}
"""Of a report in a unit: its head, and who took it up."""
SENT_BACK = {"act": "return", "reason": "not_ours", "basis": "三定方案第五条", "text": "施工噪音由另一部门负责",
             "suggested": HEALTH}


def order(here, category="help", **fields):
    """An order that the citizen of the scene registers."""
    body = {"area": AREA, "category": category, **WORDS, **fields}
    return here.web.ok(here.citizen, "POST", LIST, body)["case"]["id"]


def taken(here, **fields):
    """An order that the centre takes down."""
    return here.web.ok(CENTRE, "POST", f"{LIST}/desk", {"category": "help", **WORDS, **fields})["case"]["id"]


def act(here, case, who, act, **fields):
    return here.web.ok(who, "POST", f"{LIST}/{case}/acts", {"act": act, **fields})


def start(here):
    """An order of a caller that a unit helps with, one at the desk, an anonymous report; and one to merge them into."""
    here.main, helped = taken(here), taken(here, caller=CALLER)
    act(here, helped, CENTRE, "dispatch", unit=MARKET, co_units=[HEALTH])
    waiting = taken(here, caller=CALLER)
    answered_elsewhere(here, helped, waiting)
    return [helped, waiting, taken(here, category="report")]


def answered_elsewhere(here, *cases):
    """The orders are on the matter of another, which has been answered."""
    lead = order(here)
    act(here, lead, CENTRE, "answer", text=TEXT)
    for case in cases:
        here.web.ok(CENTRE, "POST", "/threads", {"lead": f"ORDER#{lead}", "other": f"ORDER#{case}"})
    here.web.react()


def rights(here):
    waiting, handled, hidden, moved, closed = order(here), order(here), order(here, "report"), order(here), order(here)
    helped = order(here)
    act(here, helped, CENTRE, "classify", category="help", urgency="critical")
    act(here, helped, CENTRE, "dispatch", unit=MARKET, co_units=[HEALTH])
    for case in (handled, hidden, moved, closed):
        act(here, case, CENTRE, "dispatch", unit=MARKET)
    for case in (handled, hidden, closed):
        act(here, case, REVIEWER, "sign")
    act(here, hidden, REVIEWER, "claim")
    here.web.ok(REVIEWER, "POST", f"{LIST}/{moved}/acts", SENT_BACK)
    act(here, moved, CENTRE, "dispatch", unit=HEALTH)
    act(here, closed, REVIEWER, "reply", told="电话", result="solved", text=TEXT)
    act(here, closed, CENTRE, "pass")
    act(here, closed, CENTRE, "call_back", satisfaction=5, solved=True)
    act(here, closed, CENTRE, "close")
    ours = {HolderView: OWN, CentreView: CENTRES}

    def right(views, units, clock, **listed):
        return Right({**ours, **views}, "/words", frozenset(OWN | CENTRES | units), clock,
                     {LIST: OWN | listed.get("desk", set()), CLOSED: listed.get("month", set()),
                      WATCHED: listed.get("watched", set()), HELPING: listed.get("helping", set())})
    both = {UnitView: MARKET_DESK, WatchView: WATCH}
    return {
        "order at the centre": (waiting, right({WatchView: WATCH}, set(), "dispatch", desk=CENTRES)),
        "order in a unit": (handled, right(both, MARKET_DESK, "reply", desk=MARKET_DESK)),
        "order of a hidden reporter": (hidden, right({WatchView: MARKET_DESK | WATCH}, READERS, "reply",
                                                     desk=MARKET_DESK)),
        "order that moved on": (moved, right({UnitView: MARKET_DESK | HEALTH_DESK, WatchView: WATCH},
                                             MARKET_DESK | HEALTH_DESK, "sign", desk=HEALTH_DESK)),
        "order that a unit helps with": (helped, right({UnitView: MARKET_DESK | HEALTH_DESK, WatchView: WATCH},
                                                       MARKET_DESK | HEALTH_DESK, "sign", desk=MARKET_DESK,
                                                       watched=MARKET_DESK | CENTRES, helping=HEALTH_DESK)),
        "order closed": (closed, right(both, MARKET_DESK, "callback", month=MARKET_DESK))}


def in_area(town):
    """An order of the town's citizen, dispatched, and one that the centre answered."""
    for unit in ("hotline", "market"):
        accounts().store.found_unit(town.area, f"{town.area}.{unit}", f"{town.area}{unit}")
    centre, made = town.staff["centre"], []
    for category in ("help", "report"):
        body = {"area": town.area, "category": category, **WORDS}
        made.append(town.web.ok(town.citizen, "POST", LIST, body)["case"]["id"])
    town.web.ok(centre, "POST", f"{LIST}/{made[0]}/acts", {"act": "dispatch", "unit": f"{town.area}.market"})
    town.web.ok(centre, "POST", f"{LIST}/{made[1]}/acts", {"act": "answer", "text": TEXT})


def to_market(here, case):
    return {"unit": MARKET}


def called_back(here, case):
    """Those orders that somebody took up end in a dissatisfied citizen."""
    return {"satisfaction": 1 if case.handler else 5, "solved": not case.handler}


def replied(here, case):
    """Those orders that somebody took up are shelved."""
    shelved = {"result": "shelved", "measures": "列入明年改造计划", "promised_on": f"{here.web.hands.at:%Y}-12-31"}
    return {"told": "电话", "text": TEXT, **(shelved if case.handler else {"result": "solved"})}


BODIES = {
    **dict.fromkeys(("answer", "answer_by_thread", "decline", "send_back", "rework", "report"),
                    lambda here, case: {"text": TEXT}),
    "invite": lambda here, case: {"co_units": [HEALTH]},
    "transfer": lambda here, case: {"line": "110", "number": "J20260302001"},
    "merge": lambda here, case: {"main": here.main},
    "link": lambda here, case: {"kind": "APPLICATION", "case_id": here.draft},
    **dict.fromkeys(("dispatch", "designate"), to_market),
    **dict.fromkeys(("assign", "hand_over"), lambda here, case: {"handler": HANDLERS[case.unit]}),
    **dict.fromkeys(("annul", "deny_extension", "unmerge", "circulate"), noted),
    **dict.fromkeys(("claim", "sign", "approve_extension", "pass", "shelve", "take_up", "miss", "close"), plain),
    "classify": lambda here, case: {"category": "report" if case.category == "report" else "help",
                                    "urgency": "ordinary"},
    "return": lambda here, case: {name: value for name, value in SENT_BACK.items() if name != "act"},
    "apply_law": lambda here, case: {"law": "《信访工作条例》第三十四条", "length": 60, "length_unit": "cd",
                                     "reason": "该诉求属于信访事项"},
    "ask_extension": lambda here, case: {"asked_days": 1, "note": "需现场核查"},
    "reply": replied,
    "call_back": called_back}
TELEPHONES = "/hotline/calls"
COUNTED = {"entered": 120, "answered": 118, "within": 110}


def counted(here, day="2026-03-01"):
    """A day of the centre's telephones."""
    return here.web.ok(CENTRE, "POST", TELEPHONES, {"day": day, **COUNTED})["case"]["id"]


def call_rights(here):
    readers = CENTRES | WATCH
    return {"day of the telephones": (counted(here), Right({CallsShown: readers}, listed={TELEPHONES: readers}))}


def day_in_area(town):
    """A day of the town's telephones."""
    town.web.ok(town.staff["centre"], "POST", TELEPHONES, {"day": "2026-03-01", **COUNTED})


JOINED = [Joined("ORDER", LIST, start, BODIES, rights, {"act": "claim"}, ("/words",),
                 (LIST, CLOSED, WATCHED, HELPING), in_area),
          Joined("CALLS", TELEPHONES, lambda here: [counted(here)], {"correct": lambda here, case: {
              **COUNTED, "note": "交换机补录"}}, call_rights, {"act": "correct", "note": "补录", **COUNTED}, (),
                 (TELEPHONES,), day_in_area)]
