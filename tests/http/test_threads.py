"""Cases of several kinds on one matter over HTTP: one answer, and nobody learns from it who is behind a case."""
import json
from datetime import timedelta

import pytest

from chalicelib.domains.threads.wiring import threads
from chalicelib.kernel.erasure import erase
from chalicelib.kernel.record import Key
from tests.support.kinds import audited, readers, scene
from tests.support.scenes.complaints import brought
from tests.support.scenes.hotline import LIST as ORDERS
from tests.support.scenes.hotline import TEXT, order
from tests.support.scenes.hotline import act as on_order
from tests.support.scenes.ratings import corrected
from tests.support.scenes.threads import PATH, at_market, linked
from tests.support.tables import stored
from tests.support.town import MARKET
from tests.support.web import CENTRE, CLERK, HEAD, RECTIFIER, REVIEWER, SUPERVISOR, bearer

STRANGER = bearer("p" * 26, level=3)


@pytest.fixture
def here(web):
    made = scene(web).submitted()
    readers(made)
    return made


def thread_of(here, who, member):
    return here.web.call(who, "GET", f"{PATH}/of/{member.replace('#', '/')}")


def shown(here, who, member):
    """The thread of a case as a reader gets it: case, version, timeline; None if there is none for them."""
    answer = thread_of(here, who, member)
    assert answer.status_code in (200, 404)
    return answer.json_body if answer.status_code == 200 else None


def kinds(file):
    return [one["kind"] for one in file["case"]["members"]]


def refused(here, who, lead, other):
    answer = here.web.call(who, "POST", PATH, {"lead": lead, "other": other})
    assert answer.status_code == 422
    return [(one["pointer"], one["code"]) for one in answer.json_body["errors"]]


def told(here, who):
    return [one["template"] for one in here.web.ok(who, "GET", "/messages?limit=100")["items"]].count("thread-answered")


def to_the_end(here, application):
    for who, act in ((CLERK, "receive"), (CLERK, "accept"), (REVIEWER, "review"), (HEAD, "grant")):
        here.web.ok(who, "POST", f"/applications/{application}/acts", {"act": act})
    here.web.react()


def test_two_cases_of_one_citizen_are_linked_once_and_answered_once(here):
    lead, other = f"APPLICATION#{here.draft}", at_market(here)
    made = linked(here, lead, other)
    again = here.web.call(here.citizen, "POST", PATH, {"lead": other, "other": lead})
    assert (again.json_body["case"]["id"], again.headers.get("Idempotent-Replayed")) == (made, "true")
    assert shown(here, here.citizen, other)["case"]["lead"] == lead
    to_the_end(here, here.draft)
    here.web.react()
    for who in (here.citizen, REVIEWER):
        file = shown(here, who, other)
        assert (file["case"]["state"], file["case"]["answered_by"]) == ("answered", lead)
        assert [one["path"] for one in file["case"]["members"]] == [f"/applications/{here.draft}",
                                                                    f"{ORDERS}/{other.partition('#')[2]}"]
        assert [line["act"] for line in file["timeline"]] == ["answer", "open"]
    assert told(here, here.citizen) == 1
    assert shown(here, STRANGER, other) is shown(here, CENTRE, other) is None


def test_a_key_used_for_another_pair_is_refused_and_the_same_request_answered_again(here):
    lead, other, key = f"APPLICATION#{here.draft}", at_market(here), "thread-key-000001"
    for replayed in (None, "true"):
        made = here.web.call(here.citizen, "POST", PATH, {"lead": lead, "other": other}, key=key)
        assert (made.status_code, made.headers.get("Idempotent-Replayed")) == (201, replayed)
    more = here.web.call(here.citizen, "POST", PATH, {"lead": lead, "other": at_market(here)}, key=key)
    assert (more.status_code, more.json_body["type"]) == (422, "urn:yiciban:problem:key-reused")


