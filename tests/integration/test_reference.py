"""Notices on holidays as the reference keeps them (moto): each number once, and versions that only ever grow."""
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.kernel.calendar import Notice
from chalicelib.kernel.reference import Reference
from chalicelib.kernel.table import Table

AT = datetime(2026, 11, 20, tzinfo=UTC)


def notice(number, day, at=AT):
    return Notice(number=number, publisher="国务院办公厅", source="测试", known_at=at, year=2027,
                  holidays={date(2027, 1, day): "元旦"})


@pytest.fixture
def reference(tables):
    return Reference(Table("yiciban-test-reference"), lambda: AT)


def versions(reference):
    return [one.number for one in Reference(reference.table, lambda: AT).calendar().notices]


def test_a_number_is_entered_once_and_what_was_first_stands(reference):
    for one in (notice("一", 1), notice("一", 1), notice("一", 4)):
        reference.announce(one)
    assert versions(reference) == ["一"] and reference.notice("一") == notice("一", 1)
    assert reference.announced() == (1, AT) and reference.notice("二") is None


def test_a_notice_entered_later_is_known_later_so_that_no_older_version_changes(reference):
    reference.announce(notice("乙", 1))
    before = Reference(reference.table, lambda: AT).calendar()
    reference.announce(notice("甲", 4, AT - timedelta(hours=1)))       # approved first, announced last
    after = Reference(reference.table, lambda: AT).calendar()
    assert versions(reference) == ["乙", "甲"] and after.as_of("乙").notices == before.notices
    assert after.notices[-1].known_at == AT + timedelta(seconds=1)


def test_of_two_entered_at_the_same_moment_neither_is_lost(reference, monkeypatch):
    other, real = Reference(reference.table, lambda: AT), reference.table.get

    def get(pk, sk):
        found = real(pk, sk)
        if sk == "CURRENT":                # the other copy comes between the reading and the writing
            monkeypatch.setattr(reference.table, "get", real)
            other.announce(notice("二", 4))
        return found
    monkeypatch.setattr(reference.table, "get", get)
    reference.announce(notice("一", 1))
    assert versions(reference) == ["二", "一"] and reference.announced()[0] == 2
