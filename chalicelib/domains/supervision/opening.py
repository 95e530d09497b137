"""Supervision orders that the hotline's own levels give rise to: opened, or raised to the level reached.

So that there is one 督办 and not two: what the hotline finds overdue by days is signed for and answered as every
supervision order is.
"""
from dataclasses import dataclass, replace

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.record import Key
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.vault import digest

from .order_models import NAMES, Order
from .order_service import Orders
from .order_workflow import AT_UNIT, title
from .store import LIMITS

REACHED = {"supervise_written": 2, "supervise_listed": 3, "overdue_promise": 3, "rework": 3, "supervise_talk": 4,
           "summon": 4, "circulate": 5}
"""The level that an act on an order of the hotline comes to; a rework only the second time."""
WHY = {"supervise_written": "超过办理期限", "supervise_listed": "超过办理期限多日",
       "overdue_promise": "挂账承诺到期未解决", "rework": "诉求人再次不满意", "supervise_talk": "长期超过办理期限",
       "summon": "本季度挂牌督办达到规定数", "circulate": "约谈后仍未办结"}


@dataclass(frozen=True, slots=True)
class Opening:
    """A reaction: done twice, or late, it changes nothing more."""

    orders: Orders

    def react(self, notice: Notice) -> None:
        """Open a supervision order on the hotline's order, or raise the one that is open. Raise Stale."""
        source, level = f"{notice.kind}#{notice.case_id}", REACHED[notice.act]
        hands, unit = self.orders.hands[notice.kind](notice.case_id, notice.number), notice.desk or notice.unit
        if hands.ended or hands.unit != unit or hands.event.changes.get("level", 0) < level:
            return                         # the unit has done with it meanwhile, or the level was not reached
        if there := self.orders.store.open_on(source):
            if there.level < level and there.state in AT_UNIT:
                self._act(there, "lift", level, {"level": level, "title": title(level)})
            return
        case_id = digest("id", self.orders.store.kind, source, str(notice.number))
        if self.orders.store.find(case_id):
            return                         # it was opened, and has ended since
        fields = {"area": notice.area, "unit": f"{notice.area}.supervision", "person": unit,
                  "title": title(level), "opened_at": notice.at, "level": level, "source": source,
                  "terms": self.orders.reference.in_force(LIMITS, notice.area, civil_day(notice.at))}
        number = self.orders.store.next_number(notice.area, "DB", f"{civil_day(notice.at):%Y%m%d}", "A")
        self._act(Order(id=case_id, **fields), "open", level, {**fields, "number": number},
                  f"12345工单{WHY[notice.act]}，{NAMES[level]}，请按期办结并答复。")

    def _act(self, case: Order, act: str, level: int, details: dict[str, object], text: str = "") -> None:
        now = self.orders.occasion(case, SYSTEM)
        now = replace(now, facts={**now.facts, "reached": True}, limits=self.orders.limits_at(case, level))
        key = Key(f"system:{act}:{case.version}")
        step = self.orders.workflow.advance(case, act, now, details, key)
        if text:
            self.orders.store.create(step, key, {"TEXT": {"text": text}})
        else:
            self.orders.store.save(step, key)
