"""Count a deadline again from the two files that are published, and say whether the ledger is right.

    python tools/verify_deadline.py clock.json calendar.json

The answers of GET …/{id}/clocks/{name} and of GET /calendars/versions/{number} (the ledger's `calendar`), and no more.
Exit 0: agrees. 1: differs, naming the first day that does. 2: a file cannot be read, or the two do not belong together.
"""
import json
import sys
from datetime import date, datetime, time, timedelta, timezone
from itertools import zip_longest
from pathlib import Path

SHANGHAI = timezone(timedelta(hours=8))
DAY, SECOND, NOTHING = timedelta(days=1), timedelta(seconds=1), timedelta()
ROUND_THE_CLOCK = {"h": timedelta(hours=1), "min": timedelta(minutes=1)}
FOR_EVER = datetime.max.replace(tzinfo=SHANGHAI)
MOST_LINES = 2_000                         # of a ledger; of a longer one the line before the last stands for many


class Book:
    """The calendar file: which days are worked, by which notice, and which are not announced yet."""

    def __init__(self, file):
        self.set_by = {}                   # day -> (worked, number of the notice): the last notice that names it
        for notice in file["notices"]:
            for days, worked in ((notice["holidays"], False), (notice["makeup_days"], True)):
                self.set_by.update({date.fromisoformat(day): (worked, notice["number"]) for day in days})
        self.announced, self.yearly = {notice["year"] for notice in file["notices"]}, set(file["assumed_yearly"])
        self.assumed = {year["year"]: set(year["holidays"]) for year in file["assumed"]}

    def works(self, day):
        if day in self.set_by:
            return self.set_by[day][0]
        off = str(day) in self.assumed[day.year] if day.year in self.assumed else f"{day:%m-%d}" in self.yearly
        return day.weekday() < 5 and (day.year in self.announced or not off)

    def provisional(self, day):
        return day.year not in self.announced and day not in self.set_by


class Deadline:
    """The clock file, as far as it says what is counted: unit, total, start, and pauses as (start, end), sorted."""

    def __init__(self, file):
        self.unit, self.zero = file["limit"]["unit"], read_instant(file["zero_at"])
        self.total = file["limit"]["count"] + sum(extension["count"] for extension in file["extensions"])
        self.pauses = sorted((read_instant(pause["start_at"]), read_instant(pause["end_at"] or FOR_EVER.isoformat()))
                             for pause in file["pauses"])
        self.open = any(end == FOR_EVER for _, end in self.pauses)

    def days_needed(self, units):
        """How many days that are not paused make so many units: of months, those up to the corresponding day."""
        if self.unit in ("wd", "cd"):
            return units
        zero, months = self.zero.date(), self.zero.month - 1 + units * {"mo": 1, "yr": 12}[self.unit]
        first = date(zero.year + months // 12, months % 12 + 1, 1)
        last = (first + 31 * DAY).replace(day=1) - DAY
        return (min(first + (zero.day - 1) * DAY, last) - zero).days

    def by_day(self, book):
        """The lines (day, counted, used, notice) up to the due day, and that day (None: held open)."""
        spans = [(start.date(), end.date()) for start, end in self.pauses]
        lines, run, used, day = [], 0, 0, self.zero.date()
        while not any(start <= day and end == FOR_EVER.date() for start, end in spans):
            day += DAY
            held = any(start < day <= end for start, end in spans)
            counted = used < self.total and not held and (self.unit != "wd" or book.works(day))
            run += counted
            while used < self.total and self.days_needed(used + 1) <= run:
                used += 1
            lines.append((day, counted, used, None if held else book.set_by.get(day, (False, ""))[1]))
            if used == self.total and book.works(day) and not any(start <= day < end for start, end in spans):
                return lines, day
        while lines and lines[-1][3] is None:      # a ledger held open ends on the day the pause began
            lines.pop()
        return lines, None

    def by_instant(self):
        """The lines at the start of each pause and at the end, and the due instant, of hours and minutes."""
        step, now, free = ROUND_THE_CLOCK[self.unit], self.zero, []
        for start, end in self.pauses:
            free, now = [*free, (now, max(start, now))], max(now, end)
        due, left = None, self.total * step
        for begin, end in [*free, (now, FOR_EVER)]:
            due = begin + left if due is None and left <= end - begin else due
            left -= end - begin
        run = {start: sum((max(min(end, start) - begin, NOTHING) for begin, end in free), NOTHING) // step
               for start, _ in self.pauses if due is None or start < due}
        lines = [(start.date(), False, run[start], None) for start, _ in self.pauses if start in run]
        return lines + ([((due - SECOND).date(), True, self.total, None)] if due else []), due


def read_instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(SHANGHAI)


def difference(clock, calendar):
    """Return (what differs first, or "", the last day in time, or None)."""
    deadline, book, provisional = Deadline(clock), Book(calendar), None
    if deadline.unit in ROUND_THE_CLOCK:
        lines, due = deadline.by_instant()
        last = (due - SECOND).date() if due else None
    else:
        lines, last = deadline.by_day(book)
        due = datetime.combine(last + DAY, time(), SHANGHAI) if last else None
        provisional = next((day for day, *_ in lines if book.provisional(day)), None)
        if len(lines) > MOST_LINES:
            lines[MOST_LINES - 2:-1] = [(lines[-2][0], False, lines[-2][2], None)]
    for line, said in zip_longest(lines, clock["lines"]):
        if wrong := differs(line, said):
            return wrong, last
    at, zero = clock["due_at"] and read_instant(clock["due_at"]), deadline.zero.date()
    for name, ours, theirs in (
            ("day_zero", zero.isoformat(), clock["day_zero"]), ("due_on", last and last.isoformat(), clock["due_on"]),
            ("due_at", due, at), ("paused", deadline.open, clock["paused"]),
            ("provisional", bool(provisional), clock["provisional"])):
        if ours != theirs:
            return f"{lines[-1][0] if lines else zero} {name} is {ours}; the ledger says {theirs}", last
    return "", last


def differs(line, said):
    """Return what differs between a line of ours and the ledger's; either may be missing."""
    if line is None or said is None:
        return f"{said['day']} is beyond the count" if said else f"{line[0]} is missing in the ledger"
    ours, theirs = line[:3], (date.fromisoformat(said["day"]), said["counted"], said["used"])
    if ours != theirs:
        return f"{min(ours, theirs)[0]} is counted: {ours[1]}, used: {ours[2]}; the ledger: {theirs[1]}, {theirs[2]}"
    return f"{line[0]} is set by {line[3]!r}, not {said['notice']!r}" if line[3] not in (None, said["notice"]) else ""


def main(arguments):
    try:
        clock, calendar = (json.loads(Path(name).read_bytes()) for name in arguments)
        if clock["calendar"] != calendar["calendar"]:
            raise ValueError(f"the ledger was counted by {clock['calendar']}, the calendar is {calendar['calendar']}")
        wrong, last = difference(clock, calendar)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        why = f"{type(error).__name__} {error} ({', '.join(arguments)})" if len(arguments) == 2 else "two files needed"
        print(f"cannot be read: {' '.join(why.split())}\nusage: {__doc__.splitlines()[2].strip()}")
        return 2
    counted = f"{clock['name']} {f'ends on {last}' if last else 'is held open'} (calendar {clock['calendar']})"
    print(f"differs: {wrong}" if wrong else f"agrees: {counted}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
