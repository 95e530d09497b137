"""Settings: a wrong or missing one stops the cold start with one line that names it and quotes no value."""
import pytest

from chalicelib.kernel.settings import Settings, settings


@pytest.fixture(autouse=True)
def fresh():
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("name, values", [
    ("STAGE", ["", "Prod", "prod-cn", "1st"]),
    ("CASES_TABLE", ["", "ab", "a table"]),
    ("CASES_STREAM_ARN", ["", "stream", "arn:aws:dynamodb:us-east-1:1:table/cases/stream/1",
                          "arn:aws:sqs:us-east-1:123456789012:table/cases/stream/1"]),
    ("OBJECTS_BUCKET", [""]), ("TOKEN_AUDIENCE", [""]),
    ("RETRY_QUEUE", ["", "retry"]), ("SWEEP_QUEUE", ["", "arn:aws:sqs:us-east-1:123456789012:sweep"]),
    ("TOKEN_ISSUER", ["", "id.example.gov.cn", "https://", "ftp://id.example.gov.cn"]),
    ("SITE_URL", ["open.example.gov.cn"]), ("SMS_URL", ["sms"]), ("RATING_URL", ["rate"]),
    ("EXCHANGE_URL", ["up"]), ("WECHAT_URL", [""]),
    ("CORS_ORIGINS", ["*", "bureau.example.gov.cn", "https://a.example/path", "https://a.example,https://b.example"]),
    ("NUMBER_SHARDS", ["0", "27", "eight", "1.5"])])
def test_a_wrong_one_is_named(monkeypatch, name, values):
    for value in values:
        monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as stopped:
            settings()
        assert str(stopped.value) == f"settings missing or wrong: {name}", value


@pytest.mark.parametrize("name", [name.upper() for name, field in Settings.model_fields.items() if field.is_required()])
def test_a_missing_one_is_named(monkeypatch, name):
    monkeypatch.delenv(name)
    with pytest.raises(SystemExit, match=f"^settings missing or wrong: {name}$"):
        settings()


def test_several_are_named_together_in_the_order_of_the_alphabet(monkeypatch):
    monkeypatch.delenv("STAGE")
    monkeypatch.setenv("CORS_ORIGINS", "*")
    with pytest.raises(SystemExit, match="^settings missing or wrong: CORS_ORIGINS, STAGE$"):
        settings()


def test_the_single_sign_on_is_set_whole_or_not_at_all(monkeypatch):
    monkeypatch.setenv("STAFF_ISSUER", "https://sso.example.gov.cn")
    with pytest.raises(SystemExit) as stopped:
        settings()
    assert str(stopped.value) == ("settings missing or wrong: STAFF_ISSUER, STAFF_CLIENT_ID, STAFF_JWKS_URL "
                                  "(all or none)")
    monkeypatch.setenv("STAFF_CLIENT_ID", "yiciban")
    monkeypatch.setenv("STAFF_JWKS_URL", "https://sso.example.gov.cn/keys")
    assert settings().staff_client_id == "yiciban"


@pytest.mark.parametrize("name, value", [
    ("CASES_STREAM_ARN", "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/yiciban-prod-cases/stream/2026-03-02"),
    ("RETRY_QUEUE", "local:retry"), ("RETRY_QUEUE", "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/retry"),
    ("TOKEN_ISSUER", "http://127.0.0.1"), ("CORS_ORIGINS", ""), ("SITE_URL", ""),
    ("CORS_ORIGINS", "https://a.example https://b.example:8443")])
def test_a_right_one_is_taken(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert getattr(settings(), name.lower()) == value
