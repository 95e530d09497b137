"""The environment of every test, and on request the tables in moto. Nothing here knows a domain."""
import base64
import json
import os

from joserfc.jwk import ECKey

SIGNING = ECKey.generate_key("P-256", {"kid": "test-1", "alg": "ES256", "use": "sig"})
os.environ |= {
    "AWS_DEFAULT_REGION": "cn-north-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_EC2_METADATA_DISABLED": "true", "STAGE": "test", "COMMIT": "test",
    **{f"{name}_TABLE": f"yiciban-test-{name.lower()}"
       for name in ("CASES", "REFERENCE", "FIGURES", "ACCOUNTS", "INBOX")},
    "CASES_STREAM_ARN": "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/yiciban-test-cases/stream/1",
    "OBJECTS_BUCKET": "yiciban-test-objects", "SITE_BUCKET": "yiciban-test-site", "RETRY_QUEUE": "https://sqs.example/retry",
    "SWEEP_QUEUE": "https://sqs.example/sweep",
    "DATA_KEY": base64.b64encode(bytes(range(32))).decode(), "CORS_ORIGINS": "https://bureau.example.gov.cn",
    "TOKEN_ISSUER": "https://id.example.gov.cn", "TOKEN_AUDIENCE": "yiciban",
    "TOKEN_KEYS": json.dumps({"keys": [SIGNING.as_dict(private=False)]}),
    "TOKEN_SIGNING_KEY": json.dumps(SIGNING.as_dict(private=True)),
    "POWERTOOLS_METRICS_NAMESPACE": "Yiciban", "POWERTOOLS_SERVICE_NAME": "yiciban",
}

import pytest  # noqa: E402

from tests.support.mocked import mocked  # noqa: E402
from tests.support.tables import bare, forget_clients, furnished  # noqa: E402


@pytest.fixture
def tables():
    """The deployed tables, in moto, with the shapes that infra/ gives them."""
    with mocked():
        forget_clients()
        furnished(bare)
        yield
    forget_clients()


@pytest.fixture
def web(monkeypatch):
    """The whole app over moto: see tests/support/web.py."""
    from tests.support.web import web_of
    with mocked(), web_of(monkeypatch) as made:
        yield made
    forget_clients()
