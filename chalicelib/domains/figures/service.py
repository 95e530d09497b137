"""What is done with figures: follow a case, read indicators, rank, trace, publish. None of it is personal."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor, area_of
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, fault
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.shares import OF_ITEM, Counted, Score, together
from chalicelib.kernel.table import TABLE
from chalicelib.kernel.views import Found

from .indicators import Indicator, Sums
from .models import Cell, Definition, Figure, Figures, Place, Published, Ranking, Share, Value
from .tally import UNITS, Tally

LIMITS = "FIGURES-LIMITS"                  # pk in the table `reference`
WATCHERS, CENTRE, HEAD, LEADER = ("supervisor", "auditor"), "centre", "head", "leader"
SMALL, RATED, ALL_RATED, COMPLAINED = "small_cell", "ratings.", "ratings", "complaints."
PUBLIC = ("good_rate", "righted_rate", "righted_in_time_rate", "called_back_rate", "composite", "csat")
"""The indicators of ratings that are published."""


@dataclass(frozen=True, slots=True)
class FiguresDesk:
    """Treaties: `marks` by kind, what a case adds now (raises Missing); `named(unit)`, what a unit is called. `numbers`
    are those published for what an indicator is about.
    """

    tally: Tally
    reference: Reference
    clock: Callable[[], datetime]
    marks: Mapping[str, Callable[[str], Counted]]      # each measure after what it is about: `hotline.sent`
    indicators: Mapping[str, Indicator]
    published: Mapping[str, str]           # by what an indicator is about: the name of its numbers in the reference
    measures: frozenset[str]               # all that is counted, named as in the marks
    named: Callable[[str], str]
    apart: frozenset[str]                  # measures whose cases tell of other cases: not traced by single units

    def follow(self, kind: str, case_id: str) -> None:
        """Let a case count as it is now, in what is shown and in what is being built. Raise Busy, Missing."""
        there = self.tally.generation()
        for generation in (there.current, there.building):
            if generation:
                self.tally.enter(generation, f"{kind}#{case_id}", lambda: self.marks[kind](case_id))

    def read(self, who: Actor, month: str, about: str, unit: str) -> Figures:
        """Return the indicators of a unit, or of the reader's area. Raise Forbidden, Invalid."""
        unit = self._whose(who, unit)
        if about == "ratings" and self._whose(who, ""):
            self._over(month)              # while it lasts, who is rated could read each rating from what it changes
        sums = together(self.tally.cells(who.area, month, f"{unit}#" if unit else UNITS).values())
        return Figures(area=who.area, unit=unit, month=month, as_of=self.clock(), items=self.shown(
            sums, who.area, month, [one for one in self.indicators.values() if one.about == about]))

    def ranking(self, who: Actor, month: str, code: str, by: str) -> Ranking:
        """Return the units of the reader's area, or its items, by an indicator. Raise Forbidden, Invalid."""
        if self._whose(who, ""):
            raise Forbidden("排名由热线中心、监督和审计人员查看")
        indicator = self._named(code)
        numbers = self._numbers(indicator.about, who.area, month)
        scores = {whose: _count(indicator, sums, numbers)
                  for whose, sums in self.tally.cells(who.area, month, OF_ITEM if by == "item" else UNITS).items()
                  if _touched(indicator, sums)}
        return Ranking(area=who.area, month=month, code=code, title=indicator.formula.title, as_of=self.clock(),
                       definition=indicator.formula.definition, items=[self._place(whose, scores) for whose in sorted(
                           scores, key=lambda whose: (_rank(scores, whose) or len(scores) + 1, whose))])

    def traced(self, who: Actor, unit: str, item: str, month: str, measure: str, limit: int, cursor: str | None
               ) -> Found[Share]:
        """Return a page of the cases that make a sum. Of ratings only to who watches over them. Raise Forbidden,
        Invalid.
        """
        own = self._whose(who, unit)
        if bool(unit) == bool(item):
            raise Invalid("查询参数有误", errors=[fault("/unit", "one-of", "单位与事项填一项")])
        if item and own:
            raise Forbidden("按事项的明细由热线中心、监督、审计人员和分管领导查看")
        if measure.startswith(RATED) and who.role not in WATCHERS:
            raise Forbidden("评价数据的明细由监督和审计人员查看")
        if measure.startswith(COMPLAINED) and who.unit == f"{who.area}.hotline":
            raise Forbidden("投诉举报的明细由监督、审计人员、分管领导和承办单位负责人查看")
        if measure in self.apart and self._whose(who, ""):
            raise Forbidden("该项明细涉及与其他工单的关系，由热线中心、监督和审计人员查看")
        if measure not in self.measures:
            raise Invalid("查询参数有误", errors=[fault("/measure", "unknown", "没有这一计数项")])
        self._numbers(measure.partition(".")[0], who.area, month)
        at, bound = self.clock(), f"{who.person}|figures|{unit}|{item}|{month}|{measure}"
        after, whose = open_cursor(cursor, bound, at), unit or OF_ITEM + item
        page = self.tally.traced(who.area, whose, month, measure, limit, after)
        return Found(items=[Share(case=one["sk"], n=one["n"]) for one in page.items],
                     cursor=seal_cursor(page.last, TABLE, bound, at), as_of=at)

    def public(self, area: str, month: str, by: str, limit: int, cursor: str | None) -> Published:
        """Return a page of the ratings of an area's institutions, or items, in a month that is over. Raise Invalid.

        While it lasts, each rating could be read from what it changes. Of a cell with few ratings nothing is shown, nor
        a share of few of them or of none, nor points from which levels could be counted.
        """
        numbers = self._numbers("ratings", area, month)
        self._over(month)
        at, bound, whose = self.clock(), f"figures|{area}|{month}|{by}", OF_ITEM if by == "item" else UNITS
        cells, last = self.tally.page(area, month, whose, limit, open_cursor(cursor, bound, at))
        published = [self.indicators[code] for code in PUBLIC]
        return Published(
            area=area, month=month, as_of=at, cursor=seal_cursor(last, TABLE, bound, at), definitions=[
                Definition(code=one.formula.name, title=one.formula.title, definition=one.formula.definition,
                           source=one.formula.source) for one in published],
            items=[Cell(whose=one.removeprefix(OF_ITEM), name=self._title(one), figures=[
                _disclosed(indicator, sums, numbers) for indicator in published])
                for one, sums in cells.items() if any(_touched(indicator, sums) for indicator in published)])

    def _over(self, month: str) -> None:
        if month >= f"{civil_day(self.clock()):%Y-%m}":
            raise Invalid("月份有误", errors=[fault("/month", "not-over", "当月的评价统计在次月公布")])

    def shown(self, sums: Sums, area: str, month: str, indicators: list[Indicator]) -> list[Figure]:
        """Return what some indicators come to."""
        found, published = [], {about: self._numbers(about, area, month) for about in {one.about for one in indicators}}
        for one in indicators:
            numbers, formula = published[one.about], one.formula
            score, floor = _count(one, sums, numbers), numbers.get(one.floor)
            found.append(Figure(
                code=formula.name, title=formula.title, value=score.value, numerator=score.numerator,
                denominator=score.denominator, measures=measures_of(one), definition=formula.definition,
                source=formula.source, floor=None if floor is None else f"{floor}.00",
                below=floor is not None and (exact := _exact(score)) is not None and exact * 100 < floor))
        return found

    def below(self, area: str, month: str) -> list[Figure]:
        """Return the indicators of a whole area that are below their floor; none of a month that has no figures."""
        floored = [one for one in self.indicators.values() if one.floor]
        sums = together(self.tally.cells(area, month, UNITS).values())
        try:
            return [one for one in self.shown(sums, area, month, floored) if one.below]
        except Invalid:
            return []

    def _whose(self, who: Actor, unit: str) -> str:
        """Return the unit whose figures are asked for; "" is the area. Raise Forbidden to who may not read them,
        Invalid where there is no such unit.
        """
        area = who.role in (*WATCHERS, LEADER) or who.role in (CENTRE, HEAD) and who.unit == f"{who.area}.hotline"
        if not who.area or not (area or who.role == HEAD and unit in ("", who.unit)) or unit and (
                area_of(unit) != who.area):
            raise Forbidden("统计指标由热线中心、监督、审计人员和分管领导查看，单位负责人查看本单位的")
        if unit and not self.named(unit):
            raise Invalid("查询参数有误", errors=[fault("/unit", "unknown", "本行政区域没有该单位")])
        return unit or ("" if area else who.unit)

    def _numbers(self, about: str, area: str, month: str) -> dict[str, int]:
        """Return the published numbers in force at the month's end, or now while it lasts. Raise Invalid where the
        month has no figures.
        """
        today, name = civil_day(self.clock()), self.published[about]
        if month > f"{today:%Y-%m}":
            raise Invalid("月份有误", errors=[fault("/month", "future", "该月份尚未到来，没有统计")])
        try:
            version = self.reference.in_force(name, area, min(today, date.fromisoformat(f"{month}-28")))
        except Missing as error:
            early = fault("/month", "before", "该月份早于统计开始的时间，没有统计")
            raise Invalid("月份有误", errors=[early]) from error
        rows = self.reference.completed(name, version)
        return {row["name"]: row["number"] for row in rows if "number" in row}

    def _named(self, code: str) -> Indicator:
        if code not in self.indicators:
            raise Invalid("查询参数有误", errors=[fault("/code", "unknown", "没有这一指标")])
        return self.indicators[code]

    def _title(self, whose: str) -> str:
        return "" if whose.startswith(OF_ITEM) else self.named(whose)

    def _place(self, whose: str, scores: Mapping[str, Score]) -> Place:
        score = scores[whose]
        return Place(rank=_rank(scores, whose), whose=whose.removeprefix(OF_ITEM), name=self._title(whose),
                     value=score.value, numerator=score.numerator, denominator=score.denominator)


