"""A day with planted personal data: where it may not be, it is not, in clear or in any part of a key."""
import json
from dataclasses import replace
from io import StringIO

import boto3
import pytest

from chalicelib.domains.accounts import doors
from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.messages import channels
from chalicelib.kernel import observe
from chalicelib.kernel.relay import notice_of
from chalicelib.kernel.table import Table, from_wire
from chalicelib.kernel.tokens import verify
from tests.support.kinds import JOINED, ONES, PERSON, Scene, cases
from tests.support.planting import OPENID, PLANTS, found
from tests.support.town import AREA
from tests.support.web import AUDITOR, CLERK, HEAD, REVIEWER, SUPERVISOR, uploaded

MASKED = "欧**例"
FILE_NAME = f"{PERSON['name']}的身份证.pdf"
"""What the holder may call a file; it stands in the file's title, and nowhere in a key, an address or a log."""
SEALED = ("name", "number", "phone", "openid")
MOST = 3                                   # cases of a kind that everybody looks at
TABLES = ("cases", "accounts", "figures", "inbox", "reference")
KEYS = {"pk", "sk", "desk", "desk_at", "person_key", "opened_at", "closed", "closed_at", "due", "due_at"}


class Telling:
    """A channel that keeps what it was asked to send."""

    def __init__(self):
        self.sent = []

    def send(self, address, key, title, text):
        self.sent.append((address, key + title + text))


class Watched:
    """The bureau, with everything that goes over its doors written down."""

    def __init__(self, web, monkeypatch):
        self.web, self.addresses, self.answers, self.told, self.queued = web, [], [], Telling(), []
        self.log, real = StringIO(), web.call
        for handler in observe.log.handlers:
            monkeypatch.setattr(handler, "stream", self.log)
        monkeypatch.setattr(doors, "openid_of", lambda code: OPENID)
        monkeypatch.setattr(doors, "confirm_identity", lambda name, number: True)
        monkeypatch.setattr(channels, "connect", lambda: {"wechat": self.told, "sms": self.told})
        monkeypatch.setattr(web.module.RELAY, "queue", lambda: type("Queue", (), {
            "send": staticmethod(self.queued.append)}))
        accounts.cache_clear()

        def call(who, method, path, body=None, **more):
            answer = real(who, method, path, body, **more)
            self.addresses.append(path)
            if not path.endswith("/reveal"):
                self.answers.append((method, path, answer.body.decode() + json.dumps(dict(answer.headers))))
            return answer
        monkeypatch.setattr(web, "call", call)

    def signed_in(self):
        """Sign in by WeChat, register the real name, and be seen at a window with a telephone."""
        ok = self.web.ok
        who = verify(ok(None, "POST", "/accounts/sessions/wechat", {"code": "one"})["token"], self.web.hands.at)
        ok(who, "POST", "/accounts/me/identity", {"name": PERSON["name"], "number": PERSON["number"]})
        ok(CLERK, "POST", "/accounts/persons", PERSON, key=f"{PERSON['phone']}-0001")
        return verify(ok(None, "POST", "/accounts/sessions/wechat", {"code": "two"})["token"], self.web.hands.at)

    def day(self):
        """One application refused, one deemed accepted and carded, one taken in at the window; things that fail."""
        ok, citizen = self.web.ok, self.signed_in()
        code = ok(None, "GET", f"/catalogue/items?area={AREA}")["items"][0]["code"]
        item = ok(None, "GET", f"/catalogue/items/{code}?area={AREA}")["item"]
        files = {one["id"]: uploaded(self.web, citizen, FILE_NAME) for one in item["materials"]
                 if one["necessity"] == "1"}
        made = ok(citizen, "POST", "/applications", {"area": AREA, "item": code})["case"]["id"]
        here = Scene(self.web, citizen, item, files, made).submitted()
        ok(CLERK, "POST", f"/accounts/persons/{citizen.person}/reveal", {"reason": "核对原件"})
        for joined in reversed(JOINED.values()):
            joined.start(here)
        self.broken()
        for who, act in ((REVIEWER, {"act": "review"}), (HEAD, {
                "act": "refuse", "reason": "不符合法定条件", "basis": "行政许可法第三十八条"})):
            here.act(who, act.pop("act"), **act)
            self.web.react()
        self.look(here)
        return here

    def broken(self):
        """A reaction and a request that die with personal data in the exception."""
        relay = self.web.module.RELAY
        broken, event = relay.reactions["notices.issue"], max(
            (item for item in cases() if item.get("act") == "deem"), key=lambda item: item["at"])
        relay.reactions["notices.issue"] = replace(broken, react=lambda notice: {}[PLANTS])
        relay.offer(event)
        relay.reactions["notices.issue"] = broken
        for body in ({"kind": "natural", "name": PERSON["name"], "number": PERSON["number"][:-1] + "1"},
                     {"kind": "natural", "name": PERSON["name"], "number": PERSON["number"], "x": PERSON["phone"]}):
            assert self.web.call(CLERK, "POST", "/accounts/persons", body).status_code == 422
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Table, "get", lambda *_: {}[PLANTS])
            assert self.web.call(CLERK, "GET", "/applications/x").status_code == 500

    def look(self, here):
        """Everybody reads what is theirs, page by page."""
        for who in (here.citizen, SUPERVISOR, *ONES.values()):
            for path in (*(path for joined in JOINED.values() for path in joined.lists), "/messages",
                         f"/applications/{here.draft}", f"/applications/{here.draft}/papers",
                         f"/notices?application={here.draft}", f"/applications/{here.draft}/clocks/statutory"):
                answer = self.web.call(who, "GET", path)
                first = answer.json_body if "?" in path or "/applications/" in path else self.web.call(
                    who, "GET", f"{path}?limit=1").json_body
                if first.get("cursor"):
                    self.web.ok(who, "GET", f"{path}{'&' if '?' in path else '?'}limit=1&cursor={first['cursor']}")
        for who in (here.citizen, SUPERVISOR, *ONES.values()):
            for kind, joined in JOINED.items():
                for case in here.rows(kind)[:MOST]:
                    for below in ("", *joined.below):
                        self.web.call(who, "GET", f"{joined.path}/{case}{below}")
        for row in self.web.ok(here.citizen, "GET", "/notices")["items"]:
            self.web.ok(here.citizen, "GET", f"/notices/{row['id']}/page")
        for material in here.files.values():
            self.addresses.append(self.web.ok(here.citizen, "GET", f"/materials/{material}/file")["url"])
        for path in ("/accounts/me", "/accounts/mandates"):
            self.web.ok(here.citizen, "GET", path)
        self.web.ok(CLERK, "GET", f"/accounts/persons/{here.citizen.person}")
        self.web.ok(AUDITOR, "GET", "/accounts/reads?day=2026-03-02")


