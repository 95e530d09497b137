"""One of each kind of case, for the harnesses. A new kind joins by adding its scene to SCENES."""
from dataclasses import dataclass

import boto3

from chalicelib.kernel.table import from_wire
from chalicelib.kernel.workflow import Event, replay
from tests.support.town import AREA, HALL, MARKET
from tests.support.web import CLERK, HEAD, REVIEWER, SUPERVISOR, bearer, uploaded

PERSON = {"kind": "natural", "name": "欧阳示例", "number": "11010519491231002X", "phone": "13912345678"}
PLANTED = ("欧阳示例", "11010519491231002X", "13912345678")


@dataclass
class Scene:
    """A bureau with a citizen who has an application at a certain point, and what hangs on it."""

    web: object
    citizen: object
    item: dict
    files: dict
    draft: str

    @property
    def path(self):
        return f"/applications/{self.draft}"

    def act(self, who, act, **fields):
        return self.web.ok(who, "POST", f"{self.path}/acts", {"act": act, **fields})

    def submitted(self):
        self.act(self.citizen, "revise", form={"店名": "示例"}, materials=self.files)
        self.act(self.citizen, "submit")
        self.web.react()
        return self

    def rows(self, kind):
        """The ids of a kind's cases."""
        return sorted({item["pk"].partition("#")[2] for item in cases() if item["pk"].startswith(f"{kind}#")})


def scene(web):
    """Enter a citizen, draft an application and upload its files."""
    person = web.ok(CLERK, "POST", "/accounts/persons", PERSON)
    citizen = bearer(person["id"], level=3)
    code = web.ok(None, "GET", f"/catalogue/items?area={AREA}")["items"][0]["code"]
    item = web.ok(None, "GET", f"/catalogue/items/{code}?area={AREA}")["item"]
    draft = web.ok(citizen, "POST", "/applications", {"area": AREA, "item": code})["case"]["id"]
    files = {one["id"]: uploaded(web, citizen) for one in item["materials"] if one["necessity"] == "1"}
    return Scene(web, citizen, item, files, draft)


def cases():
    """Every item of the table of cases."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="yiciban-test-cases")
    return [from_wire(item) for page in pages for item in page["Items"]]


def audited(web):
    """Check every case: events without a gap, replay equal to state. Return {kind: number of cases}."""
    items, counted = cases(), {}
    for state in (item for item in items if item["sk"] == "STATE"):
        kind, _, case_id = state["pk"].partition("#")
        events = sorted((item for item in items if item["pk"] == state["pk"] and item["sk"].startswith("EVENT#")),
                        key=lambda item: item["sk"])
        assert [event["number"] for event in events] == list(range(1, state["version"] + 1)), state["pk"]
        model = web.module.KINDS[kind]().store.model
        assert replay(model, [Event.model_validate(event) for event in events]) == model.model_validate(state), kind
        counted[kind] = counted.get(kind, 0) + 1
    orphans = {item["pk"] for item in items if item["sk"].startswith("EVENT#")} - {
        item["pk"] for item in items if item["sk"] == "STATE"}
    assert not orphans
    return counted


STAFF = {"clerk": CLERK, "reviewer": REVIEWER, "head": HEAD, "supervisor": SUPERVISOR}
UNITS = {"clerk": HALL, "reviewer": MARKET, "head": MARKET}
