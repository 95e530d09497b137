"""Deadlines counted the slow way, from the counting rules alone: one day after another, one stretch after another.

Nothing here uses the calendar or the clocks under test. A pause is (start, end or None), both instants.
"""
import itertools
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
ONE = timedelta(days=1)
SECONDS = {"h": 3600, "min": 60}
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
LUNAR = {date(2027, 2, day) for day in (5, 6, 7, 8)} | {date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)} \
    | {date(2028, 1, day) for day in (25, 26, 27, 28)} | {date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)} \
    | {date(2029, 2, day) for day in (12, 13, 14, 15)} | {date(2029, 4, 4), date(2029, 6, 16), date(2029, 9, 22)}
HORIZON = 2_000                            # days after which a walk is given up


def local(instant):
    return instant.astimezone(SHANGHAI).date()


def midnight(day):
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


class Days:
    """Which days are worked, according to notices: {known_at, year, off, on}. The latest that names a day decides."""

    def __init__(self, notices):
        self.notices = sorted(notices, key=lambda one: one["known_at"], reverse=True)

    def works(self, day):
        for notice in self.notices:
            if day in notice["off"] or day in notice["on"]:
                return day in notice["on"]
        announced = any(notice["year"] == day.year for notice in self.notices)
        statutory = (day.month, day.day) in FIXED or day in LUNAR
        return day.isoweekday() <= 5 and (announced or not statutory)


def same_day_in(zero, months):
    """The corresponding day, found by trying the 31st, 30th … of the month that many steps ahead."""
    year, month = zero.year, zero.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for day in range(zero.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue


def needed(unit, total, zero):
    """How many unpaused days (working days for wd) must have passed for each unit to be used up."""
    if unit in ("wd", "cd"):
        return range(1, total + 1)
    step = 12 if unit == "yr" else 1
    return [(same_day_in(zero, step * n) - zero).days for n in range(1, total + 1)]


def walk(unit, total, zero, pauses, days):
    """Yield (day, in a pause, working, units used when it is over) for the days after day zero."""
    spans = [(local(start), local(end) if end else date.max) for start, end in pauses]
    needs, run, units = needed(unit, total, local(zero)), 0, 0
    for n in range(1, HORIZON):
        day = local(zero) + n * ONE
        held, working = any(a < day <= b for a, b in spans), days.works(day)
        run += not held and (working or unit != "wd")
        while units < total and needs[units] <= run:
            units += 1
        yield day, held, working, units


def due(unit, total, zero, pauses, days):
    """The first late instant; None if the time never runs out.

    Days: the end of the first working day, from the one that used up the last unit, at whose 24:00 no pause lasts.
    """
    if unit in SECONDS:
        return moment(total * SECONDS[unit], zero, pauses)
    for day, _, working, used in walk(unit, total, zero, pauses, days):
        over = midnight(day + ONE)
        lasting = any(local(start) <= day and (end is None or day < local(end)) for start, end in pauses)
        if used == total and working and not lasting:
            return over
        if any(end is None and local(start) <= day for start, end in pauses):
            return None
    return None


def moment(seconds, zero, pauses):
    """The instant at which `seconds` have run, stretch by stretch between all the points where something changes."""
    points = sorted({zero, *(point for pause in pauses for point in pause if point and point > zero)})
    left = timedelta(seconds=seconds)
    for here, there in zip(points, [*points[1:], None], strict=True):
        if any(start <= here and (end is None or here < end) for start, end in pauses):
            continue
        if there is None or here + left <= there:
            return here + left
        left -= there - here
    return None


def used(unit, total, zero, pauses, days, at):
    """How many units are used at `at`; of hours and minutes, the stretches without a pause, added up."""
    if unit in SECONDS:
        points = sorted({zero, at, *(point for pause in pauses for point in pause if point and zero < point < at)})
        free = (there - here for here, there in itertools.pairwise(points)
                if not any(start <= here and (end is None or here < end) for start, end in pauses))
        return min(int(sum(free, timedelta()).total_seconds()) // SECONDS[unit], total)
    return max((n for _, _, _, n in walk_until(unit, total, zero, pauses, days, local(at))), default=0)


def walk_until(unit, total, zero, pauses, days, last):
    for line in walk(unit, total, zero, pauses, days):
        if line[0] > last:
            return
        yield line


def next_warning(unit, total, zero, pauses, days, left, percent, warned):
    """The next reminder of a running clock: see the table of warnings (W1)."""
    if any(end is None for _, end in pauses) or not (left or percent):
        return None
    if unit in SECONDS:
        asked = ([total * SECONDS[unit] - left * SECONDS[unit]] if left else []) \
            + ([total * SECONDS[unit] * percent / 100] if percent else [])
        return None if warned else moment(min(asked), zero, pauses) if min(asked) > 0 else zero
    for day, held, working, n in walk(unit, total, zero, pauses, days):
        near = (left and total - n <= left) or (percent and n * 100 >= percent * total)
        if working and not held and near and (warned is None or midnight(day) > warned):
            return midnight(day)
    return None


ARTICLE = dict.fromkeys(["听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"], "XKF45") | {
    "补正": "XXGK30", "征求第三方意见": "XXGK33", "征求其他机关意见": "XXGK33", "缴费": "XXCLF109"}
"""Why time is not counted, and the article that says so."""


def counts_from(came, opens, closes, later, days):
    """From when a receipt counts: its own instant, or where the area says later, the next opening of the office."""
    day, hour = local(came), came.astimezone(SHANGHAI).time()
    if not later or (days.works(day) and opens <= hour < closes):
        return came
    while not days.works(day) or (day == local(came) and hour >= closes):
        day += ONE
    return midnight(day) + timedelta(hours=opens.hour, minutes=opens.minute)
