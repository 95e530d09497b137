"""The short written forms of limits, pauses, extensions and the clock that holds them."""
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.kernel.clocks import Clock, Extension, Limit, Pause
from chalicelib.kernel.record import Case


def test_half_a_limit_is_rounded_up_and_not_to_be_extended():
    assert Limit.model_validate("5wd+10/1!1,80@XKF42").halved() == Limit.model_validate("3wd!1,80@XKF42")


def test_a_running_clock_is_small():
    running = Clock(limit=Limit.model_validate("20wd+10/1!1,80@XKF42"), zero=datetime(2026, 3, 2, 2, tzinfo=UTC),
                    because="accept", counted="2026")
    stored = running.model_dump_json(exclude_defaults=True)
    assert stored == r'"20wd+10/1!1,80@XKF42 2026-03-02T02:00:00Z\n>accept\n=2026"'


def test_pauses_that_two_clocks_of_a_case_have_in_common_are_written_once():
    zero, pause = datetime(2026, 3, 2, 2, tzinfo=UTC), "检验 2026-03-05T02:00:00Z/ ~5 #局〔2026〕特0001号"
    clocks = {name: Clock(limit=Limit.model_validate(limit), zero=zero, because="accept", pauses=held)
              for name, limit, held in (("statutory", "20wd@XKF42", (pause,)), ("promised", "9wd@YSHJ36", (pause,)),
                                        ("procedure", "5wd@XKF45", ()), ("deliver", "10wd@XKF44", ()))}
    case = Case(id="a", opened_at=zero, clocks=clocks)
    stored = case.model_dump(mode="json", exclude_defaults=True)
    assert [written.count("检验") for written in stored["clocks"].values()] == [1, 0, 0, 0]
    assert Case.model_validate(stored) == case


@pytest.mark.parametrize("written", [
    {"limit": "20@XKF42"}, {"limit": "0wd@XKF42"}, {"limit": "20dd@XKF42"}, {"limit": "20wd!1,101@XKF42"},
    {"limit": "101yr@XKF42"}, {"zero": "2026-03-02T02:00:00"}, {"extensions": ["0 2026-03-02T02:00:00Z"]},
    {"pauses": ["检验 2026-03-02"]}, "20wd@XKF42", "20wd@XKF42 2026-03-02T02:00:00Z\n*检验",
    "20wd@XKF42 2026-03-02T02:00:00Z\n-检验", {"pauses": ["检验 2026-03-02T02:00:00Z/2026-03-01T02:00:00Z"]},
])
def test_what_is_not_a_clock_is_not_read_as_one(written):
    with pytest.raises(ValidationError):
        Clock.model_validate(written if isinstance(written, str) else {
            "limit": "20wd@XKF42", "zero": "2026-03-02T02:00:00Z", "because": "accept", **written})


INSTANTS = st.timedeltas(timedelta(), timedelta(days=50_000)).map(lambda span: datetime(1970, 1, 1, tzinfo=UTC) + span)
PAUSES = st.builds(
    lambda reason, start, length, planned, notice: Pause(
        reason=reason, start=start, end=length and start + length, planned=planned, notice=notice),
    st.text(), INSTANTS, st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=99)), st.integers(0, 99),
    st.text().map(lambda notice: notice.replace(" ", "")))
LIMITS = st.builds(Limit, count=st.integers(1, 50), unit=st.sampled_from(["wd", "cd", "mo", "yr", "h", "min"]),
                   basis=st.text(), times=st.integers(0, 3), extra=st.integers(0, 50), warn_left=st.integers(0, 9),
                   warn_used=st.integers(0, 100))


@given(LIMITS, INSTANTS, st.text(), st.lists(PAUSES, max_size=3),
       st.lists(st.builds(Extension, count=st.integers(1, 9), at=INSTANTS), max_size=2), st.none() | INSTANTS)
@example(Limit.model_validate("1wd@"), datetime(2026, 1, 1, tzinfo=UTC), "", [
    Pause(reason=" 2026-03-02T02:00:00Z/ ~3 #x", start=datetime(2026, 1, 1, tzinfo=UTC))], [], None)
def test_a_clock_survives_being_written_and_read(limit, zero, because, pauses, extensions, stopped):
    one = Clock(limit=limit, zero=zero, because=because, pauses=pauses, extensions=extensions, stopped=stopped)
    assert Clock.model_validate_json(one.model_dump_json(exclude_defaults=True)) == one
    assert Clock.model_validate(one.model_dump()) == one
