"""A desk spread over 16 partitions (moto): its pages come in the order of the desk, none lost, none twice."""
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel import table
from chalicelib.kernel.cases import DESK, SHARDS, CaseStore
from chalicelib.kernel.identity import SYSTEM
from chalicelib.kernel.record import Case, Event, Key
from chalicelib.kernel.table import Table
from chalicelib.kernel.workflow import Step

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


class CallStore(CaseStore[Case]):
    kind, model = "CALL", Case

    def desk(self, case):
        return case.unit

    def shards(self, desk):
        return SHARDS if desk.endswith(".hotline") else 1


@pytest.fixture
def calls(tables):
    store = CallStore(Table("yiciban-test-cases"))
    for n in range(70):
        case = Case(id=f"{n:026d}", unit="430199000000.hotline", state="open", version=1, opened_at=AT)
        event = Event(case_id=case.id, number=1, act="open", source="new", target="open", by=SYSTEM, at=AT, basis="")
        store.create(Step(case, event, AT + timedelta(minutes=n * 37 % 70) if n % 7 else None, None), Key(f"k{n}"))
    return store


@pytest.mark.parametrize("limit", [1, 7, 20, 100])
def test_pages_follow_each_other_in_the_order_of_the_desk(calls, limit):
    found, after = [], None
    while True:
        _, page = calls.page(DESK, "430199000000.hotline", limit, after)
        assert len(page.items) == limit or page.last is None
        found += page.items
        if (after := page.last) is None:
            break
    assert [item["desk_at"] for item in found] == sorted(item["desk_at"] for item in found)
    assert len({item["pk"] for item in found}) == len(found) == 70
    assert len({item["desk"] for item in found}) > 10, "they lie in many partitions"


def test_a_page_reads_little_more_than_it_shows(calls, monkeypatch):
    read, real = [], table.send

    def counting(operation, **request):
        answer = real(operation, **request)
        read.append(len(answer["Items"]))
        return answer
    monkeypatch.setattr(table, "send", counting)
    rows, _ = calls.page(DESK, "430199000000.hotline", 20)
    assert len(rows) == 20 and sum(read) <= 20 + SHARDS * 2 + SHARDS
