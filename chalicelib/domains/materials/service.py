"""What is done with materials, one method per use."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.casework import Casework
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.erasure import let_go
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.objects import Objects
from chalicelib.kernel.problems import Invalid, Missing, Refused, fault
from chalicelib.kernel.record import Event, Key, Summary
from chalicelib.kernel.table import Item
from chalicelib.kernel.turns import Occasion
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import shown

from .models import MOST_APPLICATIONS, NEUTRAL, SIGNATURES, SUFFIXES, Form, Link, Material, Reserve, Reserved, Shown
from .store import MaterialStore
from .workflow import DESKS, MATERIALS

UPLOAD = {"upload": Limit.model_validate("24h@GZ1.3")}
GOOD = ("stored", "accepted")
OF_OTHERS = "#"                            # stands in the name of a case that is no application
HIDDEN = "hidden"                          # the quality of who reads a case and is not shown whose it is


@dataclass
class Materials(Casework[Material, Shown]):
    """Treaties: `standing(application, who)` of applications says in what quality `who` may see its papers ("" none;
    HIDDEN: they are not shown whose it is);
    `papers(application)` which materials it consists of, `all_papers` which it ever did, `erased` whether its time of
    keeping is over, `hides` whether the units are not shown whose it is; `found(person)` of accounts raises Missing
    for nobody."""

    store: MaterialStore
    objects: Callable[[], Objects]
    standing: Callable[[str, Actor], str]
    papers: Callable[[str], Iterable[str]]
    found: Callable[[str], str]
    all_papers: Callable[[str], Iterable[str]]
    erased: Callable[[str], bool]
    hides: Callable[[str], bool]

    workflow = MATERIALS

    def view(self, case: Summary, who: Actor) -> Shown | None:
        """The holder sees their own, and what came with a reply to them; the desk that took it, or the official whose
        own it is, until it is handed in; then whoever sees the papers.
        """
        if not self._seen(case, who):
            return None
        named, hidden = self._named(case, who)
        neutral = {"title": NEUTRAL + SUFFIXES[case.content_type]} if isinstance(case, Material) and (
            hidden and case.person != who.person) else {}
        return shown(Shown, case, applications=named, **neutral)

    def _seen(self, case: Summary, who: Actor) -> bool:
        applications = _of(case)
        if who.role == "citizen" and case.person == who.principal:
            return True
        if who.role == "citizen" or applications:
            return who.role != "auditor" and any(self.standing(one, who) for one in reversed(applications)
                                                 if who.role != "citizen" or OF_OTHERS in one)
        desk = who.role in DESKS and bool(case.unit) and case.unit == who.unit
        return desk or bool(who.unit) and case.person == who.person

    def _named(self, case: Summary, who: Actor) -> tuple[tuple[str, ...], bool]:
        """Return the cases that `who` may see among those that the file was handed in with, and whether one of them
        does not tell whose it is. Then no other does: they would name the person by the file that both have.
        """
        qualities = {one: quality for one in _of(case) if (quality := self.standing(one, who))}
        hidden = tuple(one for one, quality in qualities.items() if quality == HIDDEN)
        return hidden or tuple(qualities), bool(hidden)

    def told(self, event: Event, who: Actor) -> bool:
        """When a file was handed in again may tell an official with which other case: that is the holder's to know."""
        return event.act != "bind" or who.role == "citizen"

    def reserve(self, body: Reserve, who: Actor, key: Key) -> Reserved:
        """Announce a file and get the form to upload it with; the same request again gets a fresh form."""
        case_id = self.store.id_for(who.person, key)
        if (first := self.earlier(case_id, key, who)) is None:
            own = who.role not in ("citizen", "clerk") and not body.person
            person = who.principal if who.role == "citizen" or own else body.person
            if person is None:
                raise Invalid("须指明材料属于何人", errors=[fault("/person", "missing", "窗口收件须填写申请人")])
            if not own:
                self.found(person)
            fields = {"area": body.area, "title": body.name, "person": person, "opened_at": self.clock(),
                      "unit": who.unit, "content_type": body.content_type, "size": body.size, "sha256": body.sha256,
                      "key": f"{body.area}/materials/{digest('object', case_id)}"}
            first = self.opened(Material(id=case_id, **fields), "reserve", who, key, fields)
        case = self.store.get(case_id)
        upload = self.objects().presign_upload(case.key, case.content_type, case.size, case.sha256)
        return Reserved(material=case_id, upload=Form(url=upload.url, fields=upload.fields),
                        version=first.result.version)

    def prepare(self, case: Material, act: str, details: dict[str, Any], now: Occasion) -> dict[str, Item]:
        """Before a file counts as stored: it must be there, and be what its sender said. Raise Refused or Invalid."""
        if act == "confirm":
            stored = self.objects().head(case.key)
            if stored is None:
                raise Refused("文件尚未上传完成", code="not-uploaded")
            if (stored.size, stored.sha256, stored.content_type) != (case.size, case.sha256, case.content_type):
                raise Invalid("上传的文件与登记的大小、类型或摘要不符，请重新登记后上传", code="not-what-it-says",
                              errors=[fault("/sha256", "mismatch", "请重新计算文件摘要")])
            if not self.objects().read(case.key, 16).startswith(SIGNATURES[case.content_type]):
                raise Invalid("文件内容与所称的类型不符", code="not-what-it-says",
                              errors=[fault("/content_type", "mismatch", "请上传 PDF、OFD、图片或 Word 文件")])
        return {}

    def limits(self, case: Material) -> Mapping[str, Limit]:
        return UPLOAD

    def unstored(self, person: str, given: Mapping[str, str]) -> list[str]:
        """Return the entries whose file is not a stored and sound file of this person, or is that of a case which hides
        whose it is.
        """
        cases = {entry: self.store.find(material) for entry, material in given.items()}
        return [entry for entry, case in cases.items()
                if case is None or case.person != person or case.state not in GOOD
                or any(map(self.hides, case.applications))]

    def unreadable(self, given: Iterable[str], who: Actor, hidden: bool = False) -> list[str]:
        """Return those that are no stored and sound file that `who` may read, or that another case has already, where
        that hides whose it is or the one they are given for does (`hidden`): a file that both have would name them.
        """
        cases = {one: self.store.find(one) for one in given}
        return [one for one, case in cases.items()
                if case is None or case.state not in GOOD or not self._seen(case, who)
                or self._ties(case, who, hidden)]

    def _ties(self, case: Material, who: Actor, hidden: bool) -> bool:
        """Say whether a file would tie who is hidden to another case; what an official uploaded says nothing of them.
        """
        own = who.role != "citizen" and case.person == who.person
        return not own and any(hidden or self.hides(other) for other in case.applications)

    def bind(self, application: str) -> None:
        """Note on each material of an application or an order that it was handed in with it. Twice changes nothing."""
        for material in self.papers(application):
            case = self.store.get(material)
            if application not in case.applications and ("bind", case.state) in self.workflow.rules:
                key = Key(f"bind-{application}")
                bound = {"applications": (*case.applications, application)[-MOST_APPLICATIONS:]}
                self.store.save(self.workflow.advance(case, "bind", self.occasion(case, SYSTEM), bound, key), key)

    def destroy_of(self, application: str) -> None:
        """Let go the files of an application whose time is over, but what another still needs or a hold keeps. Twice is
        once."""
        for material in self.all_papers(application):
            if all(map(self.erased, self.store.get(material).applications)):
                let_go(self, material)

    def destroy(self, case_id: str) -> None:
        """Destroy the file of a material that names nobody any more. Twice is once."""
        case = self.store.get(case_id)
        if case.erased:
            self.objects().delete(case.key)

    def link(self, case_id: str, who: Actor) -> Link:
        """Return a signed address of the file. Raise Missing, also to the supervisor, who needs no papers.

        It saves the file under its id: the name that a person gave it may name that person, and addresses are logged.
        """
        case = self._readable(case_id, who)
        if case.state in ("reserved", "discarded") or case.erased or who.role == "supervisor":
            raise Missing("未找到该文件")
        return Link(url=self.objects().sign_download(case.key, case.id + SUFFIXES[case.content_type]))


def _of(case: Summary) -> tuple[str, ...]:
    """Return the cases that the file was handed in with; the row of a list does not have them."""
    return case.applications if isinstance(case, Material) else ()
