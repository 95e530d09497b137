"""A small town to test in: two areas, offices, a clock that a test moves, the published calendar and limits."""
import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from chalicelib.domains.applications.offers import Offer
from chalicelib.domains.applications.service import Applications
from chalicelib.domains.applications.store import LIMITS, ApplicationStore
from chalicelib.domains.hotline.service import Hotline
from chalicelib.domains.hotline.spots import Spots
from chalicelib.domains.hotline.store import OrderStore
from chalicelib.domains.ratings.store import CHANNELS, NODES, SIGNS, TAGS
from chalicelib.domains.ratings.store import LIMITS as RATING_LIMITS
from chalicelib.kernel.calendar import Notice
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import Actor, Level
from chalicelib.kernel.problems import Missing
from chalicelib.kernel.record import Key
from chalicelib.kernel.reference import NATION, Reference
from chalicelib.kernel.table import Table
from chalicelib.kernel.views import Answer

SEEDS = Path(__file__).parents[2] / "seeds"
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)       # 10:00 in Shanghai, a working day
AREA, OTHER_AREA = "430199000000", "430198000000"
HALL, MARKET, HEALTH, HOTLINE = f"{AREA}.hall", f"{AREA}.market", f"{AREA}.health", f"{AREA}.hotline"
ITEM = "12430199MB0000000X3440131001000"
NOTICES = [Notice.model_validate(one) for one in json.loads((SEEDS / "calendar.json").read_text("utf-8"))]
ROWS = json.loads((SEEDS / "limits.json").read_text("utf-8"))
ORDER_ROWS = json.loads((SEEDS / "hotline-limits.json").read_text("utf-8"))
numbers = count()


def actor(role, unit="", person=None, area=AREA, level=Level.NONE, mandate=None):
    """An actor; the person is named after the office unless said otherwise."""
    return Actor(person=person or f"{role}-{unit[-6:]}", role=role, unit=unit, area="" if role == "citizen" else area,
                 level=level, mandate=mandate)


CITIZEN = actor("citizen", person="p-zhang", level=Level.REAL_NAME)
STRANGER = actor("citizen", person="p-other", level=Level.REAL_NAME)
CLERK, CLERK2 = actor("clerk", HALL), actor("clerk", HALL, "clerk-two")
REVIEWER, REVIEWER2, HEAD = actor("reviewer", MARKET), actor("reviewer", MARKET, "reviewer-two"), actor("head", MARKET)
SUPERVISOR = actor("supervisor", f"{AREA}.supervision")


class Hands:
    """A clock that a test moves."""

    def __init__(self, at=MONDAY):
        self.at = at

    def __call__(self):
        return self.at

    def move(self, **span):
        self.at += timedelta(**span)

    def to(self, day, hour=10):
        """Go to an hour of a day (`2026-03-10`) in Shanghai."""
        self.at = datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC)


def key(digest="d"):
    """A fresh Idempotency-Key."""
    return Key(f"key{next(numbers):07d}", digest)


def offer(area=AREA, code=ITEM, version=0, **changes):
    """What a catalogue would say of the town's one item. Raise Missing for any other."""
    if code != ITEM:
        raise Missing("未找到该事项")
    return Offer(**{"area": area, "code": code, "version": version or 3, "name": "食品经营许可",
                    "department": f"{area}.market", "hall": f"{area}.hall",
                    "statutory": Limit.model_validate("20wd@XKF42"), "promised": Limit.model_validate("10wd@XKF42"),
                    "level": Level.REAL_NAME, "published": True,
                    "checklist": {"M1": True, "M2": True, "M3": False},
                    "names": {"M1": "申请书", "M2": "营业执照", "M3": "平面图"}} | changes)


def publish_basics(clock):
    """Enter the calendar and the limits; return the Reference."""
    reference = Reference(Table("yiciban-test-reference"), clock)
    for notice in NOTICES[-3:]:
        reference.announce(notice)
    reference.publish(LIMITS, NATION, "1", ROWS, datetime(2004, 1, 1, tzinfo=UTC).date())
    publish_hotline(reference)
    publish_supervision(reference)
    return reference


def publish_supervision(reference):
    """Enter the rule table, the limits of cards, and the thresholds."""
    for name in ("SUPERVISION-RULES", "SUPERVISION-LIMITS", "THRESHOLDS"):
        reference.publish(name, NATION, "1", json.loads((SEEDS / f"{name.lower()}.json").read_text("utf-8")),
                          datetime(2004, 1, 1, tzinfo=UTC).date())
    reference.publish("DISPATCH-SLOTS", NATION, "1", [
        {"area": area, "hours": ["09:00", "11:00", "15:00", "17:00"]} for area in (AREA, OTHER_AREA)],
        datetime(2004, 1, 1, tzinfo=UTC).date())


def publish_hotline(reference):
    """Enter the limits, channels, words and duties of the hotline, and the limits of its knowledge base."""
    for name in ("HOTLINE-LIMITS", "HOTLINE-CHANNELS", "HOTLINE-WORDS", "HOTLINE-DUTIES", "KNOWLEDGE-LIMITS"):
        reference.publish(name, NATION, "1", json.loads((SEEDS / f"{name.lower()}.json").read_text("utf-8")),
                          datetime(2004, 1, 1, tzinfo=UTC).date())


def publish_complaints(reference):
    """Enter the limits, causes and remedies of complaints."""
    for name in ("COMPLAINT-LIMITS", "COMPLAINT-CAUSES", "COMPLAINT-REMEDIES"):
        reference.publish(name, NATION, "1", json.loads((SEEDS / f"{name.lower()}.json").read_text("utf-8")),
                          datetime(2004, 1, 1, tzinfo=UTC).date())


def publish_ratings(reference):
    """Enter what is published of ratings: limits, tags, nodes, channels."""
    for name in (RATING_LIMITS, TAGS, NODES, CHANNELS, SIGNS):
        reference.publish(name, NATION, "1", json.loads((SEEDS / f"{name.lower()}.json").read_text("utf-8")),
                          datetime(2004, 1, 1, tzinfo=UTC).date())


def applications(clock, reference, **treaties):
    """The applications of the town; every file `m...` is stored, `x...` is not."""
    return Applications(ApplicationStore(Table("yiciban-test-cases")), reference, clock, **{
        "offer": offer, "unstored": lambda person, given: [one for one, file in given.items() if file[0] == "x"],
        "party": lambda person: "张*", "serves": lambda person, unit: person.startswith(("reviewer", "clerk", "head")),
        "numbered": lambda unit, act, day: f"示范区市场监督管理局〔{day.year}〕特{next(numbers):04d}号",
    } | treaties)


def hotline(clock, reference, **treaties):
    """The hotline of the town; a caller is the person `c-<phone>`."""
    return Hotline(OrderStore(Table("yiciban-test-cases")), reference, clock, **{
        "party": lambda person: "张*", "caller": lambda name, phone: (f"c-{phone}", f"{name[0]}*"),
        "known_as": lambda person: f"as-{person}",
        "serves": lambda person, unit: person.startswith(("reviewer", "centre", "head")),
        "known": lambda unit: unit.partition(".")[2] in ("hotline", "market", "health"),
        "phone": lambda person, reason, case, who, key: Answer("13800001234"),
        "unreadable": lambda files, who, hidden: [one for one in files if one[0] == "x"],
        "edition": lambda article, area: 1, "there": lambda kind, case_id, area: True,
        "told_in_thread": lambda member, who: False,
        "spots": Spots(Table("yiciban-test-figures"))} | treaties)
