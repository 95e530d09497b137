"""A crash before or after every call to the store, of every sort of deed: after a retry nothing is lost or doubled."""
from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib.domains.disclosure import jobs as disclosure_jobs
from chalicelib.kernel import table
from tests.support.kinds import audited, cases, scene
from tests.support.scenes import disclosure as documents
from tests.support.scenes import hotline, privacy, supervise, threads
from tests.support.scenes import ratings as scenes
from tests.support.town import AREA, HALL, MARKET
from tests.support.web import CENTRE, CLERK, HEAD, REVIEWER, SUPERVISOR


class Crash(BaseException):
    """The process died here: nothing of ours catches it."""


class Saboteur:
    """Lets `spare` calls to the store through, then dies once: before the next is sent, or after it was done.

    Queries are let through where `reads` is false: to die at one changes nothing that dying at the next call does not.
    """

    def __init__(self, monkeypatch, reads=True):
        self.real, self.spare, self.after, self.struck, self.reads = table.send, None, False, False, reads
        monkeypatch.setattr(table, "send", self)

    def __call__(self, operation, **request):
        if self.spare is None or self.struck or (operation == "query" and not self.reads):
            return self.real(operation, **request)
        if self.spare:
            self.spare -= 1
            return self.real(operation, **request)
        self.struck = True
        if self.after:
            self.real(operation, **request)
        raise Crash


def drafted(here, n):
    return lambda: here.web.call(here.citizen, "POST", "/applications", {"area": AREA, "item": here.item["code"]},
                                 key=f"crash-draft-{n:06d}").status_code


def registered(here, n):
    body = {"area": AREA, "item": here.item["code"], "person": here.citizen.person, "materials": here.files}
    return lambda: here.web.call(CLERK, "POST", "/applications/window", body, key=f"crash-window-{n:06d}").status_code


def handed_over(here, n):
    body = {"act": "hand_over", "handler": CLERK.person}
    return lambda: here.web.call(CLERK, "POST", f"{here.path}/acts", body, key=f"crash-act-{n:06d}").status_code


def rated(here, n):
    rating = scenes.rated(here)
    body = {"act": "rate", "level": 2, "words": "太慢"}
    return lambda: here.web.call(here.citizen, "POST", f"/ratings/{rating}/acts", body, key=f"crash-rate-{n:06d}"
                                 ).status_code


def rated_at_window(here, n):
    body = {**here.web.ok(CLERK, "GET", "/ratings/window-code?window=3"), "level": 5}
    return lambda: here.web.call(None, "POST", "/ratings/window", body, key=f"crash-window-qr-{n:06d}").status_code


def ordered(here, n):
    body = {"category": "report", "caller": hotline.CALLER, **hotline.WORDS}
    return lambda: here.web.call(CENTRE, "POST", f"{hotline.LIST}/desk", body, key=f"crash-order-{n:06d}").status_code


def complained(here, n):
    body = {"area": AREA, "sort": "stuck", "subject": "未办成", "content": "缺一份材料",
            "matter": f"APPLICATION#{here.draft}"}
    return lambda: here.web.call(here.citizen, "POST", "/complaints", body, key=f"crash-told-{n:06d}").status_code


def reserved(here, n):
    body = {"area": AREA, "name": "a.pdf", "content_type": "application/pdf", "size": 9, "sha256": "0" * 64}
    return lambda: here.web.call(here.citizen, "POST", "/materials", body, key=f"crash-file-{n:06d}").status_code


def supervised(here, n):
    body = {"unit": HALL, "kind": "APPLICATION", "case_id": supervise.waiting(here, HALL), "level": 1, "text": "请办理"}
    return lambda: here.web.call(SUPERVISOR, "POST", supervise.ORDERS, body, key=f"crash-duban-{n:06d}").status_code


def written(here, n):
    return lambda: here.web.call(REVIEWER, "POST", documents.PATH, documents.BODY,
                                 key=f"crash-document-{n:06d}").status_code


def asked(here, n):
    body = privacy.CORRECTION | {"phone": f"136{n:08d}"}               # the same thing is asked for once at a time
    return lambda: here.web.call(here.citizen, "POST", privacy.PATH, body, key=f"crash-request-{n:06d}").status_code


def linked(here, n):
    body = {"lead": f"ORDER#{hotline.order(here)}", "other": f"ORDER#{hotline.order(here)}"}
    return lambda: here.web.call(here.citizen, "POST", "/threads", body, key=f"crash-link-{n:06d}").status_code


@pytest.fixture
def here(web):
    from chalicelib.domains.accounts.wiring import accounts
    made = scene(web).submitted()
    accounts().store.appoint(CLERK.person, "窗*", [{"role": "clerk", "unit": CLERK.offices[0].unit, "area": AREA}])
    made.act(CLERK, "claim")
    return made


@pytest.mark.parametrize("deed, kind", [(drafted, "APPLICATION"), (registered, "APPLICATION"), (reserved, "MATERIAL"),
                                        (handed_over, None), (rated, "CORRECTION"), (rated_at_window, "RATING"),
                                         (ordered, "ORDER"), (linked, "THREAD"), (complained, "COMPLAINT"),
                                        (written, "DOCUMENT"), (supervised, "SUPERVISE"), (asked, "SUBJECT")])
