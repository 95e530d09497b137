"""What is done to put a bad rating right, one method per use."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.deskwork import serving
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.lengthening import measured
from chalicelib.kernel.problems import Invalid, Missing, fault
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.vault import digest
from chalicelib.kernel.workflow import Key, Summary

from .correcting import CORRECTIONS, SUPERVISOR, standing
from .models import BAD, Behind, Correction, CorrectionView, Replied
from .service import Ratings, limits_of
from .store import LIMITS, CorrectionStore

TITLE, DISPUTED = "差评整改", "申诉复核"


@dataclass
class Corrections(Casework[Correction, CorrectionView]):
    """Treaties: `serves(person, unit)` and `known(unit)` of accounts. `ratings` are of this same domain."""

    store: CorrectionStore
    ratings: Ratings
    serves: Callable[[str, str], bool]
    known: Callable[[str], bool]

    workflow = CORRECTIONS

    def view(self, case: Summary, who: Actor) -> CorrectionView | None:
        shown = {name: value for name, value in dict(case).items() if name in CorrectionView.model_fields}
        return CorrectionView.model_construct(**shown) if standing(case, who) else None

    def limits(self, case: Correction) -> Mapping[str, Limit]:
        return limits_of(self.reference.rows(LIMITS, case.terms))

    def open(self, rating: str) -> None:
        """Open the correction of a bad rating: one per rating, however often it is told or changed."""
        said = self.ratings.store.get(rating)
        key = Key(digest("correct", rating, length=10), "RATING")
        case_id = self.store.id_for(SYSTEM.person, key)
        if said.level not in BAD or self.store.find(case_id):
            return
        at = self.clock()
        fields = {"area": said.area, "unit": said.unit, "title": TITLE, "opened_at": at, "rating": rating,
                  "level": said.level, "tags": said.tags, "rated": said.rated,
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
            case "redirect" if not self.known(details["unit"]) or details["unit"][:12] != case.area:
                raise Invalid("转交单位有误", errors=[fault("/unit", "unit", "本行政区域没有该单位")])
            case "ask_extension" | "approve_extension":
                measured(case, act, details, "correct")
            case "assign" | "hand_over":
                serving(self.serves, details, case.unit)
                if details["handler"] in case.rated:
                    raise Invalid("移交对象有误", errors=[fault("/handler", "handler", "被评价人员不得办理对其的差评")])
        return {}

    def behind(self, case_id: str, who: Actor) -> Behind:
        """Return who rated what, to who handles the correction and to the supervisor. Raise Missing to all others."""
        case = self._readable(case_id, who)
        if who.role != SUPERVISOR and (case.handler != who.person or who.person in case.rated):
            raise Missing("未找到该事项")
        said = self.ratings.store.get(case.rating)
        if said.hidden:
            return Behind(words=self.ratings.said(said))
        return Behind(words=self.ratings.said(said), person=said.person, party=said.party, source=said.source,
                      number=said.number, title=said.title)

    def reply(self, case_id: str, who: Actor) -> Replied:
        """Return what the unit answered. Raise Missing."""
        case = self._readable(case_id, who)
        if not case.reply:
            raise Missing("尚未答复")
        return Replied(result=case.result, reply=self.store.part(case_id, case.reply)["reply"])

    def judged(self, case_id: str, number: int) -> None:
        """Carry a judgement that a rating was mistaken or malicious over to the rating."""
        case = self.store.get(case_id)
        self.ratings.exclude(case.rating, case.judgement, Key(f"judged-{case_id[:16]}-{number}"))

    def desk_of(self, who: Actor) -> str:
        if who.role in ("supervisor", "auditor"):
            return f"{who.area}.supervision"
        return who.unit if who.role in ("rectifier", "head") else ""
