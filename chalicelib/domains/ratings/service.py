"""What is done with ratings, one method per use."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.erasure import let_go
from chalicelib.kernel.identity import NOBODY, SYSTEM, Actor, area_of
from chalicelib.kernel.problems import Forbidden, Invalid, fault
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.vault import digest

from .models import QR, AtWindow, RaterView, Rating, RatingSeen, Received, Said, WatchView, WindowCode
from .store import LIMITS, TAGS, RatingStore
from .workflow import RATINGS, standing

SERVED = ("person", "party", "area", "unit", "item", "number", "title", "hidden")
POSTS = ("clerk", "reviewer", "head")      # who may ask for the code that hangs at a window of their unit


@dataclass
class Ratings(Casework[Rating, RatingSeen]):
    """Treaties, by kind of case that ends: `served[kind](id)` of applications and the hotline says what was done, for
    whom, by whom: SERVED, `staff` (ids of the officials), `reachable` (whether that person can sign in). `office(unit)`
    of accounts: the unit's name.
    """

    store: RatingStore
    served: Mapping[str, Callable[[str], Mapping[str, Any]]]
    office: Callable[[str], str]

    workflow = RATINGS

    def view(self, case: Summary, who: Actor) -> RatingSeen | None:
        models: dict[str, type[RaterView]] = {"rater": RaterView, "supervisor": WatchView}
        if (model := models.get(standing(case, who))) is None:
            return None
        shown = {name: value for name, value in dict(case).items() if name in model.model_fields}
        hidden = {"person": "", "party": ""} if model is WatchView and isinstance(case, Rating) and case.hidden else {}
        return model.model_construct(**shown | hidden)

    def limits(self, case: Rating) -> Mapping[str, Limit]:
        return limits_of(self.reference.completed(LIMITS, case.terms)) if case.terms else {}

    def invite(self, kind: str, case_id: str) -> None:
        """Offer the rating of a service that ended: once per case; nothing where nobody can sign in to rate it."""
        done = self.served[kind](case_id)
        key = key_of(kind, case_id)
        rating = self.store.id_for(SYSTEM.person, key)
        if not done["reachable"] or self.store.find(rating):
            return
        at = self.clock()
        fields = {name: done[name] for name in SERVED} | {
            "rated": tuple(done["staff"]), "source": f"{kind}#{case_id}", "opened_at": at,
            "terms": self.reference.in_force(LIMITS, done["area"], civil_day(at))}
        blank = Rating(id=rating, **fields)
        self.store.create(self.workflow.advance(blank, "invite", self.occasion(blank, SYSTEM), fields, key), key)

    def forget(self, kind: str, case_id: str) -> None:
        """Let the rating of a service whose time of keeping is over name nobody, unless a hold keeps it."""
        rating = self.store.id_for(SYSTEM.person, key_of(kind, case_id))
        if self.store.find(rating):
            let_go(self, rating)

    def rate_at_window(self, body: AtWindow, source: str, key: Key) -> Received:
        """Take down what somebody says at a window, without a name. Raise Invalid, Conflict."""
        if body.code != window_code(body.unit, body.window):
            raise Invalid("窗口二维码无效", errors=[fault("/code", "code", "请重新扫描窗口的二维码")])
        area, at = area_of(body.unit), self.clock()
        details: dict[str, Any] = {"level": body.level, "tags": body.tags, "words": body.words}
        parts = self._words(details, area, 1)
        fields = details | {"area": area, "unit": body.unit, "title": f"{self.office(body.unit)}{body.window}号窗口",
                            "window": body.window, "channel": QR, "anonymous": True, "opened_at": at}
        blank = Rating(id=self.store.id_for(source, key), area=area, opened_at=at)
        step = self.workflow.advance(blank, "rate_at_window", self.occasion(blank, NOBODY), fields, key)
        self.store.create(step, key, parts)
        return Received()

    def most_per_address(self, area: str) -> int:
        """Return how many ratings at windows one address may give in a day."""
        terms = self.reference.in_force(LIMITS, area, civil_day(self.clock()))
        return numbers_of(self.reference.completed(LIMITS, terms))["per_address"]

    def code(self, window: str, who: Actor) -> WindowCode:
        """Return what the code at a window of one's unit says. Raise Forbidden."""
        if who.role not in POSTS:
            raise Forbidden("窗口评价码由窗口所属单位的工作人员打印")
        return WindowCode(unit=who.unit, window=window, code=window_code(who.unit, window))

    def prepare(self, case: Rating, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """The words are a part of their own; the tags must be those in force. Raise Invalid."""
        return self._words(details, case.area, case.version + 1) if act in ("rate", "change") else {}

    def words(self, case_id: str, who: Actor) -> Said:
        """Return what the rater wrote, to the rater and the supervisor. Raise Missing."""
        case = self._readable(case_id, who)
        return Said(words=self.said(case))

    def said(self, case: Rating) -> str:
        return str(self.store.part(case.id, case.words)["words"]) if case.words else ""

    def exclude(self, case_id: str, judgement: str, key: Key) -> None:
        """Keep a rating that a supervisor found mistaken or malicious out of the scores. Twice changes nothing."""
        case = self.store.get(case_id)
        now = replace(self.occasion(case, SYSTEM), facts={"judged": True})
        if case.state == "rated" and not case.excluded:
            self.store.save(self.workflow.advance(case, "exclude", now, {"excluded": judgement}, key), key)

    def _words(self, details: dict[str, Any], area: str, number: int) -> dict[str, Item]:
        """Turn words into the part that holds them. A change without words keeps those before; tags go with the level.
        """
        tags = {row["code"] for row in self.tags(area)}
        details["tags"] = details.get("tags", ())
        if unknown := [tag for tag in details["tags"] if tag not in tags]:
            raise Invalid("评价标签有误", errors=[fault("/tags", "unknown", f"没有标签{unknown[0]}")])
        if "words" not in details:
            return {}
        words = details["words"]
        details["words"] = f"WORDS#{number:06d}" if words else ""
        return {details["words"]: {"words": words}} if words else {}

    def tags(self, area: str) -> list[dict[str, Any]]:
        """Return the tags in force in an area: code (level × 100 and a number) and word."""
        return self.reference.rows(TAGS, self.reference.in_force(TAGS, area, civil_day(self.clock())))


def key_of(kind: str, case_id: str) -> Key:
    """Return the key under which the rating of a service is created."""
    return Key(digest("invite", kind, case_id, length=10), kind)


def limits_of(rows: list[dict[str, Any]]) -> dict[str, Limit]:
    return {row["name"]: Limit.model_validate(row["limit"]) for row in rows if "limit" in row}


def numbers_of(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return the configured numbers among the limits: how many calls on how many days, how many ratings an address."""
    return {row["name"]: row["number"] for row in rows if "number" in row}


def window_code(unit: str, window: str) -> str:
    """Return the code that follows from unit and window, and that nobody else can make."""
    return digest("rating window", unit, window, length=8)
