"""What is done with ratings, one method per use."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.erasure import let_go
from chalicelib.kernel.identity import NATION, SYSTEM, Actor
from chalicelib.kernel.observe import count
from chalicelib.kernel.problems import Invalid, Problem, fault
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import shown

from .models import TELEPHONE, Given, RaterView, Rating, RatingSeen, Said, WatchView, sort_of
from .nodes import FIRST_VISIT, node_of
from .store import LIMITS, NODES, TAGS, RatingStore
from .workflow import CENTRE, RATINGS, standing

SERVED = ("person", "party", "area", "unit", "item", "number", "title", "hidden", "called")


@dataclass
class Ratings(Casework[Rating, RatingSeen]):
    """Treaties, by kind of case that ends: `served[kind](id)` of applications and the hotline says what was done, for
    whom, by whom: SERVED, `staff` (ids of the officials), `called` (that person cannot sign in). Of accounts:
    `office(unit)` is the unit's name, `serves(person, unit)` whether they hold an office in it.
    """

    store: RatingStore
    served: Mapping[str, Callable[[str], Mapping[str, Any]]]
    office: Callable[[str], str]
    serves: Callable[[str, str], bool]

    workflow = RATINGS

    def view(self, case: Summary, who: Actor) -> RatingSeen | None:
        models: dict[str, type[RaterView]] = {"rater": RaterView, "supervisor": WatchView}
        if (model := models.get(standing(case, who))) is None:
            return None
        hidden = {"person": "", "party": ""} if model is WatchView and isinstance(case, Rating) and case.hidden else {}
        sort = {"sort": sort_of(case)} if isinstance(case, Rating) else {}
        return shown(model, case, **hidden, **sort)

    def limits(self, case: Rating) -> Mapping[str, Limit]:
        return limits_of(self.reference.completed(LIMITS, case.terms)) if case.terms else {}

    def facts(self, case: Rating, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return whether somebody serves in the unit that is rated: of those alone who may rate, or take that down."""
        if who.role not in ("citizen", CENTRE) or case.state not in ("invited", "rated"):
            return {}
        return {"of_unit": any(self.serves(person, case.unit)
                               for person in {who.person, who.principal, case.person} - {""})}

    def invite(self, kind: str, case_id: str, act: str, area: str) -> None:
        """Offer the rating of a service that came to a node which its area asks for: once per case and node.

        Nothing where nobody is known who could rate it. Who cannot sign in says it to a seat that calls.
        """
        at = self.clock()
        rows = self.reference.completed(NODES, self.reference.in_force(NODES, area, civil_day(at)))
        if (node := node_of(rows, kind, act)) is None:
            return
        done, key = self.served[kind](case_id), key_of(kind, case_id, "" if node["last"] else node["name"])
        rating = self.store.id_for(SYSTEM.person, key)
        if not done["person"] or self.store.find(rating):
            return
        fields = self.asking(done, at) | {"source": f"{kind}#{case_id}", "sort": "case", "node": node["name"],
                                          "service_number": node["number"]}
        blank = Rating(id=rating, **fields)
        self.store.create(self.workflow.advance(blank, "invite", self.occasion(blank, SYSTEM), fields, key), key)

    def asking(self, done: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        """Return the fields of a rating that is asked for, of what was done."""
        return {name: done[name] for name in SERVED} | {
            "rated": tuple(done["staff"]), "opened_at": at,
            "terms": self.reference.in_force(LIMITS, done["area"], civil_day(at))}

    def forget(self, kind: str, case_id: str) -> None:
        """Let the ratings of a service whose time of keeping is over name nobody, unless a hold keeps them."""
        version = self.reference.in_force(NODES, NATION, civil_day(self.clock()))
        nodes = {"", *(row["name"] for row in self.reference.rows(NODES, version) if row["kind"] == kind)}
        visits = self.store.visits(f"{kind}#{case_id}")
        for rating in (*(self.store.id_for(SYSTEM.person, key_of(kind, case_id, node)) for node in sorted(nodes)),
                       *visits):
            if self.store.find(rating) and let_go(self, rating):
                self.store.drop_visit(f"{kind}#{case_id}", rating)

    def prepare(self, case: Rating, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """The words are a part of their own; the tags must be those in force; a change comes on the channel of the
        rating, by which the province knows it. Raise Invalid.
        """
        if act not in ("rate", "change"):
            return {}
        if act == "change":
            details["channel"] = case.channel
        self.trace(details, now.at)
        return self.words_of(details, sort_of(case), case.version + 1)

    def take_down(self, case: Rating, given: Given, who: Actor, key: Key) -> None:
        """Rate as the rater says on the telephone, once per key; whoever takes it down is shown nothing of the rating.

        Raise Refused, Forbidden, Invalid, Conflict, Stale, Busy: then nothing is written.
        """
        if self._done(case, key):
            return
        details = given.model_dump(include=set(Given.model_fields), exclude_unset=True) | {"channel": TELEPHONE}
        try:
            now = self.occasion(case := self._settled(case), who)
            self.workflow.rule(case, "rate", now)
            parts = self.prepare(case, "rate", details, now)
            self.store.save(self.workflow.advance(case, "rate", now, details, key), key, parts)
        except Problem as problem:
            count("Refusals", kind=self.store.kind, code=problem.kind)
            raise

    def asked_of(self, kind: str, case_id: str, area: str, number: int | None) -> Rating | None:
        """Return the rating that was asked of a case's service: of its end where no `number` is named."""
        version = self.reference.in_force(NODES, NATION, civil_day(self.clock()))
        keys = [key_of(kind, case_id, "" if row["last"] else row["name"]) for row in self.reference.rows(NODES, version)
                if row["kind"] == kind and (row["last"] or number is not None)]
        ids = [self.store.id_for(SYSTEM.person, key) for key in keys]
        if number is not None and number > FIRST_VISIT:
            ids = self.store.visits(f"{kind}#{case_id}")
        return next((one for one in map(self.store.find, ids)
                     if one and one.area == area and number in (None, one.service_number)), None)

    def words(self, case_id: str, who: Actor) -> Said:
        """Return what the rater wrote, to the rater and the supervisor. Raise Missing."""
        case = self._readable(case_id, who)
        return Said(words=self.said(case))

    def said(self, case: Rating) -> str:
        return str(self.store.part(case.id, case.words)["words"]) if case.words else ""

    def exclude(self, case_id: str, judgement: str, key: Key) -> None:
        """Keep a rating out of the scores that was found mistaken, malicious or gamed. Twice changes nothing."""
        case = self.store.get(case_id)
        now = replace(self.occasion(case, SYSTEM), facts={"judged": True})
        if case.state == "rated" and not case.excluded:
            self.store.save(self.workflow.advance(case, "exclude", now, {"excluded": judgement}, key), key)

    def trace(self, details: dict[str, Any], at: datetime) -> None:
        """Turn where a rating came from into digests bound to the day, and how long the question was shown: not known
        where the rater's own clock is ahead of ours.
        """
        day, shown = civil_day(at).isoformat(), details.pop("shown_at", None)
        given = {"address": details.pop("source", ""), "device": details.pop("device", "")}
        details["traces"] = tuple(f"{sort}:{digest('rating trace', sort, value, day, length=16)}"
                                  for sort, value in given.items() if value)
        details["seconds"] = int((at - shown).total_seconds()) if shown and shown <= at else None

    def words_of(self, details: dict[str, Any], sort: str, number: int) -> dict[str, Item]:
        """Turn words into the part that holds them. A change without words keeps those before; tags go with the level.
        """
        tags = {row["code"] for row in self.tags("" if sort == "case" else "offline")}
        details["tags"] = details.get("tags", ())
        if unknown := [tag for tag in details["tags"] if tag not in tags]:
            raise Invalid("评价标签有误", errors=[fault("/tags", "unknown", f"没有标签{unknown[0]}")])
        if "words" not in details:
            return {}
        words = details["words"]
        details["words"] = f"WORDS#{number:06d}" if words else ""
        return {details["words"]: {"words": words}} if words else {}

    def tags(self, side: str = "") -> list[dict[str, Any]]:
        """Return the tags that hold today: the nation's, which no area may change; of one `side`, if any."""
        today = civil_day(self.clock())
        rows = self.reference.rows(TAGS, self.reference.in_force(TAGS, NATION, today))
        return [row for row in rows if holds(row, today) and (not side or row.get("side", side) == side)]


def holds(row: Mapping[str, Any], on: date) -> bool:
    return bool(row["valid_from"] <= on.isoformat() <= row["valid_to"])


def key_of(kind: str, case_id: str, node: str = "") -> Key:
    """Return the key under which the rating of a service is created; `node`: of one before the last."""
    return Key(digest("invite", kind, case_id, *([node] if node else []), length=10), kind)


def limits_of(rows: list[dict[str, Any]]) -> dict[str, Limit]:
    return {row["name"]: Limit.model_validate(row["limit"]) for row in rows if "limit" in row}


def numbers_of(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return the configured numbers among the limits: how many calls on how many days, how many ratings an address."""
    return {row["name"]: row["number"] for row in rows if "number" in row}
