"""Accounts as this process runs them."""
from functools import cache

from chalicelib.kernel import now
from chalicelib.kernel.casework import KINDS
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import Table

from . import doors
from .callers import Callers
from .forgetting import Forgetting
from .readings import Readings
from .service import Accounts
from .staffing import Staffing
from .store import AccountStore


@cache
def accounts() -> Accounts:
    return Accounts(AccountStore(Table(settings().accounts_table)), now.now, doors.openid_of, doors.subject_of,
                    doors.confirm_identity, doors.phone_of)


def staffing() -> Staffing:
    return Staffing(accounts().store, accounts().clock)


def readings() -> Readings:
    return Readings(accounts().store, accounts().clock, KINDS)


def forgetting() -> Forgetting:
    return Forgetting(accounts().store, accounts().clock)


def callers() -> Callers:
    return Callers(accounts().store, accounts().clock)
