"""From the stream of `cases` to the reactions of domains: at least once, each reaction on its own."""
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from pydantic import BaseModel

from . import now
from .cases import event_sk
from .clocks import Clock
from .observe import count, done, failure, lasted
from .problems import Missing
from .queue import Queue
from .record import Moved
from .table import Item, Table, from_wire


class Notice(BaseModel, frozen=True, extra="ignore"):
    """What other domains may learn of an event: that it happened, never the personal data in it."""

    kind: str
    case_id: str
    number: int
    act: str
    source: str
    target: str
    area: str = ""
    unit: str = ""
    desk: str = ""
    item: str = ""
    at: datetime
    basis: str
    clocks: dict[str, Clock] = {}          # those the act touched, as it left them
    moved: tuple[Moved, ...] = ()          # the deadlines that a recount moved


class Record(Protocol):
    """A stream record, as Chalice's DynamoDBRecord has it."""

    event_name: str
    new_image: dict[str, Any]
    keys: dict[str, Any]
    sequence_number: str


class Message(Protocol):
    """A message of the queue, as Chalice's SQSRecord has it."""

    body: str

    def to_dict(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Reaction:
    """`react` wants every event of `kind` whose act is one of `acts`. It is idempotent by (case, number).

    `name` is for ever: a message that waits to be tried again names the reaction by it.
    """

    name: str
    kind: str
    acts: frozenset[str]
    react: Callable[[Notice], object]


class Relay:
    """Hands each new EVENT row to the reactions that asked for it; what fails waits on the queue."""

    def __init__(self, reactions: Callable[[], Iterable[Reaction]], cases: Table, queue: Callable[[], Queue]):
        self.all, self.cases, self.queue = reactions, cases, queue

    @cached_property
    def reactions(self) -> dict[str, Reaction]:
        """Return every reaction by its name."""
        return {reaction.name: reaction for reaction in self.all()}

    def deliver(self, records: Iterable[Record]) -> dict[str, list[dict[str, str]]]:
        """Return Lambda's batch item failures: the records that could neither be delivered nor be queued."""
        failed, delivered = list[dict[str, str]](), list[Notice]()
        for record in records:
            if record.event_name == "INSERT" and record.keys["sk"]["S"].startswith("EVENT#"):
                try:
                    delivered += self._deliver(record)
                except Exception as error:         # the queue itself is out of reach
                    failure("relay", error)
                    failed.append({"itemIdentifier": record.sequence_number})
                    count("RelayFailures")
        if delivered:
            lag = (now.now() - min(notice.at for notice in delivered)).total_seconds()
            lasted("RelayLag", lag)
            done("relay", events=dict(Counter(f"{one.kind} {one.act}" for one in delivered)), lag=lag)
        return {"batchItemFailures": failed}

    def offer(self, event: Item) -> None:
        """Hand one stored EVENT item to its reactions."""
        notice = notice_of(event)
        for reaction in self.reactions.values():
            if reaction.kind == notice.kind and notice.act in reaction.acts:
                try:
                    reaction.react(notice)
                except Exception as error:         # whatever it is, it must not hold up the other reactions
                    failure("reaction", error, reaction=reaction.name, kind=notice.kind, case=notice.case_id)
                    count("ReactionFailures", reaction=reaction.name)
                    self._queue(reaction.name, event["pk"], notice.number)

    def answer(self, messages: Iterable[Message]) -> dict[str, list[dict[str, str]]]:
        """Try again what messages of the queue ask for; return those that failed, for the queue to give again."""
        failed = []
        for message in messages:
            try:
                self.retry(message.body)
            except Exception as error:
                failure("retry", error)
                count("RetryFailures")
                failed.append({"itemIdentifier": message.to_dict()["messageId"]})
        return {"batchItemFailures": failed}

    def retry(self, body: str) -> None:
        """Run again, from the stored EVENT, the reaction that a queued message names. Raise what it raises."""
        message = json.loads(body)
        event = self.cases.get(message["case"], event_sk(message["number"]))
        if event is None:
            raise Missing("未找到该事项")
        if message["reaction"] == "*":
            self.offer(event)
        else:
            self.reactions[message["reaction"]].react(notice_of(event))

    def catch_up(self, since: datetime) -> int:
        """Offer again every stored event not older than `since`, after an outage longer than the stream remembers."""
        offered, after = 0, None
        while True:
            page = self.cases.scan(after=after)
            for item in page.items:
                if item["sk"].startswith("EVENT#") and datetime.fromisoformat(item["at"]) >= since:
                    self.offer(item)
                    offered += 1
            if not (after := page.last):
                return offered

    def _deliver(self, record: Record) -> list[Notice]:
        """Offer a record's event; return its notice, or nothing where the record was parked."""
        try:
            event = from_wire(record.new_image)
            notice = notice_of(event)
        except Exception as error:                 # a record nobody can read is parked, so that it holds up nobody
            failure("unreadable record", error)
            count("RelayFailures")
            sk = record.keys["sk"]["S"]
            self._queue("*", record.keys["pk"]["S"], int(sk.rpartition("#")[2]))
            return []
        self.offer(event)
        return [notice]

    def _queue(self, reaction: str, case: str, number: int) -> None:
        self.queue().send(json.dumps({"reaction": reaction, "case": case, "number": number}))


def notice_of(event: Item) -> Notice:
    """Return the notice in a stored EVENT item."""
    return Notice.model_validate(event | {"kind": event["pk"].partition("#")[0]})
