"""One of each kind of case, for the harnesses. A new kind joins by adding its scene to SCENES."""
from dataclasses import dataclass

import boto3

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.kernel.table import from_wire
from chalicelib.kernel.workflow import Event, replay
from tests.support.town import AREA, HALL, HEALTH, MARKET, OTHER_AREA
from tests.support.web import CLERK, HEAD, REVIEWER, announced, bearer, uploaded

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
        assert replay(model, [Event.model_validate(event) for event in events]) == model.model_validate(
            {**state, "id": case_id}), kind
        counted[kind] = counted.get(kind, 0) + 1
    orphans = {item["pk"] for item in items if item["sk"].startswith("EVENT#")} - {
        item["pk"] for item in items if item["sk"] == "STATE"}
    assert not orphans
    return counted


# Readers: every role in its own unit, another unit, another area; the holder, their agent, a stranger.

AGENT = {"kind": "natural", "name": "司马代理", "number": "440524188001010014", "phone": "13712345678"}
STAFF_ROLES, AREA_ROLES = ("clerk", "reviewer", "head"), ("supervisor", "auditor", "keeper", "registrar", "admin")
STAFF_UNITS = {"hall": HALL, "market": MARKET, "health": HEALTH, "far hall": f"{OTHER_AREA}.hall",
               "far market": f"{OTHER_AREA}.market"}
HANDLERS = {HALL: CLERK.person, MARKET: REVIEWER.person}


def readers(here):
    """{who: (bearer, mandate id or "")}: `clerk hall` and `reviewer market` are those who may take a case up."""
    agent = here.web.ok(CLERK, "POST", "/accounts/persons", AGENT)["id"]
    mandate = here.web.ok(here.citizen, "POST", "/accounts/mandates", {"agent": agent, "until": "2027-02-01"})["id"]
    found = {"holder": (here.citizen, ""), "agent": (bearer(agent, level=3), mandate),
             "agent for themselves": (bearer(agent, level=3), ""), "stranger": (bearer("p" * 26, level=3), "")}
    for role in STAFF_ROLES:
        for place, unit in STAFF_UNITS.items():
            found[f"{role} {place}"] = (bearer(f"{role}-{place.replace(' ', '-')}", (role, unit)), "")
    for role in AREA_ROLES:
        for place, area in (("here", AREA), ("far", OTHER_AREA)):
            found[f"{role} {place}"] = (bearer(f"{role}-{place}", (role, f"{area}.bureau")), "")
    found |= {"clerk-one": (CLERK, ""), "reviewer-one": (REVIEWER, "")}
    for who in (CLERK, REVIEWER, HEAD):
        accounts().store.appoint(who.person, "某*", [one.model_dump() for one in who.offices])
    return found


# Scenes: some cases of each kind, from which a walk reaches all their states.

def of_applications(here):
    """The application submitted, a fresh draft, and one taken in at the window."""
    body = {"area": AREA, "item": here.item["code"], "form": {}, "materials": here.files}
    draft = here.web.ok(here.citizen, "POST", "/applications", body)["case"]["id"]
    taken = here.web.ok(CLERK, "POST", "/applications/window", body | {"person": here.citizen.person})["case"]["id"]
    return [draft, here.draft, taken]


def of_materials(here):
    """A file announced and in its place, by the citizen and by the window; one handed in."""
    return [announced(here.web, here.citizen), announced(here.web, CLERK, person=here.citizen.person),
            uploaded(here.web, CLERK, person=here.citizen.person), *list(here.files.values())[:1]]


def of_notices(here):
    return [here.web.ok(here.citizen, "GET", "/notices")["items"][0]["id"]]


def of_cards(here):
    """A reminder and a yellow card, on an application that lay too long; it is 10 March then."""
    for day in ("2026-03-06", "2026-03-10"):
        here.web.hands.to(day, 1)
        here.web.module.SWEEP.run(here.web.hands.at)
        here.web.react()
    return here.rows("CARD")


SCENES = {"APPLICATION": of_applications, "MATERIAL": of_materials, "NOTICE": of_notices, "CARD": of_cards}
PATHS = {"APPLICATION": "/applications", "MATERIAL": "/materials", "NOTICE": "/notices", "CARD": "/supervision/cards"}


# Bodies: one valid body for each act of a person, made for a case.

def paper(here, case):
    return {"form": {"店名": "示例"}, "materials": here.files}


def lacks(here, case):
    return {"lacks": [{"material": "M1", "reason": "无法辨认"}]}


def to_colleague(here, case):
    return {"handler": HANDLERS[case.unit]}


def noted(here, case):
    return {"note": "情况属实"}


def plain(here, case):
    return {}


def reasoned(here, case):
    return {"reason": "不符合法定条件", "basis": "行政许可法第三十八条"}


BODIES = {
    **{("APPLICATION", act): paper for act in ("revise", "resubmit", "supply")},
    **{("APPLICATION", act): lacks for act in ("return", "ask_correction")},
    **{("APPLICATION", act): reasoned for act in ("decline", "refuse")},
    **{("APPLICATION", act): to_colleague for act in ("assign", "hand_over")},
    **{("APPLICATION", act): noted for act in ("annul", "terminate", "deny_extension")},
    **{("APPLICATION", act): plain for act in (
        "submit", "receive", "accept", "review", "resume", "approve_extension", "grant", "close", "issue", "withdraw",
        "archive", "claim", "discard")},
    ("APPLICATION", "suspend"): lambda here, case: {"reason": "检验", "planned": 5, "note": "送检样品"},
    ("APPLICATION", "ask_extension"): lambda here, case: {"asked_days": 1, "note": "需实地核查"},
    ("APPLICATION", "deliver"): lambda here, case: {"delivery": "邮寄"},
    **{("MATERIAL", act): plain for act in ("confirm", "accept")},
    **{("MATERIAL", act): noted for act in ("reject", "annul")},
    ("NOTICE", "serve"): lambda here, case: {"served_by": "邮寄送达"},
    ("NOTICE", "acknowledge"): plain, ("NOTICE", "annul"): noted,
    **{("CARD", act): noted for act in ("explain", "correct", "send_back", "verify", "annul")},
}
