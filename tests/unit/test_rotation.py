"""The rotation of the keys that sign tokens: three steps, each in its time, none twice, nobody logged out."""
import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel import tokens
from chalicelib.kernel.identity import Bearer
from chalicelib.kernel.problems import Unauthenticated
from infra import rotation
from infra.rotation import ENDED, MET, Refused, announce, first, retire, ring, sign, told

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ANNOUNCED, SIGNED = START + MET, START + MET + MET + ENDED
WHO = Bearer(person="p-1", offices=())
SECOND = timedelta(seconds=1)


def in_force(now, monkeypatch):
    """Let this process go by a ring."""
    monkeypatch.setenv("TOKEN_KEYS", json.dumps(now.token_keys))
    monkeypatch.setenv("TOKEN_SIGNING_KEY", json.dumps(now.token_signing_key))


def test_a_change_is_met_after_the_cache_and_a_minute_and_a_token_ends_after_two_hours_and_a_half_minute():
    assert [timedelta(minutes=6), timedelta(hours=2, seconds=30)] == [MET, ENDED]


def test_every_token_is_good_for_its_time_through_all_steps_and_no_step_comes_early(monkeypatch):
    now, held, at = first(), [], START
    asked = [(ANNOUNCED, sign), (SIGNED, retire)]
    now = announce(now, at, MET)
    while at <= SIGNED + ENDED:
        in_force(now, monkeypatch)
        held = [(token, made) for token, made in held if at - made < tokens.GOOD_FOR] + [(tokens.issue(WHO, at), at)]
        assert {tokens.verify(token, at) for token, _ in held} == {WHO}
        if asked:
            when, step = asked[0]
            if at >= when:
                now, asked = step(now, at, MET), asked[1:]
            else:
                with pytest.raises(Refused, match="too early"):
                    step(now, at, MET)
        at += timedelta(minutes=3)
    assert asked == [] and len(now.kids) == 1


def test_a_process_with_the_older_documents_believes_the_newer_signature_and_the_other_way_round(monkeypatch):
    old = first()
    announced = announce(old, START, MET)
    signs = sign(announced, ANNOUNCED, MET)
    for signer, reader in ((signs, announced), (announced, signs), (old, announced), (old, signs)):
        in_force(signer, monkeypatch)
        token = tokens.issue(WHO, ANNOUNCED)
        in_force(reader, monkeypatch)
        assert tokens.verify(token, ANNOUNCED) == WHO
    in_force(retire(signs, SIGNED, MET), monkeypatch)
    with pytest.raises(Unauthenticated):
        tokens.verify(token, ANNOUNCED)


def test_a_step_done_twice_is_done_once():
    announced = announce(first(), START, MET)
    assert announce(announced, START + SECOND, MET) == announced
    signs = sign(announced, ANNOUNCED, MET)
    assert sign(signs, ANNOUNCED + SECOND, MET) == signs
    alone = retire(signs, SIGNED, MET)
    assert retire(alone, SIGNED + SECOND, MET) == alone


def test_a_crash_between_the_two_documents_of_an_announcement_is_mended_by_announcing_again():
    before = first()
    announced = announce(before, START, MET)
    half = ring(before.documents()[0], announced.documents()[1])
    with pytest.raises(Refused, match="announce again"):
        sign(half, ANNOUNCED, MET)
    mended = announce(half, ANNOUNCED, MET)
    assert mended.coming == announced.coming and mended.announced_at == ANNOUNCED, "its time begins anew"


@pytest.mark.parametrize("step, at, why", [
    ("sign", START, "no key is announced"),
    ("sign ", ANNOUNCED - SECOND, "too early: every process has met the new key"),
    ("retire ", SIGNED, "the announced key does not sign yet"),
    ("retire  ", SIGNED - SECOND, "too early: every token of the old key has ended at 2026-03-02 03:12:30Z"),
    ("announce  ", SIGNED, "the old key is still good: retire it first")])
def test_a_step_out_of_its_turn_or_time_is_refused(step, at, why):
    now = first()
    if " " in step:
        now = announce(now, START, MET)
    if "  " in step:
        now = sign(now, ANNOUNCED, MET)
    with pytest.raises(Refused, match=why):
        rotation.STEPS[step.strip()](now, at, MET)


def test_two_keys_put_there_by_hand_are_retired_only_after_sign_has_noted_the_time():
    announced = announce(first(), START, MET)
    by_hand = ring({"token_keys": announced.token_keys}, {"token_signing_key": announced.coming})
    with pytest.raises(Refused, match="nobody knows since when"):
        retire(by_hand, SIGNED, MET)
    assert sign(by_hand, START, MET).signs_since == START


@pytest.mark.parametrize("keys, signing, why", [
    ({}, {}, "token_keys, token_signing_key"), ({"token_keys": {"keys": []}}, {}, "token_keys, token_signing_key"),
    ({"token_keys": "x"}, {"token_signing_key": {"kid": "a", "d": "secret-part"}}, "token_keys"),
    ({"token_keys": {"keys": [{"kid": "b"}]}}, {"token_signing_key": {"kid": "a", "d": "secret-part"}},
     "the public key of token_signing_key"),
    ({"token_keys": {"keys": [{"kid": "a", "d": "secret-part"}]}}, {"token_signing_key": {"kid": "a"}},
     "token_keys, token_signing_key"),
    ({"token_keys": {"keys": ["a"]}}, {"token_signing_key": {"kid": "a", "d": "secret-part"}}, "token_keys")])
def test_wrong_documents_are_refused_in_one_line_that_quotes_none(keys, signing, why):
    with pytest.raises(Refused) as refused:
        ring(keys, signing)
    assert str(refused.value) == f"the documents of the keys are wrong: {why}"


def test_what_is_told_holds_ids_and_instants_and_no_key():
    now = sign(announce(first(), START, MET), ANNOUNCED, MET)
    line = told(now)
    assert line.endswith("since 2026-03-02 01:06:00Z, " + f"{now.kids[0]} is still good")
    assert now.token_signing_key["d"] not in line and now.token_signing_key["x"] not in line


def test_documents_are_read_back_as_they_were():
    now = announce(first(), START, MET)
    assert ring(*map(json.loads, map(json.dumps, now.documents()))) == now
    assert all("d" not in key for key in now.documents()[0]["token_keys"]["keys"]), "public halves alone"
