"""Messages in the inbox (moto) and on the channels: each once, to whom they belong, with no personal data."""
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import urllib3
from pydantic import ValidationError

from chalicelib.domains.applications.models import Draft, Plain
from chalicelib.domains.applications.workflow import APPLICATIONS
from chalicelib.domains.messages import channels
from chalicelib.domains.messages.models import Mark
from chalicelib.domains.messages.service import Messages
from chalicelib.domains.messages.wiring import ABOUT, TEMPLATES
from chalicelib.kernel import now
from chalicelib.kernel.problems import Busy, Malformed
from chalicelib.kernel.record import Moved
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HALL,
    HEAD,
    ITEM,
    MARKET,
    MONDAY,
    REVIEWER,
    STRANGER,
    Hands,
    actor,
    applications,
    key,
    publish_basics,
)

CASE = "a" * 26
FACTS = {"number": "N20260302A0001", "title": "食品经营许可", "person": CITIZEN.person}


def about(kind, case_id, state):
    return FACTS | {"state": APPLICATIONS.words[state]}


def notice(act, number=2, desk="", at=MONDAY, target="accepted"):
    return Notice(kind="APPLICATION", case_id=CASE, number=number, act=act, source="received", target=target,
                  area=AREA, unit=HALL, desk=desk, at=at, basis="XKF32")


class Recorder:
    """A channel that keeps what it is given, and fails while `down`."""

    def __init__(self):
        self.sent, self.down = [], False

    def send(self, address, key, title, text):
        if self.down:
            raise Busy()
        self.sent.append((address, key, title, text))


@pytest.fixture
def lines():
    return {"wechat": Recorder(), "sms": Recorder()}


@pytest.fixture
def messages(tables, lines):
    return Messages(Table("yiciban-test-inbox"), TEMPLATES, about,
                    lambda person, channel: f"{channel}-address", lambda: lines, Hands())


def titles(messages, who):
    return [item.title for item in messages.inbox(who, 50, None).items]


def test_an_event_told_twice_is_one_message_sent_once(messages, lines):
    for _ in range(2):
        messages.tell(notice("ask_correction"))
    assert titles(messages, CITIZEN) == ["请补正申请材料"]
    assert [len(line.sent) for line in lines.values()] == [1, 1]
    address, key, title, text = lines["sms"].sent[0]
    assert address == "sms-address" and key == messages.inbox(CITIZEN, 1, None).items[0].id and FACTS["number"] in text


def test_a_channel_that_fails_holds_up_nothing_and_is_tried_again_alone(messages, lines):
    lines["wechat"].down = True
    for _ in range(2):
        with pytest.raises(Busy):
            messages.tell(notice("ask_correction"))
    assert titles(messages, CITIZEN) == ["请补正申请材料"] and len(lines["sms"].sent) == 1
    lines["wechat"].down = False
    for _ in range(2):
        messages.tell(notice("ask_correction"))
    assert [len(line.sent) for line in lines.values()] == [1, 1]


def test_a_message_tells_the_state_the_event_led_to_however_late_it_is_told(tables, lines):
    desk = applications(Hands(), publish_basics(Hands()))
    case = desk.draft(Draft(area=AREA, item=ITEM, materials={"M1": "m" * 26, "M2": "m" * 26}), CITIZEN, key()).result
    desk.perform(case.case.id, Plain(act="submit"), CITIZEN, key())
    desk.perform(case.case.id, Plain(act="withdraw"), CITIZEN, key())
    told = Messages(Table("yiciban-test-inbox"), TEMPLATES,
                    lambda kind, case_id, state: ABOUT[kind](desk.store.table, case_id, state),
                    lambda person, channel: "", lambda: lines, Hands())
    told.tell(notice("submit", target="submitted").model_copy(update={"case_id": case.case.id}))
    assert "当前状态：网上已提交（待预审）" in told.inbox(CITIZEN, 1, None).items[0].text


def test_a_recount_is_told_to_the_person_and_the_desk_where_it_moved_a_deadline(messages):
    told = notice("recount", target="received")
    messages.tell(told)
    assert titles(messages, CITIZEN) == titles(messages, CLERK) == []
    moved = Moved(clock="notice", before="2026-03-09T16:00:00Z", after="2026-03-10T16:00:00Z")
    messages.tell(told.model_copy(update={"moved": (moved,)}))
    assert titles(messages, CITIZEN) == titles(messages, CLERK) == ["办理期限有变动"]


