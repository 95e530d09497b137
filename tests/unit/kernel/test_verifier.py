"""The stand-alone verifier against our ledgers: it agrees with the right ones, and catches what is planted."""
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from chalicelib.domains.calendars.service import published
from chalicelib.kernel.calendar import Calendar
from tests.unit.kernel.clock_histories import histories, live
from tests.unit.kernel.test_clocks import CALENDAR, NOTICE_2027, at, clock, held
from tools import verify_deadline
from tools.verify_deadline import main

USAGE = "usage: python tools/verify_deadline.py clock.json calendar.json"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two paths, and a function that writes a clock and a calendar there and gives the exit code."""
    folder = tmp_path_factory.mktemp("verifier")
    paths = [str(folder / name) for name in ("clock.json", "calendar.json")]

    def verify(ledger, calendar):
        for path, content in zip(paths, (ledger, calendar), strict=True):
            Path(path).write_text(json.dumps(content), "utf-8")
        return main(paths)
    return verify


def shown(running, calendar=CALENDAR):
    """What the two addresses answer: the ledger, and the calendar it names."""
    return json.loads(running.explain(calendar, "statutory").model_dump_json()), book(calendar)


def book(calendar):
    return json.loads(published(calendar).model_dump_json())


SUSPENDED = held(held(clock("02-10", "20wd+10/1"), "03-05", "03-19"), "03-16", "03-24", "听证").extend(
    at("03-25"), 3, CALENDAR)


@settings(max_examples=1_000, derandomize=True, deadline=None)
@given(history=histories())
def test_it_agrees_with_the_ledger_over_random_histories(files, history):
    running, calendar = live(history)
    last = history.acts[-1][0] if history.acts else history.zero
    for known in (calendar, calendar.known_at(last)):
        assert files(*shown(running, known)) == 0


@pytest.mark.parametrize("running, ends", [
    (clock("09-18", "20wd"), "ends on 2026-10-22"), (clock("09-02", "30cd"), "ends on 2026-10-08"),
    (clock("01-31", "1mo"), "ends on 2026-02-28"), (clock("02-28", "1yr"), "ends on 2027-03-01"),
    (clock("02-16", "24h"), "ends on 2026-02-17"), (clock("02-16", "30min"), "ends on 2026-02-16"),
    (clock("12-10", "20wd"), "ends on 2027-01-08"), (clock("03-02", "10yr"), "ends on 2036-03-03"),
    (clock("03-02", "20yr"), "ends on 2046-03-02"), (SUSPENDED, "ends on 2026-04-08"),
    (clock("03-02", "3wd").pause(at("03-05"), "检验", CALENDAR), "is held open"),
    (clock("03-02", "30min").pause(at("03-02", 10, 5), "断电", CALENDAR), "is held open"),
])
def test_it_says_in_one_line_when_the_time_ends(files, capsys, running, ends):
    assert files(*shown(running)) == 0
    assert capsys.readouterr().out == f"agrees: statutory {ends} (calendar 2026)\n"


def test_it_counts_by_the_notice_that_came_last(files):
    later = Calendar([*CALENDAR.notices, NOTICE_2027])
    assert files(*shown(clock("12-10", "20wd"), later)) == 0
    assert files(*shown(clock("12-24", "2wd"), later)) == 0


def changed(ledger, place, **fields):
    return ledger["lines"][place].update(fields)


@pytest.mark.parametrize("plant, day", [
    (lambda ledger: changed(ledger, 3, counted=False), "2026-02-14"),
    (lambda ledger: changed(ledger, 10, used=9), "2026-02-21"),
    (lambda ledger: changed(ledger, 6, day="2026-02-16"), "2026-02-16"),
    (lambda ledger: changed(ledger, 3, notice="另一通知"), "2026-02-14"),
    (lambda ledger: ledger["lines"].pop(5), "2026-02-16"),
    (lambda ledger: ledger["lines"].append({**ledger["lines"][-1], "day": "2026-04-10"}), "2026-04-10"),
    (lambda ledger: ledger.update(due_on="2026-04-09", due_at="2026-04-09T16:00:00Z"), "2026-04-08"),
    (lambda ledger: ledger.update(due_at="2026-04-08T15:00:00Z"), "2026-04-08"),
    (lambda ledger: ledger.update(due_on=None, due_at=None), "2026-04-08"),
    (lambda ledger: ledger.update(day_zero="2026-02-11"), "2026-04-08"),
    (lambda ledger: ledger.update(provisional=True), "2026-04-08"),
    (lambda ledger: ledger.update(paused=True), "2026-04-08"),
    (lambda ledger: ledger["pauses"][0].update(end_at="2026-03-14T02:00:00Z"), "2026-03-16"),
    (lambda ledger: ledger["pauses"][1].update(end_at=None), "2026-03-06"),
    (lambda ledger: ledger["pauses"].pop(0), "2026-03-06"),
    (lambda ledger: ledger["extensions"].clear(), "2026-04-03"),
    (lambda ledger: ledger["limit"].update(unit="cd"), "2026-02-15"),
    (lambda ledger: ledger["limit"].update(count=19), "2026-04-08"),
    (lambda ledger: ledger.update(zero_at="2026-02-11T02:00:00Z"), "2026-02-11"),
])
def test_a_planted_fault_is_caught_and_its_first_day_named(files, capsys, plant, day):
    ledger, calendar = shown(SUSPENDED)
    plant(ledger)
    assert files(ledger, calendar) == 1
    assert capsys.readouterr().out.startswith(f"differs: {day} ")


@pytest.mark.parametrize("plant", [
    lambda ledger: changed(ledger, 0, used=11), lambda ledger: changed(ledger, 1, counted=False),
    lambda ledger: ledger.update(due_at="2026-02-16T02:29:00Z"), lambda ledger: ledger["lines"].pop(0),
    lambda ledger: ledger["pauses"][0].update(end_at="2026-02-16T02:12:00Z"),
])
def test_a_fault_in_a_clock_of_minutes_is_caught(files, capsys, plant):
    urgent = clock("02-16", "30min").pause(at("02-16", 10, 10), "待核", CALENDAR).resume(at("02-16", 10, 15), "待核")
    ledger, calendar = shown(urgent)
    plant(ledger)
    assert files(ledger, calendar) == 1
    assert capsys.readouterr().out.startswith("differs: 2026-02-16 ")


def test_a_calendar_without_its_make_up_days_is_caught(files, capsys):
    ledger, calendar = shown(SUSPENDED)
    calendar["notices"][-1]["makeup_days"] = []
    assert files(ledger, calendar) == 1
    assert capsys.readouterr().out.startswith("differs: 2026-02-14 ")


@pytest.mark.parametrize("spoil", [
    lambda ledger, calendar: ledger.clear(), lambda ledger, calendar: ledger.pop("limit"),
    lambda ledger, calendar: ledger["limit"].update(unit="fortnight"),
    lambda ledger, calendar: ledger.update(zero_at="yesterday"), lambda ledger, calendar: ledger.update(lines=7),
    lambda ledger, calendar: ledger["limit"].update(count="20"), lambda ledger, calendar: calendar.pop("notices"),
    lambda ledger, calendar: calendar.update(calendar="2025"), lambda ledger, calendar: calendar.update(assumed=[1]),
])
def test_what_cannot_be_read_is_told_in_one_line_and_how_to_use_it_in_another(files, capsys, spoil):
    ledger, calendar = shown(SUSPENDED)
    spoil(ledger, calendar)
    assert files(ledger, calendar) == 2
    said = capsys.readouterr().out
    assert said.startswith("cannot be read: ") and said.splitlines()[1:] == [USAGE]


def test_files_that_are_not_json_or_not_there_cannot_be_read(tmp_path, capsys):
    broken = tmp_path / "broken.json"
    broken.write_bytes(b'{"limit": \xff')
    for arguments in ([str(broken), str(broken)], [str(tmp_path / "nowhere.json"), str(broken)], [], ["one.json"]):
        assert main(arguments) == 2
        said, usage = capsys.readouterr().out.splitlines()
        assert said.startswith("cannot be read: ") and usage == USAGE
        assert len(arguments) == 2 or said == "cannot be read: two files needed"


def test_the_verifier_is_short_and_uses_the_standard_library_alone():
    text = Path(verify_deadline.__file__).read_text("utf-8")
    assert len(text.splitlines()) < 150 and "chalicelib" not in text


def test_the_calendar_file_says_what_is_assumed_of_years_without_a_notice():
    file = book(CALENDAR)
    assert [year["year"] for year in file["assumed"]] == [*range(2027, 2041)] and len(file["assumed_yearly"]) == 6
    assert file["assumed"][0]["holidays"]["2027-02-05"] == "春节" and len(file["assumed"][0]["holidays"]) == 13
    assert file["calendar"] == "2026" == file["notices"][-1]["number"]
    assert CALENDAR.is_working(date(2026, 2, 14)) and "2026-02-14" in file["notices"][-1]["makeup_days"]
