"""What is done about maintenance, one method per use."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.closure import Closure
from chalicelib.kernel.identity import NATION, Actor
from chalicelib.kernel.maintenance import Maintenance
from chalicelib.kernel.marks import Marks
from chalicelib.kernel.problems import Forbidden, Invalid, Refused, fault
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Write
from chalicelib.kernel.views import Answer

from .models import Announce, Announced

LONGEST = timedelta(days=3)
"""A longer one is announced anew, so that a slip does not close the bureau for a year."""


@dataclass(frozen=True, slots=True)
class Announcing:
    """One deployment serves several areas: it is closed by the administrator of the whole, not of one of them."""

    maintenance: Maintenance
    marks: Marks
    clock: Callable[[], datetime]

    def current(self) -> Announced:
        """Return what is announced, to everyone."""
        closure, at = self.maintenance.announced(), self.clock()
        there = closure if closure and at < closure.until else None
        return Announced(notice=there, holds=bool(there and there.holds(at)), as_of=at)

    def announce(self, body: Announce, who: Actor, key: Key) -> Answer[Announced]:
        """Announce a closure in place of the last. Raise Forbidden, Invalid, Conflict."""
        _administrator(who)
        at = self.clock()
        begins = body.begins_at or at
        if not at < body.until or not begins < body.until <= begins + LONGEST:
            raise Invalid("停机时间有误", errors=[
                fault("/until", "span", "结束时间应晚于现在和开始时间，且停机不超过三天")])
        closure = Closure(begins_at=begins, until=body.until, text=body.text)
        fresh = self.marks.once(who, key, at, lambda mark: self.maintenance.announce(closure, who.person, mark))
        return Answer(self.current(), replayed=not fresh)

    def end(self, who: Actor, key: Key) -> Answer[Announced]:
        """End what holds or is to come, now. Raise Forbidden, Refused, Stale."""
        _administrator(who)
        at = self.clock()
        fresh = self.marks.once(who, key, at, lambda mark: self._end(who, at, mark))
        return Answer(self.current(), replayed=not fresh)

    def _end(self, who: Actor, at: datetime, mark: Write) -> None:
        closure = self.maintenance.stored()
        if closure is None or closure.until <= at:
            raise Refused("没有停机公告")
        ended = closure.model_copy(update={"begins_at": min(closure.begins_at, at), "until": at})
        self.maintenance.announce(ended, who.person, mark, closure)


def _administrator(who: Actor) -> None:
    if who.role != "admin" or who.area != NATION:
        raise Forbidden("停机公告由整个系统的系统管理员发布")
