"""The kinds of cases for the harnesses, and what they share. A new kind joins by its module in JOINED."""
from dataclasses import dataclass

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.kernel.record import Event, replay
from tests.support.scenes import (
    applications,
    calendars,
    complaints,
    disclosure,
    hotline,
    knowledge,
    materials,
    notices,
    privacy,
    ratings,
    supervise,
    supervision,
    threads,
)
from tests.support.tables import stored
from tests.support.town import AREA, HALL, HEALTH, HOTLINE, MARKET, OTHER_AREA
from tests.support.web import (
    CALENDAR,
    CALENDAR2,
    CENTRE,
    CLERK,
    HEAD,
    LEADER,
    PUBLISHER,
    RECTIFIER,
    REGISTRAR,
    REVIEWER,
    bearer,
    uploaded,
)

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
        return sorted({pk.partition("#")[2] for pk, _, _ in stored("cases") if pk.startswith(f"{kind}#")})


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
    return [item() for _, _, item in stored("cases")]


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
STAFF_ROLES, AREA_ROLES = ("clerk", "reviewer", "head"), ("supervisor", "auditor", "keeper", "calendar_keeper",
                                                          "registrar", "admin", "security")
POSTS = {"centre": "hotline", "rectifier": "market", "publisher": "openness", "leader": "openness",
         "government": "government"}
ONES = {"clerk-one": CLERK, "reviewer-one": REVIEWER, "head-one": HEAD, "centre-one": CENTRE,
        "rectifier-one": RECTIFIER, "publisher-one": PUBLISHER, "leader-one": LEADER,
        "registrar-one": REGISTRAR, "calendar-one": CALENDAR, "calendar-two": CALENDAR2}
STAFF_UNITS = {"hall": HALL, "market": MARKET, "health": HEALTH, "hotline": HOTLINE, "far hall": f"{OTHER_AREA}.hall",
               "far market": f"{OTHER_AREA}.market"}


def readers(here):
    """{who: (bearer, mandate id or "")}; those of ONES hold their offices in accounts too, so that cases can be theirs.
    """
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
    for role, unit in POSTS.items():
        for place, area in (("here", AREA), ("far", OTHER_AREA)):
            found[f"{role} {place}"] = (bearer(f"{role}-{place}", (role, f"{area}.{unit}")), "")
    for name, who in ONES.items():
        found[name] = (who, "")
        accounts().store.appoint(who.person, "某*", [one.model_dump() for one in who.offices])
    return found


JOINED = {one.kind: one for module in (supervision, applications, materials, notices, hotline, ratings, complaints,
                                        disclosure, calendars, supervise, privacy, knowledge, threads)
          for one in module.JOINED}
"""By kind, in the order in which the harnesses make their cases: cards move the clock, so they come first."""
