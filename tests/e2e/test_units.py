"""What acts and sweeps cost on the engine, in DynamoDB units by table item and index (docs/units.md is kept true)."""
import os
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from chalicelib.domains.applications.models import Act, AtWindow, Draft
from chalicelib.domains.figures.wiring import figures
from chalicelib.domains.hotline.bodies import Act as OrderAct
from chalicelib.domains.hotline.bodies import AtDesk
from chalicelib.domains.hotline.measures import OF_ORDER
from chalicelib.domains.threads.models import Act as ThreadAct
from chalicelib.domains.threads.models import Link
from chalicelib.domains.threads.service import Threads
from chalicelib.domains.threads.store import ThreadStore
from chalicelib.kernel import table
from chalicelib.kernel.cases import due_shard, shard_of
from chalicelib.kernel.sweep import Sweep
from chalicelib.kernel.table import Table
from tests.e2e.running import tables_on_engine
from tests.support.town import (
    AREA,
    CITIZEN,
    CLERK,
    HEAD,
    HOTLINE,
    ITEM,
    MARKET,
    REVIEWER,
    Hands,
    actor,
    applications,
    hotline,
    key,
    publish_basics,
)

DOC = Path(__file__).parents[2] / "docs" / "units.md"
FILES = {"M1": "m" * 26, "M2": "m" * 26}
PERSON = "p" * 26
BUDGET, ORDER_BUDGET, THREAD_BUDGET = 48, 58, 30
SEAT = actor("centre", HOTLINE)


@pytest.fixture(scope="module")
def engine():
    with tables_on_engine():
        yield


@pytest.fixture(scope="module")
def hands():
    return Hands()


@pytest.fixture(scope="module")
def desk(engine, hands):
    return applications(hands, publish_basics(hands), party=lambda person: "张*例")


@pytest.fixture
def spent(monkeypatch):
    monkeypatch.setattr(table, "measure", True)
    table.spent.clear()
    return table.spent


def units(spent, of=("transact_write_items",)):
    """Sum what was consumed: {"table": n, "<index>": n}."""
    total = {}
    for operation, capacity in spent:
        for one in (capacity if isinstance(capacity, list) else [capacity]):
            if operation in of and one:
                parts = {"table": one.get("Table", {}).get("CapacityUnits", 0)}
                parts |= {name: index["CapacityUnits"] for name, index in one.get("GlobalSecondaryIndexes", {}).items()}
                for name, n in parts.items():
                    total[name] = total.get(name, 0) + n
    spent.clear()
    return {name: round(n, 1) for name, n in total.items() if n}


def line(act, cost):
    parts = "、".join(f"{name} {cost[name]:g}" for name in sorted(cost))
    return f"| {act} | {sum(cost.values()):g} | {parts} |"


def told(mark, rows):
    """Check that the document says under `mark` what the acts cost; return the total."""
    total = sum(sum(cost.values()) for _, cost in rows)
    shown = "\n".join(line(act, cost) for act, cost in rows) + f"\n| together | {total:g} | |"
    if os.environ.get("RECORD_UNITS"):
        DOC.write_text(re.sub(rf"(?s)(<!-- {mark} -->\n).*?(\n<!-- end -->)", lambda m: f"{m[1]}{shown}{m[2]}",
                              DOC.read_text("utf-8")), "utf-8")
    assert shown in DOC.read_text("utf-8"), f"docs/units.md is not current:\n{shown}"
    return total


def test_the_reference_path_stays_within_its_budget_and_the_document_is_true(desk, hands, spent):
    form = {"经营场所": "示范区示范路1号", "经营者": "张示例", "联系方式": "见账户"}
    made = desk.register(AtWindow(area=AREA, item=ITEM, form=form, materials=FILES, person=PERSON), CLERK, key()).result
    rows = [("register", units(spent))]
    for day, who, act, fields in (("2026-03-03", CLERK, "accept", {}), ("2026-03-04", REVIEWER, "review", {}),
                                  ("2026-03-05", REVIEWER, "suspend", {"reason": "检验", "planned": 5, "note": "送检"}),
                                  ("2026-03-12", REVIEWER, "resume", {}), ("2026-03-13", HEAD, "grant", {})):
        hands.to(day)
        desk.perform(made.case.id, TypeAdapter(Act).validate_python({"act": act, **fields}), who, key())
        rows.append((act, units(spent)))
    assert told("path", rows) <= BUDGET


