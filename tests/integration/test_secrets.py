"""Secrets as a deployment has them, in moto's Secrets Manager: filled, read through a cache, changed, out of reach."""
import base64
import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from chalicelib.kernel import secrets, settings
from chalicelib.kernel.problems import Busy
from chalicelib.kernel.secrets import FRESH, Data, Keys, Services, Signing, secret
from infra.rotation import ENDED, MET, Refused
from infra.secrets import Kept, fill, main, rotate

NAMES = [f"yiciban-test-{part}" for part in ("data", "keys", "signing", "services")]
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def client(monkeypatch):
    """Secrets Manager with the four empty secrets of the data stack, and this process told to go by them."""
    from aws_lambda_powertools.utilities.parameters import base
    monkeypatch.setenv("SECRETS", "yiciban-test")
    monkeypatch.setattr(secrets, "held", {})
    settings.settings.cache_clear()
    with mock_aws():
        base.DEFAULT_PROVIDERS.clear()
        base.clear_caches()
        made = boto3.client("secretsmanager")
        for name in NAMES:
            made.create_secret(Name=name)
        yield made
    base.DEFAULT_PROVIDERS.clear()
    monkeypatch.undo()
    settings.settings.cache_clear()


@pytest.fixture
def kept(client):
    return Kept(client, "test")


@pytest.fixture
def later(monkeypatch):
    """Move the time by which the cache goes."""
    from aws_lambda_powertools.utilities.parameters import base
    clock = [datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)]

    class Moved(datetime):
        @classmethod
        def now(cls, tz=None):
            return clock[0]

    monkeypatch.setattr(base, "datetime", Moved)
    return lambda seconds: clock.__setitem__(0, clock[0] + timedelta(seconds=seconds))


def put(client, part, text):
    client.put_secret_value(SecretId=f"yiciban-test-{part}", SecretString=text)


def gone(monkeypatch):
    """Let every call of Secrets Manager fail to connect."""
    from aws_lambda_powertools.utilities.parameters.secrets import SecretsProvider

    def fail(*_, **__):
        raise EndpointConnectionError(endpoint_url="https://secretsmanager")
    monkeypatch.setattr(SecretsProvider, "_get", fail)


def test_empty_secrets_are_filled_once_and_every_part_of_the_product_can_read_its_own(kept, client):
    fill(kept, "wx-secret")
    before = {name: client.get_secret_value(SecretId=name)["SecretString"] for name in NAMES}
    lines = fill(kept, "another")
    assert before == {name: client.get_secret_value(SecretId=name)["SecretString"] for name in NAMES}
    assert len(base64.b64decode(secret(Data).data_key)) == 32 and secret(Services).wechat_secret == "wx-secret"
    assert [key["kid"] for key in secret(Keys).token_keys["keys"]] == [secret(Signing).token_signing_key["kid"]]
    said = "\n".join(lines)
    assert "data: there" in said and not any(value in said for value in (
        secret(Data).data_key, secret(Signing).token_signing_key["d"], "wx-secret"))


def test_the_first_data_key_stays_even_where_two_fill_at_the_same_moment(kept, client, monkeypatch):
    fill(kept)
    first = kept.read("data")
    monkeypatch.setattr(kept, "read", lambda part: None)
    with pytest.raises(Refused, match="yiciban-test-data was filled by somebody else just now: run again"):
        fill(kept)
    assert Kept(client, "test").read("data") == first


def test_a_filling_that_was_cut_short_is_finished_by_the_next(kept, client, monkeypatch):
    whole = kept.fill
    monkeypatch.setattr(kept, "fill", lambda part, held: part != "keys" and whole(part, held))
    fill(kept)
    monkeypatch.undo()
    fill(Kept(client, "test"))
    assert [key["kid"] for key in kept.read("keys")["token_keys"]["keys"]] == [
        kept.read("signing")["token_signing_key"]["kid"]]


