"""Ratings and corrections as this process runs them: their tables, and their treaties."""
from collections.abc import Mapping
from functools import cache

from chalicelib.domains.accounts.wiring import accounts
from chalicelib.domains.applications import rights as of_applications
from chalicelib.domains.catalogue.wiring import catalogue
from chalicelib.domains.disclosure.checks import findings
from chalicelib.domains.hotline import rights as of_orders
from chalicelib.kernel import now
from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import area_of
from chalicelib.kernel.pace import Pace
from chalicelib.kernel.problems import Missing
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from . import upstream
from .correction_service import Corrections
from .exchange_service import Exchange
from .place_service import Places
from .reconciling import Reconciling
from .service import Ratings
from .signal_service import Signals, Traces
from .store import CorrectionStore, PublishedStore, RatingStore, SignalStore

UNFIT = {"resident-id", "resident-id-15", "bank-card", "mobile", "name-address", "secrecy", "internal"}
A_DAY = 86_400                             # seconds
TOO_OFTEN = {"per_address": "同一网络地址今日的评价次数已达上限，请明日再评价",
             "visits": "该办件今日邀请评价的次数已达上限，请明日再邀请"}


@cache
def ratings() -> Ratings:
    cases = Table(settings().cases_table)
    served = {"APPLICATION": lambda case_id: of_applications.service_of(cases, case_id),
              "ORDER": lambda case_id: of_orders.service_of(cases, case_id)}
    return Ratings(RatingStore(cases), Reference(Table(settings().reference_table)), now.now, served, accounts().office,
                   accounts().store.serves)


@cache
def places() -> Places:
    cases = Table(settings().cases_table)
    return Places(ratings(), lambda case_id, who: of_applications.standing_of(cases, case_id, who) == "desk", known,
                  lambda area, item: catalogue().line(area, item) is not None)


def known(unit: str) -> bool:
    """Say whether there is such a unit."""
    return bool(accounts().store.unit_name(area_of(unit), unit))


@cache
def corrections() -> Corrections:
    store = accounts().store
    return Corrections(CorrectionStore(Table(settings().cases_table)), ratings().reference, now.now, ratings(),
                       store.serves, store.offices, known, identity, unfit,
                       PublishedStore(Table(settings().reference_table)))


@cache
def signals() -> Signals:
    traces = Traces(Table(settings().figures_table), now.now)
    return Signals(SignalStore(Table(settings().cases_table)), ratings().reference, now.now, ratings(), traces,
                   accounts().store.offices)


@cache
def exchange() -> Exchange:
    return Exchange(Table(settings().figures_table), corrections(), lambda: upstream.connect(), rater,
                    lambda: upstream.cipher())


def reconciling() -> Reconciling:
    return Reconciling(exchange(), now.now)


def rater(person: str) -> Mapping[str, str]:
    """Return what the province is told of a rater, in clear; nothing of one who has no account any more, or whose data
    are restricted."""
    known = identity(person)
    if not known or (profile := accounts().store.person(person)).get("restricted"):
        return {}
    return {**known, "kind": str(profile["kind"])}


def identity(person: str) -> Mapping[str, str]:
    """Return the name, number and phone of a person in clear; nothing of one who has no account any more."""
    try:
        opened = accounts().store.opened(accounts().store.person(person))
    except Missing:
        return {}
    return {name: opened[name] for name in ("name", "number", "phone")}


def unfit(text: str) -> list[str]:
    """Return what of a text may not be made public, in words: numbers of persons, names with titles, marks of secrecy.
    """
    return [one.words for one in findings("/text", text, civil_day(now.now())) if one.kind in UNFIT]


def guard(what: str, whom: str, area: str) -> None:
    """Raise TooMany where one address gives, or one case is asked for, more in a day than the area's limits say."""
    most = places().most(area, what)
    Pace(Table(settings().figures_table), now.now).allow(f"rating-{what}#{area}", whom, most, A_DAY, TOO_OFTEN[what])