def measures_of(indicator: Indicator) -> list[str]:
    """Return the measures of an indicator, each once, as they are counted."""
    text = f"{indicator.formula.numerator}、{indicator.formula.denominator}"
    return [f"{indicator.about}.{name}" for name in dict.fromkeys(text.replace("-", "、").split("、"))]


def _count(indicator: Indicator, sums: Sums, numbers: Sums) -> Score:
    """Return what an indicator comes to of those sums that are about the same."""
    own = {name.partition(".")[2]: n for name, n in sums.items() if name.startswith(f"{indicator.about}.")}
    return indicator.count(own, numbers, numbers.get(SMALL, 0))


def _disclosed(indicator: Indicator, sums: Sums, numbers: Sums) -> Value:
    """Return an indicator of ratings as the public reads it."""
    score, small = _count(indicator, sums, numbers), numbers[SMALL]
    if min(sums.get(RATED + of, 0) for of in (indicator.formula.denominator, ALL_RATED)) < small:
        return Value(code=indicator.formula.name, value=None, numerator=None, denominator=None)
    of_points = "、" in indicator.formula.numerator
    return Value(code=indicator.formula.name, value=score.value, numerator=None if of_points else score.numerator,
                 denominator=score.denominator)


def _touched(indicator: Indicator, sums: Sums) -> bool:
    return any(sums.get(measure) for measure in measures_of(indicator))


def _rank(scores: Mapping[str, Score], whose: str) -> int | None:
    """Return a place by the exact share, not by what it is rounded to."""
    mine = _exact(scores[whose])
    return None if mine is None else 1 + sum((other := _exact(one)) is not None and other > mine
                                             for one in scores.values())


def _exact(score: Score) -> Fraction | None:
    if score.value is None:
        return None
    return Fraction(score.numerator or 0, score.denominator) if score.denominator else Fraction(score.value)