@pytest.mark.parametrize("part, text, why", [
    ("data", "not json", "yiciban-test-data holds no JSON object"),
    ("data", "[]", "yiciban-test-data holds no JSON object"),
    ("data", '{"data_key": "c2hvcnQ="}', "data is wrong and was left as it is: data_key"),
    ("data", '{"data_key": "kms:c2hvcnQ="}', "data is wrong and was left as it is: data_key"),
    ("keys", '{"token_keys": {"keys": []}}', "the signing secret is empty but there are public keys"),
    ("signing", '{"token_signing_key": {}}', "signing is wrong and was left as it is: token_signing_key")])
def test_what_is_wrong_is_left_as_it_is_and_said_in_one_line(kept, client, part, text, why):
    put(client, part, text)
    with pytest.raises(Refused) as refused:
        fill(kept)
    assert str(refused.value).startswith(why) and "\n" not in str(refused.value)
    assert client.get_secret_value(SecretId=f"yiciban-test-{part}")["SecretString"] == text


def test_secrets_that_no_stack_has_made_are_refused(client, capsys):
    assert main(["fill", "other-cn"]) == 1
    assert capsys.readouterr().out == "secrets: there is no secret yiciban-other-data: deploy the data stack first\n"
    assert main(["rotate", "test", "sing"]) == 1
    assert capsys.readouterr().out == "secrets: say STAGE=..., and STEP=announce|sign|retire for a rotation\n"
    assert main(["rotate", "test", "sign"]) == 1
    assert capsys.readouterr().out == "secrets: there are no keys yet: make secrets first\n"


def test_a_rotation_is_kept_between_its_steps_and_prints_no_key(kept):
    fill(kept)
    old, lines = kept.read("signing")["token_signing_key"], []
    lines.append(rotate(kept, "announce", START))
    coming = kept.read("signing")["coming"]
    with pytest.raises(Refused, match="too early"):
        rotate(kept, "sign", START + MET - timedelta(seconds=1))
    lines.append(rotate(kept, "sign", START + MET))
    assert len(kept.read("keys")["token_keys"]["keys"]) == 2
    with pytest.raises(Refused, match="too early"):
        rotate(kept, "retire", START + MET + ENDED)
    lines.append(rotate(kept, "retire", START + MET + MET + ENDED))
    assert kept.read("signing")["token_signing_key"] == coming
    assert [key["kid"] for key in kept.read("keys")["token_keys"]["keys"]] == [coming["kid"]]
    assert not any(key["d"] in line for key in (old, coming) for line in lines)
    assert rotate(kept, "", START) == lines[-1]


def test_a_secret_is_read_once_in_five_minutes_and_a_changed_one_is_met_then(kept, client, later):
    fill(kept)
    first = secret(Keys).token_keys
    rotate(kept, "announce", START)
    later(FRESH - 1)
    assert secret(Keys).token_keys == first
    later(2)
    assert len(secret(Keys).token_keys["keys"]) == 2


def test_what_was_read_once_is_kept_while_secrets_manager_is_out_of_reach(kept, later, monkeypatch):
    fill(kept)
    first = secret(Keys)
    later(FRESH + 1)
    gone(monkeypatch)
    assert secret(Keys) == first
    with pytest.raises(Busy) as busy:
        secret(Data)
    assert busy.value.status == 503, "never read, so there is none"


def test_a_wrong_secret_is_a_503_to_the_caller_and_one_line_without_a_value(client, capsys, monkeypatch):
    lines = []
    monkeypatch.setattr(secrets.log, "error", lambda line, **_: lines.append(line))
    put(client, "data", '{"data_key": "a-value-to-keep"}')
    put(client, "signing", json.dumps({"token_signing_key": {"kid": "a-value-to-keep"}}))
    for part in (Data, Signing, Keys):
        with pytest.raises(Busy) as busy:
            secret(part)
        assert (busy.value.status, busy.value.facts) == (503, {"retry_after": 30})
    assert lines == ["secret data missing or wrong: DATA_KEY", "secret signing missing or wrong: TOKEN_SIGNING_KEY",
                     "secret keys cannot be read: GetParameterError"]
    assert "a-value-to-keep" not in capsys.readouterr().out