@pytest.mark.parametrize("after", [False, True])
def test_a_request_that_died_is_done_once_when_it_is_sent_again(here, monkeypatch, deed, kind, after):
    saboteur, n = Saboteur(monkeypatch), 0
    while True:
        go = deed(here, n)
        before, version = audited(here.web), here.web.ok(CLERK, "GET", here.path)["version"]
        saboteur.spare, saboteur.after, saboteur.struck = n, after, False
        with suppress(Crash):
            go()
        saboteur.spare = None
        assert go() < 300
        here.web.react()
        now = audited(here.web)
        if kind:
            assert now[kind] == before.get(kind, 0) + 1, (n, "one and only one")
        else:
            assert here.web.ok(CLERK, "GET", here.path)["version"] == version + 1
        if not saboteur.struck:
            break
        n += 1
    assert n >= 2, "the saboteur struck at every call"


@pytest.mark.parametrize("after", [False, True])
def test_a_sweep_that_died_leaves_nothing_undone_and_nothing_done_twice(here, monkeypatch, after):
    here.web.module.SWEEP.run(here.web.hands.at)
    here.web.hands.to("2026-03-10", 1)
    saboteur, n = Saboteur(monkeypatch, reads=False), 0
    while True:
        saboteur.spare, saboteur.after, saboteur.struck = n, after, False
        with suppress(Crash):
            here.web.module.SWEEP.run(here.web.hands.at)
        saboteur.spare = None
        if not saboteur.struck:
            break
        here.web.hands.move(minutes=2)     # by then the dead copy's lease has run out
        n += 1
    here.web.react()
    audited(here.web)
    file = here.web.ok(here.citizen, "GET", here.path)
    acts = [line["act"] for line in file["timeline"]]
    assert file["case"]["accept_mode"] == "deemed" and acts.count("deem") == acts.count("overdue_precheck") == 1


def offered(here, monkeypatch, event, after):
    """Offer an event again and again, the process dying at the next call each time; return at how many."""
    saboteur, n = Saboteur(monkeypatch), 0
    while True:
        saboteur.spare, saboteur.after, saboteur.struck = n, after, False
        with suppress(Crash):
            here.web.module.RELAY.offer(event)
        saboteur.spare = None
        if not saboteur.struck:
            break
        n += 1
    here.web.react()
    audited(here.web)
    return n


def last_event(case_id):
    return max((item for item in cases() if item["pk"].endswith(case_id) and item["sk"].startswith("EVENT#")),
               key=lambda item: item["sk"])


@pytest.mark.parametrize("after", [False, True])
def test_a_reaction_that_died_has_one_effect_when_the_stream_offers_the_event_again(here, monkeypatch, after):
    here.act(CLERK, "receive")
    here.act(CLERK, "accept")
    n = offered(here, monkeypatch, last_event(here.draft), after)
    titles = [row["title"] for row in here.web.ok(here.citizen, "GET", "/notices")["items"]]
    told = [one["template"] for one in here.web.ok(here.citizen, "GET", "/messages")["items"]]
    assert titles.count("受理通知书") == 1 and told.count("accepted") == 1 and n >= 3


@pytest.mark.parametrize("after", [False, True])
def test_a_bad_rating_opens_one_correction_wherever_the_reaction_died(here, monkeypatch, after):
    rating = scenes.rated(here)
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 1})
    assert offered(here, monkeypatch, last_event(rating), after) >= 3
    assert len(here.rows("CORRECTION")) == 1


@pytest.mark.parametrize("after", [False, True])
def test_what_ended_is_offered_for_rating_once_wherever_the_reaction_died(here, monkeypatch, after):
    monkeypatch.setattr(here.web, "react", lambda: None)
    before = set(here.rows("RATING"))
    ended = scenes.granted(here)
    monkeypatch.undo()
    assert offered(here, monkeypatch, last_event(ended), after) >= 3
    assert len(set(here.rows("RATING")) - before) == 1


@pytest.mark.parametrize("after", [False, True])
def test_an_order_s_return_that_died_is_counted_once_when_it_is_sent_again(here, monkeypatch, after):
    saboteur, n = Saboteur(monkeypatch), 0
    while True:
        case = hotline.taken(here, caller=hotline.CALLER)
        hotline.act(here, case, CENTRE, "dispatch", unit=MARKET)
        path, key = f"{hotline.LIST}/{case}", f"crash-return-{n:06d}"
        saboteur.spare, saboteur.after, saboteur.struck = n, after, False
        with suppress(Crash):
            here.web.call(REVIEWER, "POST", f"{path}/acts", hotline.SENT_BACK, key=key)
        saboteur.spare = None
        assert here.web.call(REVIEWER, "POST", f"{path}/acts", hotline.SENT_BACK, key=key).status_code == 200
        file, words = here.web.ok(CENTRE, "GET", path), here.web.ok(CENTRE, "GET", f"{path}/words")
        assert (file["version"], file["case"]["returns"], len(words["reasons"])) == (3, 1, 1), n
        if not saboteur.struck:
            break
        n += 1
    audited(here.web)
    assert n >= 3


