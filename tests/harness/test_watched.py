"""What the operator sees of every kind: each line of a case names it, and nothing that a person typed is anywhere."""
import json
import re
from io import StringIO
from types import SimpleNamespace

import pytest

from chalicelib.domains.disclosure import jobs as disclosure_jobs
from chalicelib.domains.supervision import jobs as supervision_jobs
from chalicelib.kernel import observe
from chalicelib.kernel.calendar import DAY
from chalicelib.kernel.relay import notice_of
from chalicelib.kernel.table import to_wire
from tests.support.kinds import JOINED, cases, readers, scene
from tests.support.planting import NAME, OPENID, PHONE, PLANTS, WHOLE, Planting, found
from tests.support.tables import stored
from tests.support.web import CLERK

MOST = 14                                  # acts on one case, one after the other
FEWEST = 40                                # fields that took a plant; fewer mean that the planting is broken


class Bureau:
    """A bureau in which everything typed has a plant in it, with all that it writes for the operator kept."""

    def __init__(self, web, monkeypatch):
        self.web, self.log, self.asked, self.acts = web, StringIO(), [], set()
        for handler in observe.log.handlers:
            monkeypatch.setattr(handler, "stream", self.log)
        self.planting, sent = Planting(web.call), []
        monkeypatch.setattr(web.module.RELAY, "queue", lambda: SimpleNamespace(send=sent.append))
        real = self.planting.real

        def call(who, method, path, body=None, **more):
            start = self.log.tell()
            answer = real(who, method, path, body, **more)
            lines = [json.loads(line) for line in self.log.getvalue()[start:].splitlines()]
            self.asked.append((method, path, answer, lines))
            return answer
        self.planting.real = call
        monkeypatch.setattr(web, "call", self.planting)

    def live(self):
        """Make every kind's cases, do with each what anybody is offered, let time pass, type where nothing fits."""
        self.here = scene(self.web).submitted()
        self.offices = readers(self.here)
        made = {kind: joined.start(self.here) for kind, joined in JOINED.items()}
        for kind in sorted(made, key=lambda kind: kind == "MATERIAL"):     # the others need their files
            for case in made[kind]:
                self.read(kind, JOINED[kind], case)
                self.act_on(kind, JOINED[kind], case)
        self.web.react()
        self.web.module.RELAY.deliver(map(record, [item for item in cases() if item["sk"].startswith("EVENT#")][-20:]))
        self.web.hands.at += 40 * DAY
        self.web.module.SWEEP.run(self.web.hands.at)
        disclosure_jobs.publish()
        supervision_jobs.dispatch()
        self.web.react()
        self.type_elsewhere()
        return self

    def read(self, kind, joined, case_id):
        """Everything there is of a case, by the first who may see it."""
        work = self.web.module.KINDS[kind]()
        who = next((who for who, mandate in self.offices.values()
                    if not mandate and work.view(work.store.get(case_id), who.acting(""))), None)
        for below in ("", *joined.below) if who else ():
            self.web.call(who, "GET", f"{joined.path}/{case_id}{below}")

    def act_on(self, kind, joined, case_id):
        work = self.web.module.KINDS[kind]()
        for _ in range(MOST):
            case = work.store.get(case_id)
            act, who, mandate = self.offered(kind, work, case)
            if not act:
                return
            make = joined.bodies[act]
            self.acts.add((kind, act))
            self.web.call(who, "POST", f"{joined.path}/{case_id}/acts", {"act": act, **make(self.here, case)},
                          **({"On_Behalf_Of": mandate} if mandate else {}))

    def offered(self, kind, work, case):
        """An act that was not done before on this kind, and who may do it; "" if there is none."""
        for who, mandate in self.offices.values():
            actor = who.acting("")
            if not mandate and work.view(case, actor):
                for one in work.file(case, actor).acts:
                    if (kind, one.act) not in self.acts:
                        return one.act, who, mandate
        return "", None, ""

    def type_elsewhere(self):
        """In paths, queries, headers and bodies that no model takes; and a reaction that dies of what it read."""
        call = self.web.call
        for path in (f"/applications/{PHONE}", f"/applications?cursor={PHONE}", f"/applications?limit={PHONE}",
                     f"/catalogue/items?area=430105000000&q={PHONE}", f"/applications/track?number={PHONE}&code=abcdef",
                     f"/hotline/orders/{OPENID}/words", f"/notices?application={PHONE}"):
            call(self.here.citizen, "GET", path)
        for headers in ({"On_Behalf_Of": PHONE}, {"Acting_Office": OPENID}, {"If_Match": PHONE},
                        {"key": f"{PHONE}-0001"}):
            call(self.here.citizen, "POST", "/applications", {"area": PHONE, WHOLE: WHOLE}, **headers)
        call(CLERK, "POST", "/accounts/persons", None, raw=WHOLE.encode())
        relay = self.web.module.RELAY
        first = next(item for item in cases() if item["sk"].startswith("EVENT#"))
        relay.deliver([SimpleNamespace(event_name="INSERT", sequence_number="1", new_image=to_wire({"note": WHOLE}),
                                       keys=to_wire({"pk": first["pk"], "sk": first["sk"]}))])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(self.web.module.KINDS["ORDER"]()), "desk", lambda *_: {}[WHOLE])
            assert call(CLERK, "GET", "/hotline/orders").status_code == 500