def test_a_unit_s_message_is_for_the_offices_that_have_such_cases(messages):
    messages.tell(notice("submit", target="submitted"))
    assert titles(messages, CLERK) == ["有新的申请材料"]
    assert titles(messages, actor("rectifier", HALL)) == [] == titles(messages, actor("publisher", HALL))


@pytest.mark.parametrize("kind, act, target, offices", [
    ("CORRECTION", "open", "waiting", {"rectifier", "head"}), ("SIGNAL", "raise", "raised", {"head"}),
    ("COMPLAINT", "classify", "classified", {"clerk", "reviewer", "head"})])
def test_what_is_said_of_a_unit_s_officials_is_told_to_whom_it_is_for_and_to_nobody_kept_apart(
        messages, kind, act, target, offices):
    """Nor to one who is kept apart and watches over the area as well."""
    facts = FACTS | {"state": target, "apart": "rated one\nrated-two"}
    told = replace(messages, about=lambda kind, case_id, state: facts)
    told.tell(notice(act, target=target).model_copy(update={"kind": kind}))
    reading = {role for role in ("clerk", "reviewer", "head", "rectifier", "publisher")
               if titles(told, actor(role, HALL, "another"))}
    assert reading == offices
    assert not [role for role in offices for one in ("rated one", "rated-two") if titles(told, actor(role, HALL, one))]
    told.tell(notice("correct", number=3, target="checking").model_copy(update={"kind": "CORRECTION"}))
    desk = f"{AREA}.supervision"
    seen = [len(titles(told, actor("supervisor", desk, one))) for one in ("another", "rated-two")]
    assert seen == [1, 0]


def test_no_link_is_sent_to_a_number_that_may_be_another_s_and_it_is_not_tried_again(messages, lines):
    held = replace(messages, about=lambda kind, case_id, state: FACTS | {"state": state, "token": "t" * 36},
                   link=lambda token: f" https://a.example/#{token}", withheld=lambda person, area, at: True)
    invited = notice("invite", target="invited").model_copy(update={"kind": "RATING"})
    held.tell(invited)
    replace(held, withheld=lambda person, area, at: False).tell(invited)
    assert titles(held, CITIZEN) == ["请您评价"] and (len(lines["wechat"].sent), lines["sms"].sent) == (1, [])
    row, = held.table.every(f"INBOX#{CITIZEN.person}")
    assert row["sent_sms"] == "withheld"
    held.tell(notice("ask_correction", number=3))
    assert len(lines["sms"].sent) == 1, "what opens nothing is sent"


def test_every_kind_that_is_told_of_has_its_treaty():
    assert {template.kind for template in TEMPLATES} == set(ABOUT)


def test_reading_and_sending_at_the_same_moment_both_stand(messages, lines):
    class Reader(Recorder):
        def send(self, address, key, title, text):
            assert messages.mark([key], CITIZEN) == 1, "the citizen reads it while the gateway is being asked"
            super().send(address, key, title, text)
    lines["wechat"] = Reader()
    messages.tell(notice("ask_correction"))
    row, = messages.table.every(f"INBOX#{CITIZEN.person}")
    assert (row["read"], row["sent_wechat"], row["sent_sms"]) == (True, True, True)


def test_who_is_reached_nowhere_has_the_inbox(messages, lines):
    nowhere = Messages(messages.table, TEMPLATES, messages.about, lambda person, channel: "", messages.channels,
                       messages.clock)
    nowhere.tell(notice("ask_correction"))
    assert titles(messages, CITIZEN) == ["请补正申请材料"] and lines["sms"].sent == []


def test_a_desk_s_message_goes_to_the_unit_it_came_to_and_the_person_s_to_the_person(messages):
    messages.tell(notice("accept", desk=MARKET))
    assert titles(messages, REVIEWER) == titles(messages, HEAD) == ["有新的待审办件"]
    assert titles(messages, CITIZEN) == ["申请已受理"]
    assert titles(messages, CLERK) == titles(messages, STRANGER) == []
    messages.tell(notice("submit", number=3))
    assert titles(messages, CLERK) == ["有新的申请材料"], "without a new desk it is the unit's that has the case"


def test_the_inbox_is_newest_first_and_its_cursor_the_reader_s(messages):
    for number in range(3):
        messages.tell(notice("submit", number, at=MONDAY + timedelta(hours=number)))
    first = messages.inbox(CITIZEN, 2, None)
    rest = messages.inbox(CITIZEN, 2, first.cursor)
    assert [one.at.hour for one in (*first.items, *rest.items)] == [4, 3, 2] and rest.cursor is None
    with pytest.raises(Malformed):
        messages.inbox(STRANGER, 2, first.cursor)


