"""Every list over every role: whoever has none of a kind is told so; an empty list says that there is nothing."""
from chalicelib.domains.supervision.workflow import UNIT
from tests.support.kinds import AREA_ROLES, POSTS, STAFF_ROLES
from tests.support.town import AREA, MARKET
from tests.support.web import CALENDAR, OPERATOR, bearer

STAFF = set(STAFF_ROLES)
READERS = {"citizen": bearer("p" * 26, level=3), "operator": OPERATOR, "keeper of the nation": CALENDAR,
           **{role: bearer(role, (role, MARKET)) for role in STAFF},
           **{role: bearer(role, (role, f"{AREA}.bureau")) for role in AREA_ROLES},
           **{role: bearer(role, (role, f"{AREA}.{unit}")) for role, unit in POSTS.items()}}
ALL = set(READERS)
WATCHERS = {"supervisor", "auditor"}
LISTS = {
    "/accounts/reads": {"auditor"}, "/accounts/me/reads": ALL, "/accounts/mandates": ALL, "/messages": ALL,
    "/applications": {"citizen", *STAFF, "government"}, "/applications/closed": {*STAFF, "government"},
    "/materials": {"citizen"}, "/notices": {"citizen"}, "/ratings": {"citizen"},
    "/corrections": {"head", "rectifier", *WATCHERS}, "/ratings/exchange": WATCHERS,
    "/signals": {*STAFF, "rectifier", *WATCHERS},
    "/complaints": {"citizen", *STAFF, *WATCHERS}, "/complaints/closed": STAFF,
    "/complaints/ledger": {"leader", *WATCHERS},
    "/hotline/calls": {"centre", *WATCHERS}, "/knowledge/articles": {"centre", *STAFF},
    "/hotline/orders": {"citizen", "centre", *STAFF}, "/hotline/orders/closed": {"centre", *STAFF},
    "/supervision/cards": {*UNIT, *WATCHERS}, "/supervision/orders": {*UNIT, *WATCHERS},
    "/supervision/dispatches": WATCHERS, "/supervision/bulletins": {"head", *WATCHERS},
    "/figures/indicators": {"head", "centre", "leader", *WATCHERS},
    "/figures/ranking": {"centre", "leader", *WATCHERS}, "/figures/cases": {"centre", "head", "leader", *WATCHERS},
    "/disclosure/documents": {*STAFF, "publisher", "leader"}, "/disclosure/documents/own": {*STAFF, "publisher"},
    "/disclosure/documents/closed": {*STAFF, "publisher", "leader"}, "/disclosure/documents/queue": {
        "publisher", "leader"}, "/calendars/notices": {"keeper of the nation"},
    "/privacy/mine/cases": {"citizen"}, "/privacy/mine/export": {"citizen"},
    "/privacy/requests": {"citizen", "registrar", "security"}, "/privacy/holds": {"security", "auditor"}}
QUERY = {"month": "2026-03", "unit": MARKET, "measure": "hotline.sent", "code": "satisfaction",
         "day": "2026-03-02", "kind": "APPLICATION"}


def test_every_list_is_given_to_those_who_have_one_and_refused_to_all_others(web):
    found = {}
    for prefix, api in web.module.APIS.items():
        for operation in api.operations:
            path, fields = prefix + operation.path, operation.query.model_fields if operation.query else {}
            if operation.method == "GET" and not operation.public and "{" not in path and (
                    operation.paged or path in LISTS):
                query = "&".join(f"{name}={QUERY[name]}" for name, one in fields.items()
                                 if one.is_required() or (path, name) == ("/figures/cases", "unit"))
                answers = {role: web.call(who, "GET", f"{path}?{query}") for role, who in READERS.items()}
                assert {answer.status_code for answer in answers.values()} <= {200, 403}, path
                assert all(answer.json_body["detail"] for answer in answers.values() if answer.status_code == 403)
                found[path] = {role for role, answer in answers.items() if answer.status_code == 200}
    assert found == LISTS
