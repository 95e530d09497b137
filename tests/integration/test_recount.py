"""A notice that moves dates while cases wait (moto): each is counted again, once; a run that died is gone on with."""
from contextlib import suppress
from datetime import date, timedelta

import pytest

from chalicelib.domains.applications.models import Draft, Plain, Revise
from chalicelib.kernel.calendar import Notice
from chalicelib.kernel.recount import Recount
from chalicelib.kernel.reference import FRESH
from chalicelib.kernel.table import Table
from tests.support.town import AREA, CITIZEN, CLERK, ITEM, Hands, applications, key, publish_basics

FILES = {"M1": "m" * 26, "M2": "n" * 26}


@pytest.fixture
def bureau(tables):
    hands = Hands()
    made = applications(hands, publish_basics(hands))
    made.recount_job = Recount(made.store.table, Table("yiciban-test-figures"), made.reference,
                               {"APPLICATION": made.recount})
    return made


def submitted(bureau):
    case = bureau.draft(Draft(area=AREA, item=ITEM), CITIZEN, key()).result.case.id
    for body in (Revise(act="revise", form={}, materials=FILES), Plain(act="submit")):
        bureau.perform(case, body, CITIZEN, key())
    return case


def announce(bureau, name, holidays=(), makeup=()):
    bureau.reference.announce(Notice(
        number=name, publisher="国务院办公厅", source="测试", known_at=bureau.clock(), year=2026,
        holidays={date.fromisoformat(day): "临时" for day in holidays}, makeup_days=map(date.fromisoformat, makeup)))
    bureau.clock.move(seconds=FRESH.total_seconds() + 1)


def acts(bureau, case):
    return [event.act for event in bureau.store.timeline(case)]


def test_a_new_make_up_day_wakes_a_case_earlier(bureau):
    bureau.clock.to("2026-03-05")                  # Thursday: five working days end with the 12th
    case = submitted(bureau)
    bureau.perform(case, Plain(act="receive"), CLERK, key())
    assert bureau.store.wake(case).isoformat() == "2026-03-10T16:00:00+00:00", "a day left: the 11th, from 00:00"
    announce(bureau, "临时通知一", makeup=["2026-03-07"])
    assert bureau.recount_job.run(bureau.clock()) == 1
    assert bureau.store.wake(case).isoformat() == "2026-03-09T16:00:00+00:00"
    notice = bureau.store.get(case).clocks["notice"]
    assert acts(bureau, case)[-1] == "recount" and notice.counted == "临时通知一"
    assert notice.last_day(bureau.reference.calendar()) == date(2026, 3, 11)


def test_what_does_not_move_is_left_alone_and_a_second_run_does_nothing(bureau):
    case = submitted(bureau)
    announce(bureau, "临时通知二", holidays=["2026-10-20"])
    assert bureau.recount_job.run(bureau.clock()) == 0 == bureau.recount_job.run(bureau.clock())
    assert "recount" not in acts(bureau, case)


def test_it_waits_until_no_process_goes_by_the_older_calendar(bureau):
    submitted(bureau)
    announce(bureau, "临时通知三", holidays=["2026-03-03"])
    bureau.clock.move(seconds=-FRESH.total_seconds() - 1)
    assert bureau.recount_job.run(bureau.clock() + FRESH - timedelta(seconds=1)) == 0


@pytest.mark.parametrize("dies_at", range(6))
def test_a_run_that_died_is_gone_on_with_and_counts_nobody_twice(bureau, monkeypatch, dies_at):
    cases = [submitted(bureau) for _ in range(5)]
    announce(bureau, "临时通知四", holidays=["2026-03-03"])
    monkeypatch.setattr("chalicelib.kernel.recount.HELPING", 2)
    done, real = [], bureau.recount_job.recount["APPLICATION"]

    def dying(case):
        if len(done) == dies_at:
            done.append("died")
            raise KeyboardInterrupt
        done.append(case)
        return real(case)
    bureau.recount_job.recount["APPLICATION"] = dying
    with suppress(KeyboardInterrupt):
        bureau.recount_job.run(bureau.clock())
    bureau.recount_job.run(bureau.clock())
    assert [acts(bureau, case).count("recount") for case in cases] == [1] * 5
    assert bureau.recount_job.run(bureau.clock()) == 0