def stored():
    """Every item of every table: (table, item)."""
    for name in TABLES:
        pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=f"yiciban-test-{name}")
        yield from ((name, from_wire(item)) for page in pages for item in page["Items"])


@pytest.fixture
def day(web, monkeypatch, capsys):
    watched = Watched(web, monkeypatch)
    watched.here = watched.day()
    watched.printed = capsys.readouterr()
    return watched


def test_planted_personal_data_is_nowhere_but_sealed_in_the_accounts(day):
    things, places = list(stored()), 0
    for table, item in things:
        titled = item["pk"].startswith("MATERIAL#") and FILE_NAME in json.dumps(item, ensure_ascii=False)
        clear = {name: value for name, value in item.items() if name in KEYS or not titled}
        assert found(json.dumps(clear, ensure_ascii=False, default=str)) == [], (table, item["pk"], item["sk"])
        places += len(clear)
    profile = next(item for table, item in things if table == "accounts" and item["sk"] == "PROFILE"
                   and item["id"] == day.here.citizen.person)
    assert set(SEALED) <= set(profile) and profile["party"] == MASKED
    assert accounts().store.opened(profile) == {"name": PERSON["name"], "number": PERSON["number"],
                                                "phone": PERSON["phone"], "openid": OPENID}
    parties = {item["party"] for table, item in things if table == "cases" and "party" in item}
    assert parties == {MASKED}, "cases name nobody but by the masked name"

    events = [notice_of(item).model_dump_json() for table, item in things
              if table == "cases" and item["sk"].startswith("EVENT#")]
    objects = [one["Key"] for one in boto3.client("s3").list_objects_v2(Bucket="yiciban-test-objects")["Contents"]]
    numbers = [item["number"] for _, item in things if "number" in item and "#" in item["pk"] and item["sk"] == "STATE"]
    logged = day.log.getvalue() + day.printed.out + day.printed.err
    for what, texts in (("notice of an event", events), ("object key", objects), ("number", numbers),
                        ("queued", day.queued), ("address", day.addresses), ("log and metrics", logged.splitlines()),
                        ("message", [text for _, text in day.told.sent])):
        assert texts, what
        assert [(text, found(text)) for text in texts if found(text)] == [], what
        places += len(texts)
    assert '"request"' in logged and '"unexpected"' in logged and '"Acts"' in logged and '"ReactionFailures"' in logged
    assert {address for address, _ in day.told.sent} == {OPENID, PERSON["phone"]}, "only the channel knows the address"

    for method, path, text in day.answers:
        assert found(text.replace(FILE_NAME, "")) == [], (method, path)
    print(f"{len(things)} items, {places} places, {len(day.answers)} answers searched")
