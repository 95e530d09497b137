"""When a deadline is reminded of is data of its own, by unit and item, in force at receipt (moto)."""
from datetime import date

import pytest

from chalicelib.domains.applications.models import Draft, Plain, Revise
from chalicelib.kernel.reference import NATION
from chalicelib.kernel.thresholds import THRESHOLDS
from tests.support.cards import at
from tests.support.town import AREA, CITIZEN, CLERK, HALL, ITEM, MARKET, Hands, applications, key, publish_basics

FILES = {"M1": "m" * 26, "M2": "n" * 26}


@pytest.fixture
def bureau(tables):
    hands = Hands()                                        # Monday, 2 March 2026
    return applications(hands, publish_basics(hands))


def publish(bureau, *rows, since="2026-01-01"):
    bureau.reference.publish(THRESHOLDS, NATION, "2", [
        {"kind": "APPLICATION", "clock": "promised", "warn_left": 0, "warn_used": 0, **row} for row in rows],
        date.fromisoformat(since))
    bureau.clock.move(seconds=61)


def accepted(bureau):
    case = bureau.draft(Draft(area=AREA, item=ITEM), CITIZEN, key()).result.case.id
    bureau.perform(case, Revise(act="revise", form={}, materials=FILES), CITIZEN, key())
    bureau.perform(case, Plain(act="submit"), CITIZEN, key())
    for act in ("receive", "accept"):
        bureau.perform(case, Plain(act=act), CLERK, key())
    return case


def test_the_seeds_remind_of_ten_days_with_five_left_and_warn_from_the_day_on_which_eight_are_used(bureau):
    case, acts = accepted(bureau), []
    for day in ("2026-03-08", "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"):
        bureau.clock.at = at(day)
        for _ in range(2):
            acts += [(day, bureau.store.get(case).version)] if bureau.lapse(case) else []
    told = [(event.act, event.at) for event in bureau.store.timeline(case) if event.by.role == "system"]
    assert told == [("remind_promised", at("2026-03-09")), ("warn_promised", at("2026-03-12")),
                    ("warn_promised", at("2026-03-13"))] and len(acts) == 3


@pytest.mark.parametrize("row, day", [
    ({"warn_left": 5}, "2026-03-09"), ({"warn_left": 5, "item": ITEM}, "2026-03-09"),
    ({"warn_left": 5, "unit": MARKET}, "2026-03-09"), ({"warn_left": 5, "unit": HALL}, "2026-03-17")])
def test_a_row_for_the_deciding_unit_or_the_item_goes_before_the_limit_s_own(bureau, row, day):
    publish(bureau, {}, row)
    assert bureau.store.woken(accepted(bureau))[1] == at(day)


def test_thresholds_published_after_receipt_do_not_change_a_case(bureau):
    bureau.clock.to("2026-03-03")
    publish(bureau, {"warn_left": 5}, since="2026-03-04")
    case = accepted(bureau)
    bureau.clock.to("2026-03-04")
    assert bureau.limits(bureau.store.get(case))["promised"].warn_used == 80
