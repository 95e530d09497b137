"""What is done to put a bad rating right, one method per use."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cases import DESK
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import SYSTEM, Actor, area_of
from chalicelib.kernel.lengthening import measured
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused, fault
from chalicelib.kernel.reading import no_list
from chalicelib.kernel.record import Event, Key, Summary
from chalicelib.kernel.table import TABLE, Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.views import Entry, Found, Row, shown

from .correction_models import Behind, Correction, CorrectionView, Published, Replied
from .correction_workflow import CLOSED, CORRECTIONS, HEAD, RECTIFIER, SUPERVISOR, standing
from .models import BAD, Rating
from .service import Ratings, limits_of, numbers_of
from .store import LIMITS, CorrectionStore, PublishedStore

TITLE, DISPUTED = "差评整改", "申诉复核"
WATCHERS = ("supervisor", "auditor")
HANDLING, AT_WINDOW = (RECTIFIER, HEAD, SUPERVISOR), ("clerk", "reviewer")
"""Who has a hand in a correction; who may have been at a window."""


@dataclass
class Corrections(Casework[Correction, CorrectionView]):
    """Treaties: `serves(person, unit)`, `offices(person)`, `known(unit)`, `identity(person)` (name, number, phone in
    clear) of accounts; `unfit(text)` of disclosure: what of a text may not be made public. `ratings` are of this same
    domain.
    """

    store: CorrectionStore
    ratings: Ratings
    serves: Callable[[str, str], bool]
    offices: Callable[[str], list[dict[str, str]]]
    known: Callable[[str], bool]
    identity: Callable[[str], Mapping[str, str]]
    unfit: Callable[[str], list[str]]
    published: PublishedStore

    workflow = CORRECTIONS

    def view(self, case: Summary, who: Actor) -> CorrectionView | None:
        return shown(CorrectionView, case) if standing(case, who) else None

    def limits(self, case: Correction) -> Mapping[str, Limit]:
        return limits_of(self.reference.completed(LIMITS, case.terms))

    def facts(self, case: Correction, who: Actor, at: datetime) -> Mapping[str, Any]:
        """Return after how many calls, on how many days, a rater counts as out of reach; how long and how
        often the unit may be at it; whether who acts may be meant
        by a rating that names nobody.
        """
        numbers = numbers_of(self.reference.completed(LIMITS, case.terms))
        return {**{name: numbers[name] for name in ("calls", "days", "cap", "returns")},
                "at_window": who.role in HANDLING and self._at_window(case, who.person)}

    def _at_window(self, case: Correction, person: str) -> bool:
        """Say whether a person may have been at the place rated: nobody is named, and they serve the public there."""
        return not case.rated and any(one["unit"] == case.unit and one["role"] in AT_WINDOW
                                      for one in self.offices(person))

    def _meant(self, case: Correction, person: str) -> bool:
        return person in case.rated or self._at_window(case, person)

    def entry(self, event: Event, who: Actor, case: Correction) -> Entry:
        """Return a line of the timeline; who was rated reads no notes, which may name the rater."""
        line = super().entry(event, who, case)
        return line.model_copy(update={"note": ""}) if line.note and self._meant(case, who.person) else line

    def follow(self, rating: str) -> None:
        """Let the correction follow what was said: opened when it is bad, of another level when that was changed.

        One per rating, however often it is told; a second only where a change makes it bad after the first was closed.
        """
        said = self.ratings.store.get(rating)
        first, second = self.store.keys_of(rating)
        there = self._made(first)
        if there and there.state in CLOSED and said.changed:
            first, there = second, self._made(second)
        if there is None and said.level in BAD:
            self._open(rating, said, first)
        elif there and there.state not in CLOSED and (there.level, there.tags) != (said.level, said.tags):
            self._refresh(there, said)

    def _made(self, key: Key) -> Correction | None:
        return self.store.find(self.store.id_for(SYSTEM.person, key))

    def _refresh(self, case: Correction, said: Rating) -> None:
        now = self.occasion(case, SYSTEM)
        now = replace(now, facts={**now.facts, "changed": True})
        key = Key(f"refresh-{case.id[:16]}-{said.version}")
        details = {"level": said.level, "tags": said.tags}
        self.store.save(self.workflow.advance(case, "refresh", now, details, key), key)

    def _open(self, rating: str, said: Rating, key: Key) -> None:
        case_id = self.store.id_for(SYSTEM.person, key)
        at = self.clock()
        fields = {"area": said.area, "unit": said.unit, "title": TITLE, "opened_at": at, "rating": rating,
                  "level": said.level, "tags": said.tags, "rated": said.rated,
                  "inspected_by": said.inspected_by,
                  "anonymous": said.anonymous or said.hidden,
                  "terms": self.reference.in_force(LIMITS, said.area, civil_day(at))}
        blank = Correction(id=case_id, **fields)
        fields["number"] = self.store.next_number(said.area, "CP", f"{civil_day(at):%Y%m%d}", "A")
        self.store.create(self.workflow.advance(blank, "open", self.occasion(blank, SYSTEM), fields, key), key)

    def prepare(self, case: Correction, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Complete what an act needs: the answer as a part, the reason of a pause, the days. Raise Invalid."""
        match act:
            case "correct":
                reply, details["reply"] = details.pop("reply"), f"REPLY#{case.version + 1:06d}"
                return {details["reply"]: {"reply": reply}}
            case "dispute":
                details["reason"] = DISPUTED
            case "redirect" if details["unit"] == case.unit:
                raise Invalid("转交单位有误", errors=[fault("/unit", "unit", "该整改已由该单位办理")])
            case "redirect" if not self.known(details["unit"]) or details["unit"][:12] != case.area:
                raise Invalid("转交单位有误", errors=[fault("/unit", "unit", "本行政区域没有该单位")])
            case "ask_extension" | "approve_extension":
                measured(case, act, details, "correct")
            case "publish":
                self._publishable(case, details["text"])
            case "assign" | "hand_over":
                serving(self.serves, details, case.unit)
                if self._meant(case, details["handler"]):
                    raise Invalid("移交对象有误", errors=[fault("/handler", "handler", "须为未参与原事项办理的人员")])
        return {}

    def behind(self, case_id: str, who: Actor) -> Behind:
        """Return who rated what, to who handles the correction and to the supervisor.

        Raise Refused to a rectifier of the unit who could claim it, Forbidden where another has; Missing to all others.
        """
        case = self._readable(case_id, who)
        if self._meant(case, who.person) or who.role not in (SUPERVISOR, RECTIFIER) and who.person != case.handler:
            raise Missing("未找到该事项")
        if who.role != SUPERVISOR and who.person != case.handler:
            if case.handler:
                raise Forbidden("评价内容只有承办该整改的人员可以查看")
            raise Refused("请先认领该整改，再查看评价内容", code="claim-first")
        said = self.ratings.store.get(case.rating)
        if said.hidden:
            return Behind(words=self.ratings.said(said))
        return Behind(words=self.ratings.said(said), person=said.person, party=said.party, source=said.source,
                      number=said.number, title=said.title)

    def reply(self, case_id: str, who: Actor) -> Replied:
        """Return what the unit answered. Raise Missing."""
        case = self._readable(case_id, who)
        if not case.reply or self._meant(case, who.person):
            raise Missing("尚未答复，或不便查看")
        return Replied(result=case.result, reply=self.said(case))

    def said(self, case: Correction) -> str:
        return str(self.store.part(case.id, case.reply)["reply"]) if case.reply else ""

    def of_rating(self, rating: str) -> Correction | None:
        """Return the correction of a rating, the later of two; None where it never was bad."""
        first, second = self.store.keys_of(rating)
        return self._made(second) or self._made(first)

    def judged(self, case_id: str, number: int) -> None:
        """Carry a judgement that a rating was mistaken or malicious over to the rating."""
        case = self.store.get(case_id)
        self.ratings.exclude(case.rating, case.judgement, Key(f"judged-{case_id[:16]}-{number}"))

    def of_unit(self, unit: str, who: Actor, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of the bad ratings on a unit's desk, to who watches over its area. Raise Missing, Forbidden."""
        if who.role not in WATCHERS:
            raise no_list()
        if area_of(unit) != who.area:
            raise Missing("未找到该单位")
        return self.listed(DESK, unit, who, limit, cursor, newest_first=False)

    def show(self, case_id: str) -> None:
        """Let the public read a representative bad rating, or no longer: what the case says in the end holds."""
        while True:
            case = self.store.get(case_id)
            self.published.put(case, self.ratings.office(case.unit))
            if self.store.get(case_id).version == case.version:
                return

    def shown(self, area: str, limit: int, cursor: str | None) -> Found[Published]:
        """Return a page of what was made public in an area, the last rated first. Raise Malformed."""
        at, bound = self.clock(), f"published|{area}"
        page = self.published.page(area, limit, open_cursor(cursor, bound, at))
        items = [Published.model_validate(item) for item in page.items]
        return Found(items=items, cursor=seal_cursor(page.last, TABLE, bound, at), as_of=at)

    def _publishable(self, case: Correction, text: str) -> None:
        """Raise Invalid where a text names a person, or the case that was rated."""
        said = self.ratings.store.get(case.rating)
        names = [said.number, *(self.identity(said.person).values() if said.person else ())]
        faults = self.unfit(text) + ["含有评价人或者办件的信息"] * any(name and name in text for name in names)
        if faults:
            raise Invalid("公开内容有误", errors=[fault("/text", "personal", words) for words in faults])

    def desk_of(self, who: Actor) -> str:
        if who.role in WATCHERS:
            return f"{who.area}.supervision"
        return who.unit if who.role in ("rectifier", "head") else ""
