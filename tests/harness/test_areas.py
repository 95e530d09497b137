"""Two areas with a case of each kind in each: nothing that one area's people get or list names the other's."""
import json

import boto3
import pytest

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.catalogue.wiring import catalogue
from chalicelib.kernel.table import from_wire
from tests.support.branches import Remembered
from tests.support.kinds import JOINED, PERSON, POSTS, cases
from tests.support.mocked import mocked
from tests.support.tables import forget_clients
from tests.support.town import AREA, OTHER_AREA, SEEDS
from tests.support.web import bearer, uploaded, web_of

INDEXES = ("desk", "person_key", "closed")
PEOPLE = {AREA: PERSON, OTHER_AREA: {"kind": "natural", "name": "司马代理", "number": "440524188001010014",
                                     "phone": "13712345678"}}
ROLES = (("clerk", "hall"), ("reviewer", "market"), ("head", "market"), ("supervisor", "supervision"),
         ("auditor", "bureau"), ("keeper", "bureau"), ("registrar", "bureau"), ("admin", "bureau"),
         ("security", "bureau"), *POSTS.items())
LISTS = (*(path for joined in JOINED.values() for path in joined.lists), "/messages", "/accounts/mandates",
         "/accounts/reads?day=2026-03-02", "/privacy/holds", "/privacy/mine/export?kind=APPLICATION")

MOST = 3                                   # cases of a kind that everybody tries to read


class Town:
    """The people of one area, two applications (one lies still, one is withdrawn), and a case of each other kind."""

    def __init__(self, web, area):
        self.web, self.area, self.secrets = web, area, set()
        self.staff = {role: bearer(f"{role}-of-{area}", (role, f"{area}.{unit}")) for role, unit in ROLES}
        clerk = self.staff["clerk"]
        self.citizen = bearer(web.ok(clerk, "POST", "/accounts/persons", PEOPLE[area])["id"], level=3)
        web.ok(clerk, "POST", f"/accounts/persons/{self.citizen.person}/reveal", {"reason": "核对原件"})
        accounts().store.found_unit(area, f"{area}.hall", f"{area}综合窗口")
        self.item = web.ok(None, "GET", f"/catalogue/items?area={area}")["items"][0]["code"]
        self.apply()
        self.apply(("clerk", "receive"), ("clerk", "accept"), ("reviewer", "review"), ("citizen", "withdraw"))
        for joined in JOINED.values():
            joined.in_area(self)

    def apply(self, *acts):
        """The citizen hands in an application, and these people do these acts on it."""
        web, item = self.web, self.web.ok(None, "GET", f"/catalogue/items/{self.item}?area={self.area}")["item"]
        files = {one["id"]: uploaded(web, self.citizen, area=self.area) for one in item["materials"]
                 if one["necessity"] == "1"}
        body = {"area": self.area, "item": self.item, "materials": files}
        made = web.ok(self.citizen, "POST", "/applications", body)["case"]["id"]
        for who, act in (("citizen", "submit"), *acts):
            web.ok(self.people[who], "POST", f"/applications/{made}/acts", {"act": act})

    @property
    def people(self):
        return {"citizen": self.citizen} | self.staff

    def cases(self):
        """What is stored of this area: {kind: ids}, and all that would give a case away: ids, numbers, persons."""
        states = [item for item in cases() if item["sk"] == "STATE" and item["area"] == self.area]
        self.kinds = {}
        for item in states:
            kind, _, case_id = item["pk"].partition("#")
            self.kinds.setdefault(kind, []).append(case_id)
            self.secrets |= {case_id, item.get("number") or case_id}
        self.secrets |= {self.citizen.person, *(who.person for who in self.staff.values())}
        return states


@pytest.fixture(scope="module")
def towns():
    """Both areas, made once: the tests only read."""
    with mocked(), pytest.MonkeyPatch.context() as patch, web_of(patch) as web:
        made = settled(web)
        Remembered(patch)
        yield made
    forget_clients()


def settled(web):
    items = (SEEDS / "items.json").read_text("utf-8").replace(AREA, OTHER_AREA)
    catalogue().publish_seed(OTHER_AREA, [one for one in json.loads(items)
                                          if one["department"] == f"{OTHER_AREA}.market"][:2])
    made = [Town(web, AREA), Town(web, OTHER_AREA)]
    web.react()
    for day in ("2026-03-06", "2026-03-10"):
        web.hands.to(day, 1)
        web.module.SWEEP.run(web.hands.at)
        web.react()
    for town in made:
        town.cases()
        of_areas = {kind for kind, joined in JOINED.items() if not joined.national}
        assert set(town.kinds) == of_areas, "a case of each kind in each area"
    return made


def outputs(town):
    """Everything that the people of a town can be shown of their own: lists, cases, pages, papers, timelines."""
    for name, who in town.people.items():
        for path in LISTS:
            answer = town.web.call(who, "GET", f"{path}{'&' if '?' in path else '?'}limit=100")
            yield name, path, answer.body.decode()
        for kind, ids in town.kinds.items():
            for case_id in ids[:MOST]:
                for below in ("", *JOINED[kind].below):
                    path = f"{JOINED[kind].path}/{case_id}{below}"
                    yield name, path, town.web.call(who, "GET", path).body.decode()


def test_nothing_that_one_area_is_shown_names_a_case_or_a_person_of_the_other(towns):
    searched = 0
    for town, other in (towns, towns[::-1]):
        shown = list(outputs(town))
        assert any(town.secrets & {secret for secret in town.secrets if secret in text} for _, _, text in shown)
        for name, path, text in shown:
            assert [secret for secret in other.secrets if secret in text] == [], (name, path)
        searched += len(shown)
    print(f"{searched} outputs searched")


def test_the_other_area_s_cases_are_not_there_for_any_office(towns):
    for town, other in (towns, towns[::-1]):
        for kind, ids in other.kinds.items():
            for who in town.people.values():
                for case_id in ids[:2]:
                    answer = town.web.call(who, "GET", f"{JOINED[kind].path}/{case_id}")
                    assert answer.status_code == 404, (kind, who)
            listed = town.web.call(town.citizen, "GET", f"/notices?application={other.kinds['APPLICATION'][0]}")
            assert listed.status_code == 404


def test_no_partition_of_an_index_and_no_inbox_holds_cases_of_both(towns):
    of = {}
    for item in cases():
        if item["sk"] == "STATE":
            for index in INDEXES:
                if index in item:
                    of.setdefault((index, item[index]), set()).add(item["area"])
    assert {index for index, _ in of} == set(INDEXES)
    assert [partition for partition, areas in of.items() if len(areas) > 1] == []
    for box in map(from_wire, boto3.client("dynamodb").scan(TableName="yiciban-test-inbox")["Items"]):
        for town, other in (towns, towns[::-1]):
            if box["case_id"] in town.secrets:
                to = box["pk"].partition("#")[2]
                assert to in town.secrets or to.startswith(f"{town.area}."), "a person or a unit of the area"
                assert not [secret for secret in other.secrets if secret in json.dumps(box)]