@pytest.mark.parametrize("after", [False, True])
def test_a_case_whose_joining_died_is_in_its_thread_once_when_it_is_sent_again(here, monkeypatch, after):
    saboteur, n = Saboteur(monkeypatch), 0
    while True:
        path = "/threads/" + threads.linked(here, *(f"ORDER#{hotline.order(here)}" for _ in range(2)))
        key, third = f"crash-join-{n:06d}", hotline.order(here)
        body = {"act": "join", "member": f"ORDER#{third}"}
        saboteur.spare, saboteur.after, saboteur.struck = n, after, False
        with suppress(Crash):
            here.web.call(here.citizen, "POST", f"{path}/acts", body, key=key)
        saboteur.spare = None
        assert here.web.call(here.citizen, "POST", f"{path}/acts", body, key=key).status_code == 200
        file = here.web.ok(here.citizen, "GET", path)
        assert (file["version"], len(file["case"]["members"])) == (2, 3), n
        assert here.web.ok(here.citizen, "GET", f"/threads/of/ORDER/{third}")["case"]["id"] == file["case"]["id"]
        if not saboteur.struck:
            break
        n += 1
    audited(here.web)
    assert n >= 3


@pytest.mark.parametrize("after", [False, True])
def test_an_order_signed_too_late_brings_one_card_and_one_message_whatever_dies(here, monkeypatch, after):
    case = hotline.taken(here, urgency="critical")
    hotline.act(here, case, CENTRE, "dispatch", unit=MARKET)
    here.web.react()
    here.web.hands.move(minutes=15)
    here.web.module.SWEEP.run(here.web.hands.at)
    assert offered(here, monkeypatch, next(item for item in cases() if item.get("act") == "overdue_sign"), after) >= 3
    told = [one["template"] for one in here.web.ok(REVIEWER, "GET", "/messages")["items"]]
    assert len(here.web.ok(SUPERVISOR, "GET", "/supervision/cards")["items"]) == told.count("order-late") == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("act", ["fire", "escalate"])
def test_a_card_is_notified_and_counted_once_wherever_the_reaction_died(here, monkeypatch, act, after):
    here.web.hands.to("2026-03-10", 1)
    here.web.module.SWEEP.run(here.web.hands.at)
    if act == "escalate":
        here.web.react()
        here.web.hands.to("2026-03-16", 1)
        here.web.module.SWEEP.run(here.web.hands.at)
    else:
        for event in [item for item in cases() if item["sk"].startswith("EVENT#") and item["act"] == "deem"]:
            here.web.module.RELAY.offer(event)
    event = next(item for item in cases() if item["pk"].startswith("CARD#") and item.get("act") == act)
    card = event["pk"].partition("#")[2]
    assert offered(here, monkeypatch, event, after) >= 3
    timeline = [line["act"] for line in here.web.ok(SUPERVISOR, "GET", f"/supervision/cards/{card}")["timeline"]]
    assert timeline.count("notify") == 1 and timeline.count("escalate") == (act == "escalate")
    counted = here.web.ok(SUPERVISOR, "GET", "/supervision/bulletins?month=2026-03")["items"]
    fired = [item for item in cases() if item["pk"].startswith("CARD#") and item["sk"] == "STATE"
             and item["level"] != "warning"]
    assert sum(one["yellow"] + one["red"] for one in counted) == len(fired)


def test_a_failing_reaction_delays_no_other_and_comes_back_from_the_queue(here, monkeypatch):
    relay, sent = here.web.module.RELAY, []
    monkeypatch.setattr(relay, "queue", lambda: type("Queue", (), {"send": staticmethod(sent.append)}))
    broken = relay.reactions["notices.issue"]
    monkeypatch.setitem(relay.reactions, broken.name, replace(broken, react=lambda notice: 1 / 0))
    here.act(CLERK, "receive")
    here.act(CLERK, "accept")
    here.web.react()
    told = [one["template"] for one in here.web.ok(here.citizen, "GET", "/messages")["items"]]
    assert told.count("accepted") == 1 and len(sent) == 1
    monkeypatch.setitem(relay.reactions, "notices.issue", broken)
    for _ in range(2):
        relay.retry(sent[0])
    titles = [row["title"] for row in here.web.ok(here.citizen, "GET", "/notices")["items"]]
    assert titles.count("受理通知书") == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_licence_whose_reaction_died_is_one_document_in_the_queue_when_the_event_is_offered_again(here, monkeypatch,
                                                                                                 after):
    for who, act in ((CLERK, "receive"), (CLERK, "accept"), (REVIEWER, "review"), (HEAD, "grant")):
        here.act(who, act)
    event = next(item for item in cases() if item.get("act") == "grant")
    n = offered(here, monkeypatch, event, after)
    assert len(here.rows("DOCUMENT")) == 1 and disclosure_jobs.publish() == 1 and n >= 3
