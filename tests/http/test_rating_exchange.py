"""The push to the province: once per content, tried again until there is a receipt, listed by day."""
import json

import pytest

from chalicelib.domains.ratings import upstream
from chalicelib.domains.ratings.exchange_service import Exchange
from chalicelib.domains.ratings.wiring import exchange
from chalicelib.kernel.problems import Busy
from chalicelib.kernel.secrets import Services
from chalicelib.kernel.settings import settings
from tests.support.kinds import PERSON, scene
from tests.support.scenes.ratings import at_window, corrected, rated, signalled
from tests.support.tables import stored
from tests.support.web import HEAD, RECTIFIER, REVIEWER, SUPERVISOR, bearer

DAY = "/ratings/exchange?day=2026-03-02"


class Province:
    """Keeps what came, by key; is out of reach while `down`."""

    def __init__(self):
        self.came, self.down = [], False

    def push(self, key, fields, mark):
        if self.down:
            raise Busy("上级好差评系统暂时无法访问", retry_after=60)
        self.came.append((key, fields))
        return f"R{len(self.came)}"


@pytest.fixture
def here(web):
    return scene(web).submitted()


@pytest.fixture
def province(monkeypatch):
    made = Province()
    monkeypatch.setattr(upstream, "connect", lambda: made)
    monkeypatch.setattr(upstream, "cipher", lambda: lambda plain: f"sealed{len(plain)}")
    return made


@pytest.fixture
def queue(here, monkeypatch):
    """The messages that wait on the retry queue."""
    sent = []
    monkeypatch.setattr(here.web.module.RELAY, "queue",
                        lambda: type("Queue", (), {"send": staticmethod(sent.append)}))
    return sent


def listed(here):
    return here.web.ok(SUPERVISOR, "GET", DAY)["items"]


def test_a_rating_is_pushed_once_and_again_only_when_it_says_something_new(here, province):
    rating = rated(here)
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 4})
    here.web.react()
    (key, fields), = province.came
    number = here.web.ok(here.citizen, "GET", f"/ratings/{rating}")["case"]["number"]
    assert key == f"{number}:3:2" and (fields["satisfaction"], fields["userName"]) == (4, "sealed4")
    for item in [one for one in here.web.module.CASES.scan().items if one["pk"] == f"RATING#{rating}"
                 and one.get("act") == "rate"]:
        here.web.module.RELAY.offer(item)
    assert len(province.came) == 1, "told again, it is pushed no more"
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "change", "level": 1})
    here.web.react()
    assert {one for one, _ in province.came} == {key} and province.came[-1][1]["satisfaction"] == 1
    row, = listed(here)
    assert (row["rating"], row["state"], row["receipt"]) == (rating, "received", f"R{len(province.came)}")


def test_what_cannot_be_pushed_waits_on_the_queue_and_is_listed_until_it_is(here, province, queue):
    province.down = True
    at_window(here)
    row, = listed(here)
    assert (row["state"], row["reason"], row["receipt"]) == ("failed", "上级好差评系统暂时无法访问", "")
    assert {json.loads(one)["reaction"] for one in queue} == {"ratings.exchange", "ratings.exchange.correction"}
    with pytest.raises(Busy):
        here.web.module.RELAY.retry(queue[0])
    province.down = False
    for one in queue:
        here.web.module.RELAY.retry(one)
    row, = listed(here)
    assert (row["state"], row["reason"], row["attempts"]) == ("received", "", 4) and len(province.came) == 1
    assert province.came[0][1]["isAnonymous"] == 1 and province.came[0][0].startswith(row["rating"])


def test_a_push_that_died_before_its_receipt_is_outstanding_and_sent_again_under_its_key(here, province, queue):
    def died(key, fields, mark):
        province.came.append((key, fields))
        raise RuntimeError("the process died here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(province, "push", died)
        at_window(here)
    row, = listed(here)
    assert (row["state"], row["receipt"]) == ("outstanding", "") and queue
    here.web.module.RELAY.retry(queue[0])
    row, = listed(here)
    assert row["state"] == "received" and len({key for key, _ in province.came}) == 1


def test_an_older_content_never_takes_the_place_of_a_newer(here, province):
    """Of two who push a rating at once, the one that is later with its line looks at the rating anew."""
    rating = rated(here)
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 4})
    real = exchange()._fields

    def slow(case, with_rater):
        fields = real(case, with_rater)
        patch.setattr(Exchange, "_fields", lambda self, *given: real(*given))
        here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "change", "level": 3})
        exchange().push(rating)
        return fields
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Exchange, "_fields", lambda self, *given: slow(*given))
        with pytest.raises(Busy):
            exchange().push(rating)
    assert [fields["satisfaction"] for _, fields in province.came] == [3]
    exchange().push(rating)
    assert len(province.came) == 1 and listed(here)[0]["state"] == "received"


