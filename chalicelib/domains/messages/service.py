"""What is done with messages, one method per use.

Table `inbox`: pk `INBOX#<person or unit>`, sk `<instant of the event>~<digest of event and template>`. The key follows
from the event, so telling it twice writes one message; `sent_<channel>` says that the channel has taken it over,
or that it was withheld from it.
"""
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.kernel.cases import instant
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.observe import count
from chalicelib.kernel.problems import Busy, Stale
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import TABLE, Table
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Found

from .channels import Channel
from .models import Message, Template, concerns

CITIZEN, WITHHELD = "citizen", "withheld"


@dataclass(frozen=True, slots=True)
class Messages:
    """`about(kind, case_id, state)`: number, title and person of a case, the word for a state of it, and the officials
    who are kept `apart` from it, one a line, whatever office they hold (a treaty with its domain);
    `address(person, channel)`: where accounts knows a person on a channel, "" if nowhere. `link(token)`: what an SMS
    says of a link to what it is about; the inbox, where one is signed in, never has it.
    `withheld(person, area, at)`: whether a person's number may be another's, so that nothing is sent to it that opens
    without signing in: the message then says so of the channel, and stays in the inbox.
    """

    table: Table
    templates: tuple[Template, ...]
    about: Callable[[str, str, str], Mapping[str, str]]
    address: Callable[[str, str], str]
    channels: Callable[[], Mapping[str, Channel]]
    clock: Callable[[], datetime]
    link: Callable[[str], str] = lambda token: ""
    withheld: Callable[[str, str, datetime], bool] = lambda person, area, at: False

    def tell(self, notice: Notice) -> None:
        """Write the messages that an event calls for, each once, then send them on. Raise Busy to be told again.

        A channel that fails holds up neither the inbox nor the other channels.
        """
        failed = [busy for template in self.templates if template.kind == notice.kind and notice.act in template.acts
                  and (notice.moved or not template.moved) for busy in self._tell(notice, template)]
        if failed:
            raise failed[0]

    def _tell(self, notice: Notice, template: Template) -> list[Busy]:
        """Write one message to each whom it is for, and send it on; return what failed."""
        facts = self.about(notice.kind, notice.case_id, notice.target)
        to = {"person": facts["person"], "desk": notice.desk or notice.unit,
              "supervision": f"{notice.area}.supervision", "units": facts.get("units", "")}[template.to]
        return [busy for one in to.split() for busy in self._write(notice, template, facts, one)]

    def _write(self, notice: Notice, template: Template, facts: Mapping[str, str], to: str) -> list[Busy]:
        key = {"pk": f"INBOX#{to}", "sk": f"{instant(notice.at)}~" + digest(
            "message", notice.kind, notice.case_id, str(notice.number), template.code, length=16)}
        text = template.text.format(number=facts["number"], title=facts["title"], state=facts["state"],
                                    word=facts.get("word", ""))
        item: dict[str, Any] = {**key, "template": template.code, "title": template.title, "text": text,
                                "kind": notice.kind, "case_id": notice.case_id, "at": instant(notice.at),
                                "read": False}
        if template.to != "person" and (apart := facts.get("apart", "").splitlines()):
            item["apart"] = apart
        try:
            self.table.save(self.table.create(item))
        except Stale:
            item = self.table.get(**key) or item
        failed: list[Busy] = []
        for name in template.channels:
            if not item.get(f"sent_{name}") and (address := self.address(to, name)):
                linked = template.linked and name == "sms"
                if linked and self.withheld(to, notice.area, notice.at):
                    self.table.set(**key, field=f"sent_{name}", value=WITHHELD)
                    count("LinksWithheld", kind=notice.kind)
                    continue
                said = f"{text}{self.link(facts['token'])}" if linked else text
                try:
                    self.channels()[name].send(address, key["sk"], template.title, said)
                except Busy as busy:
                    failed.append(busy)
                    continue
                self.table.set(**key, field=f"sent_{name}", value=True)
        return failed

    def announce(self, unit: str, at: datetime, code: str, about: tuple[str, str], title: str, text: str) -> None:
        """Write to a unit what no event of a case tells: once for `at`, `code` and what it is `about` (kind, name).

        Raise Busy.
        """
        kind, name = about
        sk = f"{instant(at)}~" + digest("message", kind, name, code, length=16)
        with suppress(Stale):              # it was written before
            self.table.save(self.table.create({
                "pk": f"INBOX#{unit}", "sk": sk, "template": code, "title": title, "text": text, "kind": kind,
                "case_id": name, "at": instant(at), "read": False}))

    def inbox(self, who: Actor, limit: int, cursor: str | None) -> Found[Message]:
        """Return a page of one's own messages, newest first: a citizen's, or those to the unit one acts in that concern
        the office one acts in, and no case one is kept apart from; a page may hold fewer than it could.
        """
        at, box = self.clock(), self._box(who)
        bound = f"{who.person}|{box}"
        page = self.table.page(box, limit=limit, newest_first=True, after=open_cursor(cursor, bound, at))
        items = [Message.model_validate({**item, "id": item["sk"]}) for item in page.items
                 if who.role == CITIZEN or concerns(item["kind"], who.role) and who.person not in item.get("apart", ())]
        return Found(items=items, cursor=seal_cursor(page.last, TABLE, bound, at), as_of=at)

    def mark(self, ids: list[str], who: Actor) -> int:
        """Mark messages as read; those that are not there are passed over. Return how many changed."""
        return sum(self.table.set(self._box(who), one, "read", True, was=False) for one in ids)

    def forget(self, person: str) -> None:
        """Delete every message to a person. Twice deletes nothing more."""
        for item in self.table.every(f"INBOX#{person}"):
            self.table.save(self.table.delete(item["pk"], item["sk"]))

    def _box(self, who: Actor) -> str:
        return f"INBOX#{who.principal if who.role == CITIZEN else who.unit}"