def test_only_what_one_may_see_is_linked_and_two_threads_on_one_matter_are_made_one(here):
    lead, other = f"APPLICATION#{here.draft}", at_market(here)
    assert refused(here, STRANGER, lead, other) == [("/lead", "unknown"), ("/other", "unknown")]
    assert refused(here, CENTRE, lead, other) == [("/lead", "unknown")]
    assert refused(here, here.citizen, lead, f"MATERIAL#{'a' * 26}") == [("/other", "unknown")]
    assert refused(here, here.citizen, lead, lead) == [("/other", "same")]
    linked(here, lead, other)
    third, fourth = at_market(here), at_market(here)
    second = linked(here, third, fourth, REVIEWER)
    here.web.ok(HEAD, "POST", f"{PATH}/{second}/acts", {"act": "close", "note": "并非同一事项"})
    assert "并非同一事项" not in json.dumps(here.web.ok(here.citizen, "GET", f"{PATH}/{second}"), ensure_ascii=False)
    second = linked(here, third, fourth, REVIEWER)
    again = here.web.call(here.citizen, "POST", f"{PATH}/{second}/acts", {"act": "join", "member": fourth})
    assert [one["code"] for one in again.json_body["errors"]] == ["same"]
    for make in (lambda: here.web.ok(here.citizen, "POST", PATH, {"lead": lead, "other": third}),
                 lambda: here.web.ok(here.citizen, "POST", PATH, {"lead": fourth, "other": other})):
        file = make()
        assert sorted(one["id"] for one in file["case"]["members"]) == sorted(
            one.partition("#")[2] for one in (lead, other, third, fourth))
        assert (file["case"]["lead"], shown(here, REVIEWER, fourth)["case"]["id"]) == (lead, file["case"]["id"])
    assert here.web.ok(here.citizen, "GET", f"{PATH}/{second}")["case"]["state"] == "closed"
    assert audited(here.web)["THREAD"] == 3


def test_of_two_who_link_one_case_at_the_same_time_the_second_joins_the_first(here, monkeypatch):
    first, other, third = f"APPLICATION#{here.draft}", at_market(here), at_market(here)
    real, store = threads().store.threads_of, threads().store

    def late(members):
        """What the second reads before the first has written."""
        monkeypatch.setattr(store, "threads_of", real)
        seen = real(members)
        linked(here, first, other)
        return seen
    monkeypatch.setattr(store, "threads_of", late)
    made = here.web.ok(here.citizen, "POST", PATH, {"lead": third, "other": other})
    assert made["case"]["lead"] == first and len(made["case"]["members"]) == 3
    assert audited(here.web)["THREAD"] == 1


def test_the_centre_s_link_of_an_order_makes_the_thread_that_the_case_named_answers(here):
    made = order(here)
    on_order(here, made, CENTRE, "dispatch", unit=MARKET)
    to_the_end(here, here.draft)
    on_order(here, made, CENTRE, "link", kind="APPLICATION", case_id=here.draft)
    here.web.react()
    event = here.web.module.KINDS["ORDER"]().store.part(made, "EVENT#000003")
    here.web.module.RELAY.offer(event)
    file = shown(here, here.citizen, f"ORDER#{made}")
    assert file["case"]["answered_by"] == f"APPLICATION#{here.draft}", "it had been answered before it was linked"
    assert [line["office"] for line in file["timeline"]] == ["系统", "热线中心"]
    assert told(here, here.citizen) == audited(here.web)["THREAD"] == 1
    assert here.draft not in json.dumps(here.web.ok(REVIEWER, "GET", f"{ORDERS}/{made}")), "that the thread tells"


def put_right(here, correction):
    for who, body in ((RECTIFIER, {"act": "contact", "note": "已联系"}), (RECTIFIER, {"act": "admit"}),
                      (RECTIFIER, {"act": "correct", "result": "corrected", "reply": "已补办"}),
                      (SUPERVISOR, {"act": "pass"}), (SUPERVISOR, {"act": "call_back", "satisfied": True}),
                      (SUPERVISOR, {"act": "close"})):
        here.web.ok(who, "POST", f"/corrections/{correction}/acts", body)
    here.web.react()


def test_a_thread_does_not_tell_the_rated_who_rated(here):
    rating, correction = corrected(here)
    application, asked = f"APPLICATION#{here.draft}", at_market(here)
    made = linked(here, f"RATING#{rating}", application)
    for who in (REVIEWER, HEAD, RECTIFIER):
        assert shown(here, who, application) is None, "one case alone is no thread"
    here.web.hands.move(hours=1)
    linked(here, application, asked, REVIEWER)
    here.web.hands.move(hours=1)
    put_right(here, correction)
    whole, part = shown(here, here.citizen, asked), shown(here, REVIEWER, asked)
    assert (kinds(whole), whole["version"], whole["case"]["answered_by"]) == (
        ["RATING", "APPLICATION", "ORDER"], 3, f"RATING#{rating}")
    assert (kinds(part), part["version"], part["case"]["lead"]) == (["APPLICATION", "ORDER"], 1, application)
    assert (part["case"]["state"], part["case"]["answered_by"], part["case"]["answered_at"]) == ("open", "", None)
    assert [(one["number"], one["act"], one["source"]) for one in part["timeline"]] == [(1, "open", "new")]
    assert part["case"]["opened_at"] == part["timeline"][0]["at"] == whole["timeline"][1]["at"]
    assert rating not in json.dumps(part) and correction not in json.dumps(part)
    assert here.web.call(REVIEWER, "GET", f"{PATH}/of/RATING/{rating}").status_code == 404
    led = here.web.ok(HEAD, "POST", f"{PATH}/{made}/acts", {"act": "close", "note": "已办结"}, If_Match='"1"')
    assert (led["version"], led["case"]["state"]) == (2, "closed"), "the version that one is shown is the one to match"


