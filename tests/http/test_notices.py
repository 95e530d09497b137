"""The list of an application's notices over HTTP."""
from tests.support.web import CLERK, bearer


def test_the_notices_of_an_application_are_not_there_for_who_may_not_see_it(web):
    for who in (CLERK, bearer("c" * 26)):
        answer = web.call(who, "GET", f"/notices?application={'a' * 26}")
        assert (answer.status_code, answer.json_body["type"]) == (404, "urn:yiciban:problem:missing")


def test_an_application_that_cannot_be_one_is_pointed_at(web):
    answer = web.call(CLERK, "GET", "/notices?application=1")
    assert (answer.status_code, answer.json_body["errors"][0]["pointer"]) == (422, "/application")


def test_a_citizen_lists_their_own(web):
    assert web.ok(bearer("c" * 26), "GET", "/notices")["items"] == []
