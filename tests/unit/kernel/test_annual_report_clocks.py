"""The clocks of the annual reports on open government (政府信息公开条例 49), as rules on a small case.

A unit's report is due by 31 January, a government's by 31 March of the next year. The kernel needs no fixed days for
that: the year reported ends on 31 December, which is day zero, and one or three months later they end on the
corresponding day (民法典 202). The law says 前, "before 31 January", and no article says whether that day belongs to
it; here it does, to 24:00, as practice has it and as 以内 and 届满 include theirs (1259). If it is a day off, the next
working day takes its place (203), as of every limit counted in months.
"""
from datetime import UTC, date, datetime

import pytest

from chalicelib.kernel.calendar import Calendar, end_of
from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import SYSTEM, Actor
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.record import Case
from chalicelib.kernel.turns import Occasion, in_time, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow
from tests.support.town import NOTICES

CALENDAR = Calendar(NOTICES)
LIMITS = {"report": Limit.model_validate("1mo@XXGK49"), "government": Limit.model_validate("3mo@XXGK49")}
UNIT, GOVERNMENT = Actor(person="o", role="publisher"), Actor(person="g", role="government")


class Report(Case, frozen=True):
    year: int = 0


def year_end(case):
    """The last instant of the year reported: its civil day is day zero."""
    return datetime.fromisoformat(f"{case.year}-12-31T23:59:59+08:00").astimezone(UTC)


REPORTS: Workflow[Report] = Workflow(
    Rule("open", "new", "drafting", "publisher", "XXGK49", clocks=(start("report", since=year_end),)),
    Rule("open_above", "new", "drafting", "government", "XXGK49", clocks=(start("government", since=year_end),)),
    Rule("publish", "drafting", "published", ("publisher", "government"), "XXGK49", clocks=stop("*")),
    Rule("overdue_report", "drafting", "", "system", "XXGK49", when=(passed("report"),), clocks=(lapse("report"),)),
    Rule("overdue_government", "drafting", "", "system", "XXGK49", when=(passed("government"),),
         clocks=(lapse("government"),)),
    words={"drafting": "编制中", "published": "已公布", "publisher": "政务公开工作人员"})


def occasion(who, day, hour=10):
    return Occasion(who, datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC), CALENDAR, LIMITS)


def opened(year, who=UNIT):
    now = occasion(who, f"{year + 1}-01-05")
    case = Report(id="a", opened_at=now.at, year=year)
    return REPORTS.advance(case, "open" if who is UNIT else "open_above", now).case


def last(case):
    return {name: str(clock.last_day(CALENDAR)) for name, clock in case.clocks.items()}


def duties(case, day, hour=10):
    return REPORTS.acts(case, occasion(SYSTEM, day, hour))


@pytest.mark.parametrize("year, day", [
    (2022, "2023-01-31"), (2023, "2024-01-31"), (2024, "2025-02-05"), (2025, "2026-02-02")])
def test_a_unit_s_report_is_due_on_the_31st_of_january_or_the_working_day_after_a_day_off(year, day):
    assert last(opened(year)) == {"report": day}, "2025: the Spring Festival until 4 February; 2026: a Saturday"


@pytest.mark.parametrize("year, day", [(2023, "2024-04-01"), (2024, "2025-03-31"), (2025, "2026-03-31")])
def test_a_government_s_report_is_due_on_the_31st_of_march_or_the_working_day_after_a_day_off(year, day):
    assert last(opened(year, GOVERNMENT)) == {"government": day}, "in 2024 it is a Sunday"


def test_the_day_named_is_still_in_time_and_the_lateness_is_noted_once():
    case = opened(2022)
    assert case.clocks["report"].due(CALENDAR) == end_of(date(2023, 1, 31))
    assert duties(case, "2023-01-31", 23) == [] and duties(case, "2023-02-01", 0) == ["overdue_report"]
    late = REPORTS.advance(case, "overdue_report", occasion(SYSTEM, "2023-02-01", 0)).case
    assert duties(late, "2023-03-01") == []
    assert REPORTS.advance(late, "publish", occasion(UNIT, "2023-02-02")).case.clocks == {}


def test_it_does_not_matter_on_which_day_the_report_was_begun():
    for day in ("2026-01-01", "2026-01-20", "2026-02-01"):
        now = occasion(UNIT, day)
        case = REPORTS.advance(Report(id="a", opened_at=now.at, year=2025), "open", now).case
        assert last(case) == {"report": "2026-02-02"}
        assert in_time("report")(case, now) == ""
    with pytest.raises(Refused):
        REPORTS.rule(case, "overdue_report", occasion(SYSTEM, "2026-02-02", 23))
