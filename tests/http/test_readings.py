"""Identity fields are read in clear for a case of that person which the reader is shown, or at a window for none."""
import pytest

from tests.support.kinds import scene
from tests.support.scenes.hotline import order
from tests.support.town import HEALTH
from tests.support.web import AUDITOR, CENTRE, CLERK, HEAD, REGISTRAR, REVIEWER, SUPERVISOR, bearer

REASON = {"reason": "核对申请材料"}
OTHER = {"kind": "natural", "name": "李示例", "number": "440524188001010014"}
UNKNOWN, UNSAID = ("/case", "没有这一事项，或者该事项不属于此人"), ("/case", "请写明所办理的事项")


@pytest.fixture
def here(web):
    made = scene(web).submitted()
    made.act(CLERK, "receive")
    made.act(CLERK, "accept")
    return made


def read(here, who, case="", person=""):
    """The telephone in clear, or where and why it is refused."""
    body = REASON | ({"case": case} if case else {})
    answer = here.web.call(who, "POST", f"/accounts/persons/{person or here.citizen.person}/reveal", body)
    if answer.status_code == 422:
        return tuple(answer.json_body["errors"][0][name] for name in ("pointer", "detail"))
    return answer.json_body.get("phone", answer.status_code)


def test_a_case_that_a_reading_names_is_one_of_that_person_and_shown_to_the_reader(here):
    application, asked, report = f"APPLICATION#{here.draft}", f"ORDER#{order(here)}", f"ORDER#{order(here, 'report')}"
    other = here.web.ok(CLERK, "POST", "/accounts/persons", OTHER)["id"]
    far = bearer("doctor-one", ("reviewer", HEALTH))
    phone = "13912345678"
    assert [read(here, who, application) for who in (CLERK, REVIEWER, HEAD)] == [phone] * 3
    assert [read(here, CENTRE, case) for case in (asked, report)] == [phone] * 2
    for who, case, person in (
            (REVIEWER, "APPLICATION#" + "a" * 26, ""), (REVIEWER, "GOSSIP#" + "a" * 26, ""), (REVIEWER, asked, ""),
            (REVIEWER, application, other), (far, application, ""), (CENTRE, application, ""),
            (CLERK, "APPLICATION#" + "a" * 26, ""), (CLERK, application, other), (SUPERVISOR, report, "")):
        assert read(here, who, case, person) == UNKNOWN, (who.person, case)
    day = here.web.hands.at.date()
    kept = [line["case"] for line in here.web.ok(AUDITOR, "GET", f"/accounts/reads?day={day}")["items"]]
    assert sorted(kept) == sorted([application] * 3 + [asked, report]), "what was refused is no reading"


def test_only_who_serves_persons_or_keeps_their_accounts_names_no_case(here):
    assert [read(here, who) for who in (CLERK, REGISTRAR)] == ["13912345678"] * 2
    for who in (REVIEWER, HEAD, CENTRE, SUPERVISOR):
        assert read(here, who) == UNSAID
    for who in (AUDITOR, here.citizen):
        assert read(here, who) == 404, "nor is anybody else told what is lacking"