def test_the_path_of_an_order_stays_within_its_budget_and_the_document_is_true(engine, hands, spent):
    hands.to("2026-03-02")
    desk = hotline(hands, publish_basics(hands))
    spent.clear()
    words = {"title": "小区夜间施工噪音", "content": "连续三晚施工到凌晨两点" * 50, "place": "示范路1号"}
    made = desk.take(AtDesk(category="help", caller={"name": "李来电", "phone": "13800001234"}, **words), SEAT,
                     key()).result.case.id
    rows = [("register", units(spent))]
    for day, who, act, fields in (
            ("2026-03-02", SEAT, "dispatch", {"unit": MARKET}), ("2026-03-03", REVIEWER, "sign", {}),
            ("2026-03-05", REVIEWER, "reply", {"told": "电话", "result": "solved", "text": "已现场责令整改" * 70}),
            ("2026-03-06", SEAT, "pass", {}), ("2026-03-06", SEAT, "call_back", {"satisfaction": 5, "solved": True}),
            ("2026-03-06", SEAT, "close", {})):
        hands.to(day, 11)
        desk.perform(made, TypeAdapter(OrderAct).validate_python({"act": act, **fields}), who, key())
        rows.append((act, units(spent)))
    assert told("order", rows) <= ORDER_BUDGET


def test_an_event_that_is_counted_stays_within_its_budget(engine, hands, spent):
    """The dearest is the closing, with which an order comes into seven sums. A repeat reads, and writes nothing."""
    hands.to("2026-03-02")
    desk, costs = hotline(hands, publish_basics(hands)), {}
    figures.cache_clear()
    made = desk.take(AtDesk(category="help", caller={"name": "李来电", "phone": "13800001235"}, title="噪音",
                            content="施工", place="示范路2号"), SEAT, key()).result.case.id
    for who, act, fields in ((SEAT, "register", {}), (SEAT, "dispatch", {"unit": MARKET}), (REVIEWER, "sign", {}),
                             (REVIEWER, "reply", {"told": "电话", "result": "solved", "text": "已处理"}),
                             (SEAT, "pass", {}),
                             (SEAT, "call_back", {"satisfaction": 5, "solved": True, "contacted": True}),
                             (SEAT, "close", {})):
        if act != "register":
            desk.perform(made, TypeAdapter(OrderAct).validate_python({"act": act, **fields}), who, key())
        if act in OF_ORDER:
            spent.clear()
            figures().follow("ORDER", made)
            written = sum(units(list(spent)).values())
            costs[act] = (written, sum(units(spent, of=("get_item", "query")).values()))
    spent.clear()
    figures().follow("ORDER", made)
    assert (units(list(spent)), sum(units(spent, of=("get_item", "query")).values()) <= 8) == ({}, True), "a repeat"
    text = "、".join(f"{act} {written:g}/{reads:g}" for act, (written, reads) in costs.items())
    assert text in DOC.read_text("utf-8"), text
    assert max(written for written, _ in costs.values()) <= 20 and max(reads for _, reads in costs.values()) <= 8


