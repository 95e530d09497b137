"""Who sees what: every reader (role, place, relation) by every operation on every kind, as one table."""
from dataclasses import dataclass, field

import pytest

from chalicelib.domains.applications.models import DeskView, HolderView
from chalicelib.domains.materials.models import Shown as Material
from chalicelib.domains.notices.models import Shown as Notice
from chalicelib.domains.supervision.models import Shown as Card
from chalicelib.kernel import casework
from chalicelib.kernel.views import Entry, Row
from tests.support.kinds import PATHS, SCENES, readers, scene
from tests.support.web import CLERK, HEAD, REVIEWER

OWN = {"holder", "agent"}
HALL = {"clerk hall", "reviewer hall", "head hall", "clerk-one"}
MARKET = {"clerk market", "reviewer market", "head market", "reviewer-one"}
DESKS = HALL | MARKET
WATCH = {"supervisor here", "auditor here"}
MONTH = "2026-03"


@dataclass(frozen=True)
class Right:
    """Of one case: who gets it and as which view; who reads its papers; which clock all of them may read."""

    kind: str
    views: dict                            # model -> readers
    papers: str = ""                       # path below the case
    papers_for: frozenset = frozenset()
    clock: str = ""
    listed: dict = field(default_factory=dict)     # path of a list -> readers in whose list it is

    @property
    def seen(self):
        return set().union(*self.views.values())


APPLICATION = {HolderView: OWN, DeskView: DESKS | WATCH}
LIST, CLOSED = "/applications", f"/applications/closed?month={MONTH}"
RIGHTS = {
    "draft": Right("APPLICATION", {HolderView: OWN}, "/papers", frozenset(OWN), "draft", {LIST: OWN}),
    "at the hall": Right("APPLICATION", APPLICATION, "/papers", frozenset(OWN | DESKS), "notice", {LIST: OWN | HALL}),
    "in the department": Right("APPLICATION", APPLICATION, "/papers", frozenset(OWN | DESKS), "statutory",
                               {LIST: OWN | MARKET}),
    "ended": Right("APPLICATION", APPLICATION, "/papers", frozenset(OWN | DESKS), "statutory",
                   {LIST: OWN, CLOSED: HALL}),
    "file of the holder": Right("MATERIAL", {Material: OWN}, listed={"/materials": OWN}),
    "file of the window": Right("MATERIAL", {Material: OWN | {"clerk hall", "clerk-one"}}, "/file",
                                frozenset(OWN | {"clerk hall", "clerk-one"}), listed={"/materials": OWN}),
    "file handed in": Right("MATERIAL", {Material: OWN | DESKS | {"supervisor here"}}, "/file",
                            frozenset(OWN | DESKS), listed={"/materials": OWN}),
    "notice": Right("NOTICE", {Notice: OWN | DESKS | WATCH}, "/page", frozenset(OWN | DESKS | WATCH),
                    listed={"/notices": OWN, "/notices?application={application}": OWN | DESKS | WATCH}),
    "card": Right("CARD", {Card: HALL | WATCH}, listed={"/supervision/cards": HALL | WATCH}),
}


@pytest.fixture
def town(web, monkeypatch):
    """The cases of RIGHTS by their names, and the readers."""
    counted = []
    monkeypatch.setattr(casework, "count", lambda name, *_, **__: counted.append(name))
    here = scene(web).submitted()
    offices = readers(here)
    found = {"card": next(card for card in SCENES["CARD"](here) if carded(web, card)), "ended": here.draft}
    found |= {"notice": SCENES["NOTICE"](here)[0], "file handed in": list(here.files.values())[0]}
    found["file of the holder"], _, found["file of the window"], _ = SCENES["MATERIAL"](here)
    found["draft"], _, found["at the hall"] = SCENES["APPLICATION"](here)
    found["in the department"] = SCENES["APPLICATION"](here)[2]
    do(web, found["at the hall"], (CLERK, {"act": "claim"}))
    do(web, found["in the department"], (CLERK, {"act": "accept"}), (REVIEWER, {"act": "review"}))
    do(web, here.draft, (REVIEWER, {"act": "review"}), (HEAD, {"act": "grant"}), (HEAD, {"act": "close"}),
       (CLERK, {"act": "deliver", "delivery": "邮寄"}), (CLERK, {"act": "archive"}))
    return here, found, offices, counted


