"""A notice that moves dates while cases wait (moto): each is counted again, once; a run that died is gone on with."""
from contextlib import suppress
from datetime import date, timedelta

import pytest

from chalicelib.domains.applications.models import Draft, Plain, Revise, Suspend
from chalicelib.kernel.calendar import Notice, civil_day, start_of
from chalicelib.kernel.fields import AskExtension
from chalicelib.kernel.record import replay
from chalicelib.kernel.recount import SETTLED, Recount
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.table import Table
from tests.support.town import AREA, CITIZEN, CLERK, HEAD, ITEM, REVIEWER, Hands, applications, key, publish_basics

SECOND = timedelta(seconds=1)
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
    bureau.clock.move(seconds=SETTLED.total_seconds() + 1)


def acts(bureau, case):
    return [event.act for event in bureau.store.timeline(case)]


def test_a_new_make_up_day_wakes_a_case_earlier(bureau):
    bureau.clock.to("2026-03-05")                  # Thursday: five working days end with the 12th
    case = submitted(bureau)
    bureau.perform(case, Plain(act="receive"), CLERK, key())
    assert bureau.store.woken(case)[1].isoformat() == "2026-03-10T16:00:00+00:00", "a day left: the 11th, from 00:00"
    announce(bureau, "临时通知一", makeup=["2026-03-07"])
    assert bureau.recount_job.run(bureau.clock()) == 1
    assert bureau.store.woken(case)[1].isoformat() == "2026-03-09T16:00:00+00:00"
    notice = bureau.store.get(case).clocks["notice"]
    assert acts(bureau, case)[-1] == "recount" and notice.counted == "临时通知一"
    assert notice.last_day(bureau.reference.calendar()) == date(2026, 3, 11)


def test_what_does_not_move_is_left_alone_and_a_second_run_does_nothing(bureau):
    case = submitted(bureau)
    announce(bureau, "临时通知二", holidays=["2026-10-20"])
    assert bureau.recount_job.run(bureau.clock()) == 0 == bureau.recount_job.run(bureau.clock())
    assert "recount" not in acts(bureau, case)


def test_it_waits_until_no_act_by_the_older_calendar_can_still_be_on_its_way(bureau):
    submitted(bureau)
    announce(bureau, "临时通知三", holidays=["2026-03-03"])
    assert bureau.recount_job.run(bureau.clock() - timedelta(seconds=2)) == 0
    assert bureau.recount_job.run(bureau.clock()) == 1


def moved(bureau, case):
    """The deadlines that recounts of the case moved, by clock: (last day before, last day after, held)."""
    return [(one.clock, civil_day(one.before - SECOND), civil_day(one.after - SECOND), one.held)
            for event in bureau.store.timeline(case) for one in event.moved]


def test_every_moved_case_has_an_event_with_both_days_and_the_notice(bureau):
    case = submitted(bureau)                       # Monday 2 March 2026: precheck a day, silence five
    announce(bureau, "临时通知五", holidays=["2026-03-03"])
    announce(bureau, "临时通知六", holidays=["2026-03-09"])
    assert bureau.recount_job.run(bureau.clock()) == 1
    event = list(bureau.store.timeline(case))[-1]
    assert (event.act, event.note, event.by.role) == ("recount", "临时通知五、临时通知六", "system")
    assert moved(bureau, case) == [("notice", date(2026, 3, 9), date(2026, 3, 11), False),
                                   ("precheck", date(2026, 3, 3), date(2026, 3, 4), False)]
    entry = bureau.read(case, CITIZEN).timeline[0]
    assert [one.clock for one in entry.moved] == ["notice", "precheck"], "its reader sees them"


def reviewing(bureau):
    case = submitted(bureau)
    for act, who in (("receive", CLERK), ("accept", CLERK), ("review", REVIEWER)):
        bureau.perform(case, Plain(act=act), who, key())
    return case


def test_a_case_that_a_pause_holds_open_is_found_and_moves_when_it_goes_on(bureau):
    case = reviewing(bureau)                       # accepted on 2 March: 20 working days end with the 30th
    bureau.perform(case, Suspend(act="suspend", reason="检验", planned=5, note="送检"), REVIEWER, key())
    announce(bureau, "临时通知七", holidays=["2026-03-10"])
    assert bureau.recount_job.run(bureau.clock()) == 1
    assert ("statutory", date(2026, 3, 30), date(2026, 3, 31), True) in moved(bureau, case)
    bureau.clock.to("2026-03-05")
    bureau.perform(case, Plain(act="resume"), REVIEWER, key())
    assert bureau.store.get(case).clocks["statutory"].last_day(bureau.reference.calendar()) == date(2026, 4, 3)
    assert acts(bureau, case).count("recount") == 1


def overdue(bureau):
    """A case whose 20 working days ended with 30 March 2026; the system has acted on that on the 31st."""
    case = reviewing(bureau)
    bureau.clock.to("2026-03-31")
    while bureau.lapse(case):
        pass
    assert "overdue_statutory" in acts(bureau, case)
    return case