def test_linking_stays_within_its_budget_and_the_document_is_true(engine, hands, spent):
    """Two orders become a thread, a third joins, it is closed; whoever of them is answered reads where they are."""
    hands.to("2026-03-02")
    desk, cases = hotline(hands, publish_basics(hands)), Table("yiciban-test-cases")
    made = [desk.take(AtDesk(category="help", caller={"name": "李来电", "phone": "13800001236"}, title="噪音",
                             content="施工", place=f"示范路{n}号"), SEAT, key()).result.case.id for n in range(3)]
    first, second, third = (f"ORDER#{one}" for one in made)
    linking, rows = Threads(ThreadStore(cases), desk.reference, hands, {"ORDER": lambda: desk}), []
    spent.clear()
    thread = linking.link(Link(lead=first, other=second), SEAT, key()).result.case.id
    rows.append(("link", units(spent)))
    for act, fields in (("join", {"member": third}), ("close", {"note": "已办结"})):
        linking.perform(thread, TypeAdapter(ThreadAct).validate_python({"act": act, **fields}), SEAT, key())
        rows.append((act, units(spent)))
    assert told("thread", rows) <= THREAD_BUDGET


def test_an_act_costs_the_same_however_long_the_history_and_the_form(desk, hands, spent):
    def claims(form):
        made = desk.draft(Draft(area=AREA, item=ITEM, form=form, materials=FILES), CITIZEN, key()).result
        desk.perform(made.case.id, TypeAdapter(Act).validate_python({"act": "submit"}), CITIZEN, key())
        desk.perform(made.case.id, TypeAdapter(Act).validate_python({"act": "claim"}), CLERK, key())
        costs = []
        for _ in range(40):
            spent.clear()
            desk.perform(made.case.id, TypeAdapter(Act).validate_python(
                {"act": "hand_over", "handler": CLERK.person}), CLERK, key())
            costs.append(sum(units(spent).values()))
        return costs
    short, long = claims({"a": "b"}), claims({f"field {n}": "长" * 200 for n in range(50)})
    assert short[-1] == short[10] == long[-1] and max(short + long) <= 8


@pytest.mark.parametrize("waiting", [1_000, 20_000])
def test_a_sweep_reads_what_is_due_and_not_what_is_open(engine, hands, spent, waiting, monkeypatch):
    monkeypatch.setattr(table, "measure", False)
    cases, lapsed = Table("yiciban-test-cases"), []
    hands.to("2026-05-06")
    for first in range(0, waiting, 25):                        # cases that wait for a later instant of the same day
        requests = [{"PutRequest": {"Item": table.to_wire({
            "pk": f"OPEN{waiting}#{n:06d}", "sk": "STATE", "due": due_shard(hands.at, shard_of(f"OPEN#{n}")),
            "due_at": f"2026-05-06T15:00:00Z#{n:06d}"})}} for n in range(first, min(first + 25, waiting))]
        table.send("batch_write_item", RequestItems={cases.name: requests})
    monkeypatch.setattr(table, "measure", True)

    def lapse(case):
        cases.save(cases.delete(f"DUE#{case}", "STATE"))
        lapsed.append(case)
        return 1
    sweep = Sweep(cases, Table("yiciban-test-figures"), {"DUE": lapse}, lambda: None, hands)
    sweep.run(hands.at)                                        # closes the days before
    spent.clear()
    sweep.run(hands.at)
    assert swept(spent) == (32, 16, 0), "half a unit for two lanes of two open days in each shard; its lease"
    for n in range(20):                                        # and twenty that are due
        cases.save(cases.put({"pk": f"DUE#{waiting}-{n:03d}", "sk": "STATE", "due": due_shard(hands.at, n % 16),
                              "due_at": "2026-05-06T01:00:00Z"}))
    spent.clear()
    sweep.run(hands.at)
    assert len(lapsed) == 20 and swept(spent) == (112, 16, 32), "looked at three times, cases put aside once; leases"


def swept(spent):
    """What a sweep consumed: read in the index and of single items, written to the table of figures."""
    figures = [one for one in spent if one[0] == "put_item"]
    asked = [one for one in spent if one[0] == "query"]
    got = [one for one in spent if one[0] == "get_item"]
    return tuple(sum(units(part, of=("query", "get_item", "put_item")).values()) for part in (asked, got, figures))