def do(web, case, *acts):
    for who, body in acts:
        web.ok(who, "POST", f"/applications/{case}/acts", body)


def carded(web, card):
    """Whether the card was raised on the hall, and not merely a reminder."""
    case = web.module.KINDS["CARD"]().store.get(card)
    return case.state == "fired" and case.person.endswith(".hall")


def ask(here, reader, method, path, body=None, **headers):
    who, mandate = reader
    return here.web.call(who, method, path, body, **headers, **({"On_Behalf_Of": mandate} if mandate else {}))


def test_each_reader_gets_exactly_the_view_that_the_table_says(town):
    here, found, offices, _ = town
    cells = 0
    for name, right in RIGHTS.items():
        path = f"{PATHS[right.kind]}/{found[name]}"
        for who, reader in offices.items():
            got = ask(here, reader, "GET", path)
            acted = ask(here, reader, "POST", f"{path}/acts", ACTS[right.kind], If_Match='"99999"')
            rest = {right.papers: who in right.papers_for} if right.papers else {}
            rest |= {f"/clocks/{right.clock}": who in right.seen} if right.clock else {}
            expected = next((model for model, names in right.views.items() if who in names), None)
            cell = (name, who)
            assert got.status_code == (200 if expected else 404), cell
            assert acted.status_code == (412 if expected else 404), cell
            for below, allowed in rest.items():
                assert ask(here, reader, "GET", path + below).status_code == (200 if allowed else 404), (cell, below)
            if expected:
                assert set(got.json_body["case"]) == set(expected.model_fields), cell
                assert got.json_body["timeline"], cell
                assert all(set(line) == set(Entry.model_fields) for line in got.json_body["timeline"]), cell
                assert not {who.person for who, _ in offices.values()} & set(words_of(got.json_body["timeline"])), cell
            cells += 3 + len(rest)
    print(f"{len(offices)} readers, {len(RIGHTS)} cases, {cells} cells")


ACTS = {"APPLICATION": {"act": "claim"}, "MATERIAL": {"act": "accept"}, "NOTICE": {"act": "annul", "note": "有误"},
        "CARD": {"act": "annul", "note": "有误"}}
"""Some act of each kind; it comes with a version that no case has, so that whoever sees the case gets 412."""


def words_of(value):
    """Every string in a JSON value."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from words_of(one)
    elif isinstance(value, str):
        yield value


def test_a_list_shows_what_is_the_reader_s_and_nothing_that_get_hides(town):
    here, found, offices, counted = town
    names = {case: name for name, case in found.items()}
    cells = 0
    for path in sorted({path for right in RIGHTS.values() for path in right.listed}):
        at = path.format(application=found["ended"])
        kind = next(kind for kind, prefix in PATHS.items() if at.startswith(prefix))
        for who, reader in offices.items():
            got = ask(here, reader, "GET", f"{at}{'&' if '?' in at else '?'}limit=100")
            rows = got.json_body.get("items", [])
            assert got.status_code in (200, 404) and all(set(row) == set(Row.model_fields) for row in rows)
            shown = {names[row["id"]] for row in rows if row["id"] in names}
            expected = {name for name, right in RIGHTS.items() if who in right.listed.get(path, ())}
            assert shown == expected, (path, who)
            for row in rows:
                assert ask(here, reader, "GET", f"{PATHS[kind]}/{row['id']}").status_code == 200, (path, who)
            cells += 1 + len(rows)
    assert "ListLeaks" not in counted and counted
    print(f"{cells} cells of lists")


def test_every_kind_is_in_the_table(web):
    assert {right.kind for right in RIGHTS.values()} == set(web.module.KINDS)