def test_a_case_that_is_late_for_good_is_found_and_late_once_more_when_the_new_day_has_passed(bureau):
    case = overdue(bureau)
    announce(bureau, "临时通知八", holidays=["2026-03-30", "2026-03-31"])
    assert bureau.recount_job.run(bureau.clock()) == 1
    assert ("statutory", date(2026, 3, 30), date(2026, 4, 1), False) in moved(bureau, case)
    bureau.clock.to("2026-04-01")
    assert bureau.lapse(case) == 0 or acts(bureau, case).count("overdue_statutory") == 1
    bureau.clock.to("2026-04-02")
    while bureau.lapse(case):
        pass
    assert acts(bureau, case).count("overdue_statutory") == 2, "a deadline of its own"


def test_who_is_late_by_the_new_calendar_as_well_is_not_late_twice(bureau):
    case = overdue(bureau)
    announce(bureau, "临时通知九", makeup=["2026-03-07", "2026-03-14"])
    assert bureau.recount_job.run(bureau.clock()) == 1
    assert ("statutory", date(2026, 3, 30), date(2026, 3, 26), False) in moved(bureau, case)
    while bureau.lapse(case):
        pass
    assert acts(bureau, case).count("overdue_statutory") == 1


def test_an_act_that_comes_before_the_recount_counts_first_and_both_are_kept(bureau):
    case = reviewing(bureau)
    announce(bureau, "临时通知十", holidays=["2026-03-10"])
    bureau.perform(case, Suspend(act="suspend", reason="检验", planned=5, note="送检"), REVIEWER, key())
    assert acts(bureau, case)[-2:] == ["recount", "suspend"]
    assert bureau.recount_job.run(bureau.clock()) == 0 and acts(bureau, case)[-1] == "suspend"


def test_an_act_that_wins_the_race_is_kept_and_counted(bureau, monkeypatch):
    case = reviewing(bureau)
    announce(bureau, "临时通知十一", holidays=["2026-03-10"])
    real, raced = bureau.store.save, []

    def save(step, *more):
        if step.event.act == "recount" and not raced:
            raced.append(True)
            monkeypatch.setattr(bureau.store, "save", real)
            bureau.perform(case, Suspend(act="suspend", reason="检验", planned=5, note="送检"), REVIEWER, key())
            monkeypatch.setattr(bureau.store, "save", save)
        return real(step, *more)
    monkeypatch.setattr(bureau.store, "save", save)
    bureau.recount_job.run(bureau.clock())
    assert acts(bureau, case)[-2:] == ["recount", "suspend"] and len(moved(bureau, case)) == 2
    assert bureau.store.get(case) == replay(type(bureau.store.get(case)), bureau.store.timeline(case))


def test_a_lapse_by_the_older_calendar_does_not_happen_any_more(bureau):
    case = reviewing(bureau)
    bureau.clock.to("2026-03-30")
    while bureau.lapse(case):
        pass
    announce(bureau, "临时通知十二", holidays=["2026-03-30"])
    bureau.clock.to("2026-03-31")
    bureau.lapse(case)
    assert "recount" in acts(bureau, case) and "overdue_statutory" not in acts(bureau, case)


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


def overdues(bureau, case):
    """The deadlines on whose lapse the system has acted, as their last days."""
    return [civil_day(event.clocks["statutory"].lapsed - SECOND) for event in bureau.store.timeline(case)
            if event.act == "overdue_statutory"]


def test_what_was_late_and_is_not_and_is_again_is_late_by_each_deadline_once(bureau):
    case = overdue(bureau)                         # by the 30th
    announce(bureau, "临时通知十三", holidays=["2026-03-30", "2026-03-31", "2026-04-01"])
    bureau.recount_job.run(bureau.clock())
    assert bureau.store.get(case).clocks["statutory"].lapsed is None
    announce(bureau, "临时通知十四", makeup=["2026-03-30", "2026-03-31", "2026-04-01"])      # a correction
    bureau.recount_job.run(bureau.clock())
    while bureau.lapse(case):
        pass
    assert overdues(bureau, case) == [date(2026, 3, 30), date(2026, 3, 30)]
    assert [one.lapsed for event in bureau.store.timeline(case) for one in event.moved
            if one.clock == "statutory"] == [start_of(date(2026, 3, 31)), None]


def test_a_process_behind_the_case_it_reads_looks_for_the_newer_calendar_first(bureau):
    stale = applications(Hands(), bureau.reference)
    stale.reference = Reference(bureau.reference.table, bureau.clock)
    stale.clock = bureau.clock
    case = reviewing(bureau)
    bureau.clock.to("2026-03-30", 23)
    while bureau.lapse(case):
        pass
    stale.reference.calendar()                     # remembered for a minute
    announce(bureau, "临时通知十五", holidays=["2026-03-30"])
    bureau.clock.to("2026-03-30", 23)
    bureau.recount(case)
    bureau.clock.to("2026-03-31")
    stale.reference._pointers["CALENDAR"] = bureau.clock(), stale.reference._pointers["CALENDAR"][1]
    stale.lapse(case)
    assert "overdue_statutory" not in acts(bureau, case)


def test_an_extension_told_under_a_new_calendar_is_not_told_as_moved_afterwards(bureau):
    case = reviewing(bureau)                       # until 30 March; the notice lies beyond that day
    announce(bureau, "临时通知十六", holidays=["2026-04-02"])
    bureau.perform(case, AskExtension(act="ask_extension", asked_days=5, note="需实地核查"), REVIEWER, key())
    bureau.perform(case, Plain(act="approve_extension"), HEAD, key())
    bureau.recount_job.run(bureau.clock())
    assert moved(bureau, case) == [] and "recount" not in acts(bureau, case)