def test_what_lands_last_though_it_is_older_is_overwritten(here, province):
    """The first of two pushes is so slow that the newer content is received before it."""
    rating = rated(here)
    here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "rate", "level": 4})
    real = province.push

    def slow(*given):
        patch.setattr(province, "push", real)
        here.web.ok(here.citizen, "POST", f"/ratings/{rating}/acts", {"act": "change", "level": 3})
        exchange().push(rating)
        return real(*given)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(province, "push", slow)
        with pytest.raises(Busy):
            exchange().push(rating)
    assert [fields["satisfaction"] for _, fields in province.came] == [3, 4]
    for _ in range(2):
        exchange().push(rating)
    assert [fields["satisfaction"] for _, fields in province.came] == [3, 4, 3], "and then there is nothing new"


def test_what_is_found_gamed_is_told_to_the_province(here, province):
    signal = signalled(here)
    here.web.ok(HEAD, "POST", f"/signals/{signal}/acts", {"act": "object", "note": "群众自行扫码"})
    here.web.ok(SUPERVISOR, "POST", f"/signals/{signal}/acts", {"act": "uphold", "note": "核实为代评"})
    for _ in range(2):
        here.web.react()
    assert [fields["rectifyStatus"] for _, fields in province.came] == ["", "3"]


def test_the_correction_goes_up_step_by_step(here, province):
    _, correction = corrected(here)
    for who, act, more in ((RECTIFIER, "contact", {"note": "已联系"}), (RECTIFIER, "admit", {}),
                           (RECTIFIER, "correct", {"result": "corrected", "reply": "已更正"}), (SUPERVISOR, "pass", {}),
                           (SUPERVISOR, "call_back", {"satisfied": True})):
        here.web.ok(who, "POST", f"/corrections/{correction}/acts", {"act": act, **more})
        here.web.react()
    told = [(fields["rectifyStatus"], fields["reply"], fields["callbackResult"]) for _, fields in province.came]
    assert told[-3:] == [("1", "已更正", ""), ("2", "已更正", ""), ("2", "已更正", "1")]
    assert len({key for key, _ in province.came}) == 1


def test_without_a_key_nothing_of_the_rater_goes_and_the_outbox_never_holds_it(here, province, monkeypatch):
    monkeypatch.setattr(upstream, "cipher", lambda: None)
    corrected(here, words="证人在此")
    secrets = (PERSON["name"], PERSON["number"], PERSON["phone"])
    assert province.came and not [one for one in secrets if one in json.dumps(province.came, ensure_ascii=False)]
    kept = [str(item()) for pk, _, item in stored("figures") if pk.startswith("EXCHANGE#")]
    assert kept and not [one for one in (*secrets, "证人在此", here.citizen.person) if one in "".join(kept)]


def test_only_who_watches_over_the_area_reads_the_list(here, province):
    at_window(here)
    for who in (HEAD, REVIEWER, RECTIFIER, here.citizen):
        assert here.web.call(who, "GET", DAY).status_code == 403
    far = bearer("far", ("supervisor", "430121000000.supervision"))
    assert here.web.ok(far, "GET", DAY)["items"] == [] and len(listed(here)) == 1
    assert here.web.call(SUPERVISOR, "GET", "/ratings/exchange?day=gestern").status_code == 422


def test_without_an_upstream_nothing_is_pushed_or_listed(here):
    assert upstream.connect() is None
    at_window(here)
    assert listed(here) == []


@pytest.mark.parametrize("status, data, receipt", [(200, b'{"receipt": "A1"}', "A1"), (202, b"ok", ""),
                                                   (409, b"[]", None),
                                                   (409, b'{"mark": "older"}', None),
                                                   (409, b'{"mark": "m1", "receipt": "A2"}', "A2"),
                                                   (500, b"", None), (302, b"", None)])
def test_the_push_over_http_is_signed_and_an_answer_is_a_receipt_or_busy(monkeypatch, status, data, receipt):
    sent = []

    class Pool:
        def request(self, method, url, body, headers):
            sent.append((method, url, body, headers))
            return type("Answer", (), {"status": status, "data": data})
    monkeypatch.setattr(upstream, "_pool", Pool)
    monkeypatch.setattr(upstream, "secret", lambda part: Services(exchange_key="k"))
    here = settings().model_copy(update={"exchange_url": "https://up.example/push"})
    monkeypatch.setattr(upstream, "settings", lambda: here)
    assert isinstance(upstream.connect(), upstream.Http)
    if receipt is None:
        with pytest.raises(Busy):
            upstream.Http().push("A:1:2", {"satisfaction": 5}, "m1")
    else:
        assert upstream.Http().push("A:1:2", {"satisfaction": 5}, "m1") == receipt
    (method, url, body, headers), = sent
    assert (method, url, json.loads(body), headers["Push-Key"]) == ("POST", "https://up.example/push",
                                                                    {"satisfaction": 5}, "A:1:2")
    assert len(headers["Signature"]) == 64 and headers["Timestamp"].isdigit()
