"""What a person sees of what is held on them, takes with them, and has removed; each case through its kind's view."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from chalicelib.kernel.cases import PERSON
from chalicelib.kernel.casework import Casework, Works
from chalicelib.kernel.erasure import erase
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Forbidden
from chalicelib.kernel.views import File, Found, Row

from .models import DataClass, Document, Held, Kind, Mine

MATTERS = ("APPLICATION", "ORDER")
"""The kinds in which something is done for a person."""
PAPERS = ("MATERIAL", "NOTICE", "RATING")
"""The kinds that go with the matter they belong to, by a reaction to its end."""
LABELS = {"APPLICATION": "办件", "MATERIAL": "材料", "NOTICE": "文书", "ORDER": "热线工单", "RATING": "好差评",
          "SUBJECT": "个人信息权利请求"}
MOST = 100


@dataclass(frozen=True, slots=True)
class Own:
    """`kinds`: the kinds of case there are, as app.py registers them. Treaties with accounts: `account(person)`,
    masked; `restrict(person)`, `forget(person)` (and their messages). `held(area, case)`: whether a legal hold stands.
    `classes()`: those in force in the nation.
    """

    kinds: Works
    account: Callable[[str], dict[str, Any]]
    restrict: Callable[[str], None]
    forget: Callable[[str], None]
    held: Callable[[str, str], bool]
    classes: Callable[[], list[DataClass]]
    clock: Callable[[], datetime]

    def mine(self, who: Actor) -> Mine:
        """Return the account, masked, and how many cases of each kind there are. Raise Forbidden, Missing."""
        _self(who)
        held = [Held(kind=kind, label=LABELS[kind], cases=len(self.cases(kind, who, MOST, None).items))
                for kind in get_args(Kind)]
        return Mine(account=self.account(who.person), held=[one for one in held if one.cases])

    def cases(self, kind: str, who: Actor, limit: int, cursor: str | None) -> Found[Row]:
        """Return a page of one's own cases of a kind, newest first. Raise Forbidden, Malformed."""
        _self(who)
        return self.kinds[kind]().listed(PERSON, who.person, who, limit, cursor, newest_first=True)

    def export(self, kind: str, who: Actor, limit: int, cursor: str | None) -> Found[Document]:
        """Return a page of one's own cases of a kind, each whole as the person may read it. Raise as `cases` does."""
        page = self.cases(kind, who, limit, cursor)
        documents = [Document(kind=kind, file=self._whole(kind, row.id, who)) for row in page.items]
        return Found(items=documents, cursor=page.cursor, as_of=page.as_of)

    def in_hand(self, person: str) -> bool:
        """Say whether something is still being done for the person."""
        return any(not ended(self.kinds[kind](), case) for kind in MATTERS for case in self._of(kind, person))

    def remove(self, person: str) -> tuple[str, ...]:
        """Let go what no law keeps; return the classes that stay. Then the account is forgotten, or is restricted.

        Begun anew after a crash it comes to the same end. What stays of requests holds no identity field.
        """
        kept = set[str]()
        for one in self.classes():
            for case in self._of(one.kind, person) if one.kind in LABELS else ():
                if one.on_request and self._free(one.kind, case):
                    erase(self.kinds[one.kind](), case.id)
                else:
                    kept.add(one.code)
        if kept <= {"requests"}:
            self.forget(person)
        else:
            self.restrict(person)
        return tuple(sorted(kept))

    def _free(self, kind: str, case: Any) -> bool:
        """Say whether nothing else needs the case: it has ended, lies in no application and under no hold."""
        return (ended(self.kinds[kind](), case) and not getattr(case, "applications", ())
                and not self.held(case.area, f"{kind}#{case.id}"))

    def matters(self, person: str) -> bool:
        """Say whether the person has a matter, ended or not, whose own end is still to come."""
        return any(True for kind in MATTERS for _ in self._of(kind, person))

    def papers(self, person: str) -> bool:
        """Destroy the files that were never handed in; say whether papers of a matter are left, which are to follow it.
        """
        files = self.kinds["MATERIAL"]()
        for file in self._of("MATERIAL", person):
            if not file.applications and ended(files, file):
                erase(files, file.id)
        return any(True for kind in PAPERS for _ in self._of(kind, person))

    def requests(self, person: str) -> Iterator[Any]:
        """Yield what the person has asked about their data."""
        return self._of("SUBJECT", person)

    def _of(self, kind: str, person: str) -> Iterator[Any]:
        """Yield the cases of a kind that are a person's now: the index lags, the cases do not."""
        store, after = self.kinds[kind]().store, None
        while True:
            rows, page = store.page(PERSON, person, MOST, after)
            for row in rows:
                if (case := store.get(row.id)).person == person:
                    yield case
            if not (after := page.last):
                return

    def _whole(self, kind: str, case_id: str, who: Actor) -> dict[str, Any]:
        file: File[Any] = self.kinds[kind]().read(case_id, who)
        lines, cursor = list(file.timeline), file.cursor
        while cursor:
            more = self.kinds[kind]().read(case_id, who, cursor)
            lines, cursor = [*lines, *more.timeline], more.cursor
        whole = file.model_copy(update={"timeline": lines, "cursor": None, "acts": [], "blocked": []})
        return dict(whole.model_dump(mode="json"))


def ended(work: Casework[Any, Any], case: Any) -> bool:
    """Say whether a case has come to an end after which it may be anonymised."""
    return ("anonymise", case.state) in work.workflow.rules


def _self(who: Actor) -> None:
    """One's own data are shown to nobody who acts for one."""
    if who.role != "citizen" or who.mandate:
        raise Forbidden("个人信息只向本人提供")
