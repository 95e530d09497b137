"""A bureau that publishes, on tables in moto: its people, a shelf for a site, and crashes at any call to either."""
import json
from datetime import UTC, date, datetime
from hashlib import sha256

from chalicelib.domains.disclosure import store
from chalicelib.domains.disclosure.models import Approve, Draft, Licence, Plain, Reasoned, Schedule
from chalicelib.domains.disclosure.publishing import Publishing
from chalicelib.domains.disclosure.service import Disclosure, licence_key
from chalicelib.domains.disclosure.site import Site
from chalicelib.kernel import table
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.objects import Stored
from chalicelib.kernel.reference import NATION
from chalicelib.kernel.relay import Notice
from chalicelib.kernel.table import Table
from tests.support.town import AREA, MARKET, SEEDS, Hands, actor, key, publish_basics

OPENNESS = f"{AREA}.openness"
AUTHOR, HEAD = actor("reviewer", MARKET, "author"), actor("head", MARKET, "head")
PUBLISHER, LEADER = actor("publisher", OPENNESS, "publisher"), actor("leader", OPENNESS, "leader")
BASE = "https://www.example.gov.cn/site"
TEXT = "一、办理时间\n工作日上午九时至下午五时。\n二、联系方式\n电话：0731-88123456。"


class Crash(BaseException):
    """The process died here: nothing of ours catches it."""


class Shelf:
    """The objects of a site in memory. `met` is called before and after each call."""

    def __init__(self):
        self.held, self.puts, self.met = {}, [], lambda after: None

    def _called(self, work):
        self.met(False)
        found = work()
        self.met(True)
        return found

    def head(self, key):
        def found():
            body = self.held.get(key)
            return body and Stored(len(body[0]), sha256(body[0]).hexdigest(), body[1])
        return self._called(found)

    def get(self, key):
        return self._called(lambda: self.held[key][0])

    def put(self, key, body, content_type):
        def done():
            self.held[key] = body, content_type
            self.puts.append(key)
        self._called(done)

    def json(self, path):
        return json.loads(self.held[f"{AREA}/{path}"][0])

    def text(self, path):
        return self.held[f"{AREA}/{path}"][0].decode()


class Press:
    """The office of documents and its job; `publish()` runs the job as a process of its own would."""

    def __init__(self):
        self.hands, self.shelf, self.runs = Hands(), Shelf(), 0
        reference = publish_basics(self.hands)
        for name in (store.LIMITS, store.COLUMNS, store.NUMBERS):
            rows = json.loads((SEEDS / f"{name.lower()}.json").read_text("utf-8"))
            reference.publish(name, NATION, "1", rows, date(2004, 1, 1))
        self.work = Disclosure(store.DocumentStore(Table("yiciban-test-cases")), reference, self.hands,
                               store.Turns(Table("yiciban-test-figures")), lambda unit: "示范区政务公开办公室",
                               lambda person, unit: True, self.licence)

    kind = "01"

    def licence(self, application, number):
        return Licence(kind=self.kind, number=f"B{application[:5]}", title="食品经营许可", party="张*", area=AREA,
                       unit=MARKET, office="市场监管局", granted_on=date(2026, 3, 2))

    def job(self):
        self.runs += 1
        return Publishing(self.work, self.shelf, BASE, self.hands, lambda: f"run-{self.runs}")

    def publish(self):
        return self.job().run()

    def act(self, case, who, body):
        return self.work.perform(case, body, who, key()).result

    def drafted(self, who=AUTHOR, **fields):
        body = {"title": "办事大厅服务指南", "column": "guides", "formed_on": date(2026, 3, 2), "text": TEXT} | fields
        return self.work.draft(Draft(**body), who, key()).result.case.id

    def scheduled(self, hour=None, **fields):
        """A document through its three reviews, to be published at `hour` (`2026-03-02T03:00`, UTC) or at once."""
        case = self.drafted(**fields)
        self.act(case, AUTHOR, Plain(act="submit"))
        for who in (HEAD, PUBLISHER):
            self.act(case, who, Approve(act="approve", confirm=True, note="已核对"))
        self.act(case, LEADER, Schedule(act="schedule", confirm=True, note="已核对",
                                        **({"hour": datetime.fromisoformat(hour).replace(tzinfo=UTC)} if hour else {})))
        return case

    def licensed(self, n):
        """The licence of the n-th application, straight into the queue; return the document's id."""
        self.work.enter(Notice(kind="APPLICATION", case_id=f"{n:026d}", number=9, act="grant", source="reviewing",
                               target="granted", area=AREA, unit=MARKET, at=self.hands.at, basis="XKF38"))
        return self.work.store.id_for(SYSTEM.person, licence_key("APPLICATION", f"{n:026d}", 9))

    def withdrawn(self, case):
        self.act(case, PUBLISHER, Reasoned(act="ask_withdrawal", note="内容有误"))
        self.act(case, LEADER, Plain(act="approve_withdrawal"))

    def state(self, case):
        return self.work.store.get(case).state

    def ought(self, *order):
        """The shelf as one job that nothing ever disturbed would have left it, by the documents' own records.

        `order`: the ids as they went out, and once more each that came down.
        """
        shelf, out = Shelf(), set()
        for case_id in order:
            case = self.work.store.get(case_id)
            if case_id not in out:
                case = case.model_copy(update={"state": "publishing", "hour": case.published_at})
            out.add(case_id)
            site = Site(shelf, AREA, "示范区政务公开办公室", f"{BASE}/{AREA}/", self.work.columns(AREA))
            for where, body, kind in site.writes(case, self.work.store.part(case_id, case.text)["text"]):
                shelf.put(where, body, kind)
        return shelf.held


class Interruption:
    """Does `deed` once, at the n-th call to tables or site: before it is sent, or after it was done."""

    def __init__(self, press, monkeypatch, deed):
        self.press, self.deed, self.left, self.after = press, deed, None, False
        self.real = table.send
        monkeypatch.setattr(table, "send", self)
        press.shelf.met = self.met

    def at(self, n, after):
        self.left, self.after = n, after

    @property
    def struck(self):
        return self.left is None

    def met(self, after):
        if self.left is None or after != self.after:
            return
        if self.left:
            self.left -= 1
            return
        self.left = None
        self.deed()

    def __call__(self, operation, **request):
        self.met(False)
        found = self.real(operation, **request)
        self.met(True)
        return found