def test_reading_is_marked_once_and_only_in_one_s_own_inbox(messages):
    messages.tell(notice("ask_correction"))
    one = messages.inbox(CITIZEN, 1, None).items[0].id
    assert messages.mark([one], STRANGER) == 0
    assert (messages.mark([one, "none"], CITIZEN), messages.mark([one], CITIZEN)) == (1, 0)
    messages.tell(notice("ask_correction"))
    assert messages.inbox(CITIZEN, 1, None).items[0].read, "telling it again does not make it unread"
    for ids in ([""], ["x" * 81], ["x"] * 101):
        with pytest.raises(ValidationError):
            Mark(ids=ids)


def test_no_template_can_name_more_than_number_title_state_and_what_it_is(messages):
    for template in TEMPLATES:
        assert template.text.format(number="", title="", state="", word=""), template.code
        assert len(template.title) <= 20 and set(template.channels) <= {"wechat", "sms"}
        messages.tell(notice(template.acts[0]))
    stored = json.dumps(messages.table.scan().items, ensure_ascii=False)
    assert "address" not in stored and "张" not in stored
    assert len({template.code for template in TEMPLATES}) == len(TEMPLATES)


class Pool:
    """Stands for the connection pool: answers in turn, and remembers what was posted."""

    def __init__(self, *answers):
        self.answers, self.posted = list(answers), []

    def request(self, method, url, body, headers):
        self.posted.append((url, json.loads(body)))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(status=answer[0], data=answer[1])


@pytest.fixture
def outside(monkeypatch):
    """outside(answer...) -> the pool, with both channels configured."""
    here = settings().model_copy(update={"sms_url": "https://sms.example.gov.cn/send", "wechat_app_id": "wx0001",
                                         "wechat_template": "t1"})
    monkeypatch.setenv("WECHAT_SECRET", "secret")
    monkeypatch.setattr(channels, "settings", lambda: here)
    monkeypatch.setattr(now, "now", lambda: datetime(2026, 3, 2, 2, tzinfo=UTC))

    def outside(*answers):
        pool = Pool(*answers)
        monkeypatch.setattr(channels, "_pool", lambda: pool)
        return pool
    return outside


def test_the_sms_gateway_takes_over_with_any_2xx(outside):
    pool = outside((200, b"OK"), (204, b""))
    for _ in range(2):
        channels.Sms().send("13800001234", "k1", "标题", "正文")
    assert pool.posted == [("https://sms.example.gov.cn/send", {"to": "13800001234", "key": "k1", "text": "正文"})] * 2


@pytest.mark.parametrize("answer", [(500, b""), urllib3.exceptions.MaxRetryError(None, "/")])
def test_a_gateway_that_fails_is_tried_later(outside, answer):
    outside(answer)
    with pytest.raises(Busy):
        channels.Sms().send("13800001234", "k1", "标题", "正文")


def test_wechat_is_given_short_fields_and_its_token_is_used_again(outside):
    pool = outside((200, b'{"access_token": "T1", "expires_in": 7200}'), (200, b'{"errcode": 0}'),
                   (200, b'{"errcode": 43101, "errmsg": "user refuse to accept the msg"}'))
    line = channels.Wechat()
    for _ in range(2):
        line.send("openid", "k1", "题" * 30, "文" * 30)
    token, sent, _ = pool.posted
    assert token[0].endswith("/cgi-bin/stable_token") and "secret" not in token[0] and len(pool.posted) == 3
    assert sent[0].endswith("send?access_token=T1") and sent[1]["touser"] == "openid"
    assert [len(field["value"]) for field in sent[1]["data"].values()] == [20, 20]


@pytest.mark.parametrize("answers", [
    [(200, b'{"errcode": 40125}')], [(200, b"<html>")], [(502, b"")],
    [(200, b'{"access_token": "T1", "expires_in": 7200}'), (200, b'{"errcode": 40001}')]])
def test_wechat_s_refusals_are_tried_later_with_a_fresh_token(outside, answers):
    outside(*answers)
    line = channels.Wechat()
    with pytest.raises(Busy):
        line.send("openid", "k1", "标题", "正文")
    assert line.token == ""


def test_a_channel_that_is_not_connected_sends_nothing(monkeypatch):
    pool = Pool()
    monkeypatch.setattr(channels, "_pool", lambda: pool)
    for line in (channels.Sms(), channels.Wechat()):
        line.send("address", "k1", "标题", "正文")
    assert pool.posted == []
