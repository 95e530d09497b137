"""Who sees what: every reader (role, place, relation) by every operation on every kind, as one table."""
import pytest

from chalicelib.kernel import cases, reading
from chalicelib.kernel.views import Entry, Row
from tests.support.branches import Remembered
from tests.support.kinds import JOINED, readers, scene
from tests.support.mocked import mocked
from tests.support.tables import forget_clients
from tests.support.web import web_of


@pytest.fixture(scope="module")
def town():
    """The scene; the cases of each kind's rights as {name: (kind, id, right)}; the readers; what was counted.

    Made once: the tests only read, and act on versions that there are not.
    """
    counted = []
    with mocked(), pytest.MonkeyPatch.context() as patch, web_of(patch) as web:
        for room in (cases, reading):
            patch.setattr(room, "count", lambda name, *_, **__: counted.append(name))
        here = scene(web).submitted()
        offices = readers(here)
        found = {name: (kind, case, right) for kind, joined in JOINED.items()
                 for name, (case, right) in joined.rights(here).items()}
        Remembered(patch)
        yield here, found, offices, counted
    forget_clients()


def ask(here, reader, method, path, body=None, **headers):
    who, mandate = reader
    return here.web.call(who, method, path, body, **headers, **({"On_Behalf_Of": mandate} if mandate else {}))


def test_each_reader_gets_exactly_the_view_that_the_table_says(town):
    here, found, offices, _ = town
    cells = 0
    for name, (kind, case, right) in found.items():
        path = f"{JOINED[kind].path}/{case}"
        for who, reader in offices.items():
            got = ask(here, reader, "GET", path)
            acted = ask(here, reader, "POST", f"{path}/acts", JOINED[kind].probe, If_Match='"99999"')
            rest = {right.papers: who in right.papers_for} if right.papers else {}
            rest |= {f"/clocks/{right.clock}": who in set().union(*right.views.values())} if right.clock else {}
            expected = next((model for model, names in right.views.items() if who in names), None)
            cell = (name, who)
            assert got.status_code == (200 if expected else 404), cell
            assert acted.status_code == (412 if expected else 404), cell
            for below, allowed in rest.items():
                hidden = (403, 404, 409) if expected else (404,)       # only to a stranger is it as if it did not exist
                assert ask(here, reader, "GET", path + below).status_code in ((200,) if allowed else hidden), (
                    cell, below)
            if expected:
                assert set(got.json_body["case"]) == set(expected.model_fields), cell
                assert got.json_body["timeline"], cell
                assert all(set(line) == set(Entry.model_fields) for line in got.json_body["timeline"]), cell
                assert not {who.person for who, _ in offices.values()} & set(words_of(got.json_body["timeline"])), cell
            cells += 3 + len(rest)
    print(f"{len(offices)} readers, {len(found)} cases, {cells} cells")


def words_of(value):
    """Every string in a JSON value."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from words_of(one)
    elif isinstance(value, str):
        yield value


def test_a_list_shows_what_is_the_reader_s_and_nothing_that_get_hides(town):
    here, found, offices, counted = town
    names, cells = {case: name for name, (_, case, _) in found.items()}, 0
    for kind, path in sorted({(kind, path) for kind, _, right in found.values() for path in right.listed}):
        at = path.format(application=here.draft)
        for who, reader in offices.items():
            got = ask(here, reader, "GET", f"{at}{'&' if '?' in at else '?'}limit=100")
            rows = got.json_body.get("items", [])
            assert got.status_code in (200, 403, 404, 422) and all(set(row) == set(Row.model_fields) for row in rows)
            shown = {names[row["id"]] for row in rows if row["id"] in names}
            expected = {name for name, (_, _, right) in found.items() if who in right.listed.get(path, ())}
            assert shown == expected, (path, who)
            for row in rows:
                assert ask(here, reader, "GET", f"{JOINED[kind].path}/{row['id']}").status_code == 200, (path, who)
            cells += 1 + len(rows)
    assert "ListLeaks" not in counted and counted
    print(f"{cells} cells of lists")


def test_every_kind_is_in_the_table(town):
    here, found, *_ = town
    assert {kind for kind, *_ in found.values()} == set(here.web.module.KINDS)