def test_an_order_tells_no_unit_that_its_citizen_rated(here):
    rating, _ = corrected(here)
    asked = at_market(here).partition("#")[2]
    on_order(here, asked, CENTRE, "link", kind="RATING", case_id=rating)
    here.web.react()
    for who, sees in ((CENTRE, True), (REVIEWER, False), (here.citizen, False), (SUPERVISOR, False)):
        acts = [line["act"] for line in here.web.ok(who, "GET", f"{ORDERS}/{asked}")["timeline"]]
        assert ("link" in acts, "dispatch" in acts) == (sees, True)
    apart, none = (thread_of(here, REVIEWER, f"ORDER#{one}").json_body["detail"] for one in (asked, order(here)))
    assert apart == none, "in the same words, whether there is no thread or one that is not shown"
    for who in (REVIEWER, HEAD, SUPERVISOR):
        assert rating not in here.web.call(who, "GET", f"{ORDERS}/{asked}").body.decode()
        assert shown(here, who, f"ORDER#{asked}") is None
    assert here.web.ok(CENTRE, "GET", f"{ORDERS}/{asked}")["case"]["linked"] == f"RATING#{rating}"


def test_a_report_is_joined_with_nothing_that_names_who_reported(here):
    report = order(here, "report")
    on_order(here, report, CENTRE, "dispatch", unit=MARKET)
    linked(here, f"APPLICATION#{here.draft}", f"ORDER#{report}")
    on_order(here, report, CENTRE, "link", kind="APPLICATION", case_id=here.draft)
    for who in (REVIEWER, HEAD, SUPERVISOR):
        assert shown(here, who, f"ORDER#{report}") is shown(here, who, f"APPLICATION#{here.draft}") is None
        assert here.draft not in here.web.ok(who, "GET", f"{ORDERS}/{report}")["case"].values()
    assert refused(here, REVIEWER, f"APPLICATION#{here.draft}", f"ORDER#{report}") == [("/other", "unknown")]


def kept():
    """All that is stored of threads."""
    return json.dumps([item() for pk, _, item in stored("cases") if pk.startswith("THREAD#")], default=str)


def erased(here, *orders):
    for case in orders:
        on_order(here, case, CENTRE, "answer", text=TEXT)
        here.web.react()
        erase(here.web.module.KINDS["ORDER"](), case)
        here.web.hands.at += timedelta(minutes=1)
        here.web.react()


def test_nothing_in_a_thread_leads_from_a_case_that_names_nobody_to_one_that_names_them(here):
    asked = [order(here) for _ in range(3)]
    first, second, third = (f"ORDER#{one}" for one in asked)
    made = linked(here, first, second)
    linked(here, first, third)
    erased(here, asked[0])
    assert asked[0] not in kept()
    assert shown(here, here.citizen, second)["case"]["lead"] == second
    erased(here, asked[1])
    assert here.web.module.KINDS["THREAD"]().store.event(made, 1).by.person == ""
    assert not any(one in kept() for one in asked)
    linked(here, third, f"ORDER#{order(here)}")
    assert audited(here.web)["THREAD"] == 2


def test_a_thread_that_was_let_go_names_no_erased_case_either(here):
    asked = [order(here), order(here)]
    made = linked(here, *(f"ORDER#{one}" for one in asked))
    here.web.ok(CENTRE, "POST", f"{PATH}/{made}/acts", {"act": "close", "note": "并非同一事项"})
    again = linked(here, *(f"ORDER#{one}" for one in asked))
    erased(here, asked[0])
    assert not any(one in kept() for one in asked)
    assert all(here.web.module.KINDS["THREAD"]().store.get(one).erased for one in (made, again))


def test_a_lead_that_was_withdrawn_leaves_the_matter_to_the_next(here):
    complaint, asked = brought(here), at_market(here)
    linked(here, f"COMPLAINT#{complaint}", asked)
    linked(here, asked, f"APPLICATION#{here.draft}")
    here.web.ok(here.citizen, "POST", f"/complaints/{complaint}/acts", {"act": "withdraw"})
    here.web.react()
    assert shown(here, here.citizen, asked)["case"]["lead"] == asked
    assert shown(here, here.citizen, f"COMPLAINT#{complaint}") is None
    here.web.ok(SUPERVISOR, "POST", f"{ORDERS}/{asked.partition('#')[2]}/acts", {"act": "annul", "note": "登记错误"})
    here.web.react()
    here.web.react()
    assert shown(here, here.citizen, asked) is shown(here, here.citizen, f"APPLICATION#{here.draft}") is None
    assert [here.web.module.KINDS["THREAD"]().store.get(one).state for one in here.rows("THREAD")] == ["closed"]


