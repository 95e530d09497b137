"""What a person sees of what is held on them, takes with them, and has removed; each case through its kind's view."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, get_args

from chalicelib.kernel.cases import PERSON
from chalicelib.kernel.casework import Casework, Works
from chalicelib.kernel.erasure import let_go
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.problems import Forbidden
from chalicelib.kernel.views import File, Found, Row

from .models import DataClass, Document, Held, Kind, Mine

MATTERS = ("APPLICATION", "ORDER", "COMPLAINT")
"""The kinds in which something is done for a person."""
PAPERS = ("MATERIAL", "NOTICE", "RATING")
"""The kinds that go with the matter they belong to, by a reaction to its end."""
LABELS = {"APPLICATION": "办件", "MATERIAL": "材料", "NOTICE": "文书", "ORDER": "热线工单",
          "COMPLAINT": "投诉举报", "RATING": "好差评", "SUBJECT": "个人信息权利请求"}
IDENTITY = "identity"                      # the class of data that an account is
MOST = 100


@dataclass(frozen=True, slots=True)
class Own:
    """`kinds`: the kinds of case there are, as app.py registers them. Treaties with accounts: `account(person)`,
    masked; `restrict(person)`; `forget(person)` (and their messages), which says whether nothing holds the account.
    `later(person)`: has the account looked at by the job. `classes(area)`: those in force there. `unsaid(request)`:
    deletes what a request said.
    """

    kinds: Works
    account: Callable[[str], dict[str, Any]]
    restrict: Callable[[str], None]
    forget: Callable[[str], bool]
    later: Callable[[str], None]
    classes: Callable[[str], list[DataClass]]
    unsaid: Callable[[str], None]
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
        """Let go what no law keeps; return the classes that stay. Then the account is forgotten, or is restricted; one
        that an office or a mandate holds is in use, and the job looks at it until it is free.

        Begun anew after a crash it comes to the same end. What stays of requests holds no identity field, once
        the account is gone.
        """
        kept, classes = set[str](), cache(self.classes)
        for kind in LABELS:
            for case in self._of(kind, person):
                one = next((one for one in classes(case.area) if one.kind == kind), None)
                if one is None or not one.on_request or not self._let_go(kind, case):
                    kept.add(one.code if one else kind)
        if not kept <= {"requests"}:
            self.restrict(person)
        elif not self.gone(person):
            self.later(person)
            kept.add(IDENTITY)
        return tuple(sorted(kept))

    def _let_go(self, kind: str, case: Any) -> bool:
        """Let a case go that nothing else needs: it has ended, lies in no application and under no hold."""
        work = self.kinds[kind]()
        return ended(work, case) and not getattr(case, "applications", ()) and let_go(work, case.id)

    def matters(self, person: str) -> bool:
        """Say whether the person has a matter, ended or not, whose own end is still to come."""
        return any(True for kind in MATTERS for _ in self._of(kind, person))

    def papers(self, person: str, loose: bool) -> bool:
        """Let go the papers whose matters are gone, and the files that were never handed in if `loose`; say whether any
        are left. A paper follows its matter by a reaction; here comes what a hold kept then.
        """
        left = False
        for kind in PAPERS:
            work = self.kinds[kind]()
            for paper in self._of(kind, person):
                matters = matters_of(kind, paper)
                free = ended(work, paper) and all(map(self._gone, matters)) and (loose or bool(matters))
                left |= not (free and let_go(work, paper.id))
        return left

    def _gone(self, matter: str) -> bool:
        kind, _, case_id = matter.partition("#")
        case = self.kinds[kind]().store.find(case_id)
        return case is not None and bool(case.erased)      # what is not found is not known to be gone

    def gone(self, person: str) -> bool:
        """Forget the account, and what its person's requests said. False if something holds the account."""
        if not self.forget(person):
            return False
        for case in self.requests(person):
            self.unsaid(case.id)
        return True

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


def matters_of(kind: str, paper: Any) -> list[str]:
    """Return the matters, `<KIND>#<id>`, that a paper belongs to; a name without a kind is an application's."""
    names = paper.applications if kind == "MATERIAL" else (paper.source,)
    return [one if "#" in one else f"APPLICATION#{one}" for one in names]


def ended(work: Casework[Any, Any], case: Any) -> bool:
    """Say whether a case has come to an end after which it may be anonymised."""
    return ("anonymise", case.state) in work.workflow.rules


def _self(who: Actor) -> None:
    """One's own data are shown to nobody who acts for one."""
    if who.role != "citizen" or who.mandate:
        raise Forbidden("个人信息只向本人提供")
