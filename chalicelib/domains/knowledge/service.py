"""What is done with articles of the knowledge base, one method per use."""
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit, Unit
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, fault
from chalicelib.kernel.record import Key, Summary
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.views import Answer, File, shown

from .models import Article, Hits, Read, Shown, Wording
from .store import LIMITS, ArticleStore
from .workflow import AUTHORS, KNOWLEDGE, standing


def part_of(number: int) -> str:
    return f"TEXT#{number:06d}"


@dataclass
class Knowledge(Casework[Article, Shown]):
    """The knowledge base of every area."""

    store: ArticleStore

    workflow = KNOWLEDGE

    def view(self, case: Summary, who: Actor) -> Shown | None:
        return shown(Shown, case) if standing(case, who) else None

    def desk_of(self, who: Actor) -> str:
        return who.unit if who.role in AUTHORS else ""

    def draft(self, body: Wording, who: Actor, key: Key) -> Answer[File[Shown]]:
        """Propose an article in the name of one's unit. Raise Forbidden, Invalid, Conflict."""
        case_id = self.store.id_for(who.person, key)
        if there := self.earlier(case_id, key, who):
            return there
        self._ahead(body.valid_until)
        fields = {"area": who.area, "unit": who.unit, "title": body.title, "opened_at": self.clock(), "text": 1,
                  "pending": True, "drafter": who.person}
        return self.opened(Article(id=case_id, **fields), "draft", who, key, fields, {part_of(1): wording(body)})

    def prepare(self, case: Article, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """A wording is a part; what is approved says what the article is called from now on."""
        if act == "revise":
            body = Wording.model_validate({name: details.pop(name) for name in Wording.model_fields if name in details})
            self._ahead(body.valid_until)
            details |= {"text": case.version + 1, "pending": True, "drafter": now.who.person}
            return {part_of(details["text"]): wording(body)}
        if act == "approve":
            if details.pop("wording") != case.text:
                raise Invalid("审核的内容有误", errors=[
                    fault("/wording", "changed", "内容已修订或者编号有误，请查看最新内容后审核")])
            part = self.store.part(case.id, part_of(case.text))
            details |= {"title": part["title"], "keywords": tuple(part["keywords"]), "until": part["until"]}
        return {}

    def limits(self, case: Article) -> Mapping[str, Limit]:
        """Return how long an article holds before it is looked at again: as published on the day."""
        rows = self.reference.rows(LIMITS, self.reference.in_force(LIMITS, case.area, civil_day(self.clock())))
        return {row["name"]: Limit.model_validate(row["limit"]) for row in rows}

    def bounded(self, case: Article, act: str, details: Mapping[str, Any], now: Occasion) -> Occasion:
        """What is meant to hold until a day is looked at again after that day, if that comes first."""
        if act != "approve" or not details["until"]:
            return now
        days = (date.fromisoformat(details["until"]) - civil_day(now.at)).days
        until = Limit(count=max(days, 1), unit=Unit.CALENDAR_DAYS, basis=now.limits["review"].basis)
        first = min(now.limits["review"], until, key=lambda limit: _end(limit, civil_day(now.at)))
        return replace(now, limits={**now.limits, "review": first})

    def text(self, case_id: str, who: Actor, last: bool) -> Read:
        """Return the wording that is served, or (`last`, for its own unit) the one written last. Raise Missing."""
        case = self._readable(case_id, who)
        number = case.text if last and who.unit == case.unit else case.served
        if not number:
            raise Missing("该知识没有这样的内容")
        part = self.store.part(case_id, part_of(number))
        return Read(title=part["title"], text=part["text"], wording=number,
                    edition=case.edition if number == case.served else 0)

    def search(self, words: str, who: Actor) -> Hits:
        """Return the articles of the area that hold and answer to words, the best first. Raise Forbidden."""
        if who.role not in AUTHORS:
            raise Forbidden("知识库供热线中心和承办单位使用")
        found, more = self.store.search(who.area, words)
        return Hits(items=[seen for case in found if (seen := self.view(case, who))], more=more)

    def _ahead(self, until: date | None) -> None:
        if until and until <= civil_day(self.clock()):
            raise Invalid("有效期有误", errors=[fault("/valid_until", "past", "有效期应当晚于今日")])


def wording(body: Wording) -> Item:
    """Return the part that holds a wording."""
    return {"title": body.title, "keywords": body.keywords, "text": body.text,
            "until": body.valid_until.isoformat() if body.valid_until else ""}


def _end(limit: Limit, day: date) -> date:
    """Return roughly when a limit ends, to tell which of two comes first."""
    days = {Unit.YEARS: 365, Unit.MONTHS: 30}.get(limit.unit, 1)
    return day + timedelta(days=limit.count * days)