def test_a_complaint_about_a_case_is_on_one_matter_with_it(here):
    complaint = brought(here, matter=f"APPLICATION#{here.draft}")
    here.web.react()
    here.web.react()
    assert kinds(shown(here, here.citizen, f"APPLICATION#{here.draft}")) == ["COMPLAINT", "APPLICATION"]
    here.web.ok(SUPERVISOR, "POST", f"/complaints/{complaint}/acts", {"act": "explain", "text": TEXT})
    here.web.react()
    assert shown(here, here.citizen, f"COMPLAINT#{complaint}")["case"]["answered_by"] == f"COMPLAINT#{complaint}"


def test_for_who_is_not_shown_the_lead_the_matter_is_open(here):
    rating, correction = corrected(here)
    application, asked = f"APPLICATION#{here.draft}", at_market(here)
    made = linked(here, f"RATING#{rating}", application)
    linked(here, application, asked, REVIEWER)
    put_right(here, correction)
    file = here.web.ok(REVIEWER, "GET", f"{PATH}/{made}")
    assert file["case"]["state"] == "open" and "lead" in {one["act"] for one in file["acts"]}
    led = here.web.ok(REVIEWER, "POST", f"{PATH}/{made}/acts", {"act": "lead", "member": asked})
    assert (led["case"]["lead"], led["case"]["state"]) == (asked, "open")


def test_a_thread_takes_in_twenty(here):
    members = tuple(f"ORDER#{order(here)}" for _ in range(2))
    made, work = linked(here, *members), threads()
    case = work.store.get(made)
    step = work.workflow.advance(case, "join", work.occasion(case, REVIEWER.acting("")),
                                 {"members": members + tuple(f"ORDER#{n:026d}" for n in range(18))}, Key("many", "m"))
    work.store.save(step, Key("many", "m"))
    full = here.web.call(here.citizen, "POST", PATH, {"lead": members[0], "other": f"ORDER#{order(here)}"})
    assert (full.status_code, full.json_body["type"]) == (409, "urn:yiciban:problem:refused")


def test_an_order_refers_to_the_answer_of_another_that_the_centre_is_shown_and_to_no_complaint(here):
    complaint, lead = brought(here), order(here)
    case, apart = order(here, title="又来电"), order(here, title="投诉后来电")
    for one in (case, apart):
        on_order(here, one, CENTRE, "dispatch", unit=MARKET)
    linked(here, f"ORDER#{lead}", f"ORDER#{case}")
    linked(here, f"COMPLAINT#{complaint}", f"ORDER#{apart}")
    answer = {"act": "answer_by_thread", "text": "与您先前的诉求一并答复"}
    early = here.web.call(CENTRE, "POST", f"{ORDERS}/{case}/acts", answer)
    assert early.status_code == 409 and "牵头件" in early.json_body["detail"]

    def seen():
        file = here.web.ok(CENTRE, "GET", f"{ORDERS}/{apart}")
        return file["case"], file["acts"], file["blocked"]
    before = seen()
    here.web.ok(SUPERVISOR, "POST", f"/complaints/{complaint}/acts", {"act": "explain", "text": TEXT})
    on_order(here, lead, CENTRE, "answer", text=TEXT)
    here.web.react()
    assert seen() == before, "of a complaint the centre learns nothing, not that it was answered either"
    file = here.web.ok(CENTRE, "POST", f"{ORDERS}/{case}/acts", answer)
    assert (file["case"]["state"], file["case"]["result"]) == ("checked", "explained")
    assert [clock["name"] for clock in file["clocks"]] == ["callback"]
    words = here.web.ok(here.citizen, "GET", f"{ORDERS}/{case}/words")
    assert [one["text"] for one in words["replies"]] == [answer["text"]]


def test_what_had_ended_before_it_was_linked_leads_nothing(here):
    gone, first, second = brought(here), order(here), order(here)
    linked(here, f"COMPLAINT#{gone}", f"ORDER#{first}")
    here.web.ok(here.citizen, "POST", f"/complaints/{gone}/acts", {"act": "withdraw"})
    linked(here, f"COMPLAINT#{gone}", f"ORDER#{second}")
    late = brought(here)
    here.web.ok(here.citizen, "POST", f"/complaints/{late}/acts", {"act": "withdraw"})
    here.web.react()
    third = order(here)
    linked(here, f"COMPLAINT#{late}", f"ORDER#{third}")
    here.web.react()
    here.web.react()
    assert shown(here, here.citizen, f"ORDER#{first}")["case"]["lead"] == f"ORDER#{first}"
    assert shown(here, here.citizen, f"ORDER#{third}") is None
