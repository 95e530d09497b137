"""Ratings and corrections in the harnesses: an application was granted, rated 不满意, and is put right."""
from datetime import timedelta

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.ratings.correction_models import CorrectionView
from chalicelib.domains.ratings.models import RaterView, WatchView
from chalicelib.domains.ratings.signal_models import SignalView, WatchSignal
from tests.support.joining import MARKET_DESK, OWN, WATCH, Joined, Right, noted, plain
from tests.support.scenes.applications import start as applications
from tests.support.web import CLERK, HALL, HEAD, MARKET, RECTIFIER, REVIEWER

RATINGS, CORRECTIONS = "/ratings", "/corrections"
SIGNALS = "/signals"
ELSEWHERE = "rectifier-of-hall"            # to whom a correction may go that was redirected
MARKET_STAFF = MARKET_DESK | {"rectifier here", "rectifier-one"}
MARKET_FEEDBACK = {"rectifier here", "rectifier-one", "head market", "head-one"}


def granted(here):
    """Take an application to its end; return its id."""
    case = applications(here)[2]
    for who, act in ((CLERK, "accept"), (REVIEWER, "review"), (HEAD, "grant"), (HEAD, "close")):
        here.web.ok(who, "POST", f"/applications/{case}/acts", {"act": act})
    return case


def rated(here):
    """Take an application to its end; return the rating to which its applicant is invited."""
    here.web.react()
    before = set(here.rows("RATING"))
    granted(here)
    here.web.react()
    rating, = set(here.rows("RATING")) - before
    return rating


def corrected(here, **marks):
    """Rate it badly; return rating and correction."""
    rating, before = rated(here), set(here.rows("CORRECTION"))
    here.web.ok(here.citizen, "POST", f"{RATINGS}/{rating}/acts", {"act": "rate", "level": 2} | marks)
    here.web.react()
    correction, = set(here.rows("CORRECTION")) - before
    return rating, correction


def at_window(here):
    """Rate the window badly, without a name; return rating and correction."""
    before = {kind: set(here.rows(kind)) for kind in ("RATING", "CORRECTION")}
    code = here.web.ok(REVIEWER, "GET", f"{RATINGS}/window-code?window=3")
    here.web.ok(None, "POST", f"{RATINGS}/window", {**code, "level": 1, "words": "无人接待"})
    here.web.react()
    return [(set(here.rows(kind)) - there).pop() for kind, there in before.items()]


def signalled(here):
    """Rate the window a second after the question was shown; return the signal that this raises."""
    before = set(here.rows("SIGNAL"))
    code = here.web.ok(REVIEWER, "GET", f"{RATINGS}/window-code?window=3")
    shown = (here.web.hands.at - timedelta(seconds=1)).isoformat()
    here.web.ok(None, "POST", f"{RATINGS}/window", {**code, "level": 5, "shown_at": shown})
    here.web.react()
    signal, = set(here.rows("SIGNAL")) - before
    return signal


def start_signals(here):
    return [signalled(here)]


def rights_of_signals(here):
    return {"signal": (signalled(here), Right({SignalView: MARKET_STAFF, WatchSignal: WATCH}, "", frozenset(),
                                              "judge", {SIGNALS: MARKET_STAFF}))}


def start_ratings(here):
    return [rated(here), at_window(here)[0]]


def start_corrections(here):
    accounts().store.appoint(ELSEWHERE, "某*", [{"role": "rectifier", "unit": HALL, "area": HALL[:12]}])
    return [corrected(here)[1], at_window(here)[1]]


def rights_of_ratings(here):
    rating, _ = corrected(here, words="等候太久")
    anonymous, _ = at_window(here)
    views = {RaterView: OWN, WatchView: {"supervisor here"}}
    return {"rating": (rating, Right(views, "/words", frozenset(OWN | {"supervisor here"}), "window", {RATINGS: OWN})),
            "rating at a window": (anonymous, Right({WatchView: {"supervisor here"}}, "/words",
                                                    frozenset({"supervisor here"})))}


def rights_of_corrections(here):
    _, correction = corrected(here)
    here.web.ok(RECTIFIER, "POST", f"{CORRECTIONS}/{correction}/acts", {"act": "claim"})
    return {"correction": (correction, Right(
        {CorrectionView: MARKET_FEEDBACK | WATCH}, "/rating", frozenset({"rectifier-one", "supervisor here"}),
        "correct", {CORRECTIONS: MARKET_FEEDBACK}))}


def to_rectifier(here, case):
    return {"handler": ELSEWHERE if case.unit == HALL else RECTIFIER.person}


def in_area(town):
    """Somebody of the town rates badly what its market office granted."""
    town.apply(("clerk", "receive"), ("clerk", "accept"), ("reviewer", "review"), ("head", "grant"), ("head", "close"))
    town.web.react()
    row = next(row for row in town.web.ok(town.citizen, "GET", RATINGS)["items"] if row["unit"].endswith(".market"))
    town.web.ok(town.citizen, "POST", f"{RATINGS}/{row['id']}/acts", {"act": "rate", "level": 1, "words": "太慢"})


def in_town(town):
    """Somebody rates a window of the town's market office a moment after the question was shown."""
    code = town.web.ok(town.staff["reviewer"], "GET", f"{RATINGS}/window-code?window=3")
    town.web.ok(None, "POST", f"{RATINGS}/window", {**code, "level": 5, "shown_at": town.web.hands.at.isoformat()})


BODIES = {
    **dict.fromkeys(("contact", "miss_call", "annul", "uphold", "overrule", "send_back", "deny_extension"), noted),
    **dict.fromkeys(("claim", "admit", "admit_at_once", "approve_extension", "pass", "rework",
                     "close", "unpublish"), plain),
    **dict.fromkeys(("assign", "hand_over"), to_rectifier),
    "dispute": lambda here, case: {"judgement": ("mistaken", "not_ours")[case.version % 2], "note": "与事实不符"},
    "redirect": lambda here, case: {"unit": HALL if case.unit == MARKET else MARKET, "note": "由该单位办理"},
    "correct": lambda here, case: {"result": "corrected", "reply": "已致歉并补办"},
    "ask_extension": lambda here, case: {"asked_days": 5, "note": "需调取录像"},
    "publish": lambda here, case: {"text": "群众反映等候时间过长，现已增开窗口并公示等候时间。"},
    "call_back": lambda here, case: {"satisfied": case.reworked, "note": "已回访"},
}
RATE = {"rate": lambda here, case: {"level": 2, "tags": [202]}, "change": lambda here, case: {"level": 4},
        "annul": noted, "note_default": noted}
JOINED = [
    Joined("RATING", RATINGS, start_ratings, RATE, rights_of_ratings, {"act": "annul", "note": "有误"}, ("/words",),
           (RATINGS,), in_area),
    Joined("CORRECTION", CORRECTIONS, start_corrections, BODIES, rights_of_corrections,
           {"act": "annul", "note": "有误"}, ("/rating", "/reply"), (CORRECTIONS,)),
    Joined("SIGNAL", SIGNALS, start_signals, dict.fromkeys(("object", "uphold", "dismiss"), noted), rights_of_signals,
           {"act": "object", "note": "属实"}, (), (SIGNALS,), in_town)]