def record(item):
    """A stored event as the stream brings it."""
    return SimpleNamespace(event_name="INSERT", sequence_number=item["sk"], new_image=to_wire(item),
                           keys=to_wire({"pk": item["pk"], "sk": item["sk"]}))


def seen_by_the_operator(log, printed):
    """All that is kept where no right guards it, by sort."""
    return {"line": log.splitlines(), "metric": printed.splitlines(),
            "notice": [notice_of(item).model_dump_json() for item in cases() if item["sk"].startswith("EVENT#")],
            "figure": [json.dumps(item(), ensure_ascii=False, default=str) for *_, item in stored("figures")]}


def leaks(places):
    return [(sort, text) for sort, texts in places.items() for text in texts if found(text)]


@pytest.fixture
def bureau(web, monkeypatch):
    return Bureau(web, monkeypatch)


def test_what_people_type_stands_in_no_line_metric_notice_or_figure_and_each_line_of_a_case_names_it(bureau, capsys):
    bureau.live()
    places = seen_by_the_operator(bureau.log.getvalue(), capsys.readouterr().out)
    assert leaks(places) == []
    kept = json.dumps([item() for *_, item in stored("cases")], ensure_ascii=False, default=str)
    assert set(found(kept)) == set(PLANTS), "they were typed, taken and stored where rights guard them"
    assert len(bureau.planting.fields) >= FEWEST and {kind for kind, _ in bureau.acts} == set(JOINED)
    assert {json.loads(line)["message"] for line in places["line"]} >= {
        "request", "relay", "sweep", "publish", "unexpected", "unreadable record"}
    assert all(places.values())

    named = 0
    for method, path, answer, lines in bureau.asked:
        if answer.status_code < 300 and (of := case_of(method, path, answer)):
            line = next(one for one in lines if one["message"] == "request")
            assert (line.get("kind"), line.get("case")) == of, (method, path)
            assert {"request", "route", "status", "role"} <= set(line) and line["case"] not in line["route"], line
            named += 1
    print(f"{len(bureau.asked)} requests, {named} lines of cases, {len(bureau.acts)} sorts of acts, "
          f"{len(bureau.planting.fields)} fields planted, {[(sort, len(texts)) for sort, texts in places.items()]}")


def case_of(method, path, answer):
    """The kind and id of the case that a request is about, None where it is about none."""
    bare = path.partition("?")[0]
    for kind, joined in JOINED.items():
        if match := re.fullmatch(rf"{joined.path}/([a-z2-7]{{26}})(/.*)?", bare):
            return kind, match[1]
        if method == "POST" and bare == joined.path and "case" in answer.json_body:
            return kind, answer.json_body["case"]["id"]
    return None


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("sort", ["line", "metric", "notice", "figure"])
def test_the_search_finds_each_plant_in_each_place(bureau, capsys, sort, plant):
    case = scene(bureau.web).draft
    capsys.readouterr()
    bureau.log.truncate(0)
    work = bureau.web.module.KINDS["APPLICATION"]()
    if sort == "line":
        observe.access(status=200, note=plant)
    elif sort == "metric":
        observe.count("Acts", kind=plant)
    elif sort == "notice":
        event = work.store.table.get(f"APPLICATION#{case}", "EVENT#000001")
        work.store.table.save(work.store.table.put(event | {"sk": "EVENT#000009", "number": 9, "unit": plant}))
    else:
        figures = bureau.web.module.FIGURES
        figures.save(figures.put({"pk": "SOUGHT", "sk": f"a {plant}"}))
    found_in = {where for where, _ in leaks(seen_by_the_operator(bureau.log.getvalue(), capsys.readouterr().out))}
    assert found_in == {sort}


def test_a_door_that_logged_its_body_would_be_caught(bureau, capsys, monkeypatch):
    real = observe.access
    from chalicelib.kernel import http
    monkeypatch.setattr(http, "access", lambda **facts: real(**facts, typed=WHOLE))
    scene(bureau.web)
    assert leaks(seen_by_the_operator(bureau.log.getvalue(), capsys.readouterr().out))


def test_a_plant_is_found_escaped_and_in_an_address():
    assert found(json.dumps({"a": NAME})) == found(f"/x?q={'%E6%AC%A7%E9%98%B3%E7%A4%BA%E4%BE%8B'}") == [NAME]
