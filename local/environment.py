"""What the parts read from the environment. Everything that could reach a real AWS account is replaced."""
import os
import subprocess
from collections.abc import Mapping

from .engine import HERE, Engine
from .keys import keys

TABLES = ("CASES", "REFERENCE", "FIGURES", "ACCOUNTS", "INBOX")
AWAY = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ENDPOINT_URL")
"""Variables of the user's own AWS life, which the parts must not see."""


def of_parts(given: Mapping[str, str], engine: Engine, site: str) -> dict[str, str]:
    """Return the environment of every part but for CASES_STREAM_ARN, which is known once the table is there.

    `given` is the user's: what it says of CORS_ORIGINS, WECHAT_*, STAFF_*, SMS_URL, RATING_URL, POWERTOOLS_LOG_LEVEL
    stands.
    """
    local = {name: value for name, value in given.items() if name not in AWAY}
    defaults = {"CORS_ORIGINS": f"{site} {site.replace(HERE, 'localhost')}", "POWERTOOLS_LOG_LEVEL": "WARNING"}
    return defaults | local | {
        "DATA_KEY": keys()["DATA_KEY"],
        "STAGE": "local", "COMMIT": commit(), "LOCAL_SITE": site, "LOCAL_ENGINE_KIND": engine.kind,
        **{f"{name}_TABLE": f"yiciban-local-{name.lower()}" for name in TABLES},
        "RETRY_QUEUE": "local:retry", "RETRY_QUEUE_NAME": "retry",
        "SWEEP_QUEUE": "local:sweep", "SWEEP_QUEUE_NAME": "sweep",
        "OBJECTS_BUCKET": "local", "SITE_BUCKET": "local", "SITE_URL": f"{site}/site",
        "TOKEN_ISSUER": f"http://{HERE}", "TOKEN_AUDIENCE": "yiciban",   # no port: tokens outlast a move to another
        "AWS_ENDPOINT_URL_DYNAMODB": engine.url, "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": engine.url,
        "AWS_DEFAULT_REGION": "local", "AWS_REGION": "local", "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **{name: f"{HERE},localhost,{given.get(name, '')}" for name in ("NO_PROXY", "no_proxy")}, "PYTHONUTF8": "1",
        "POWERTOOLS_SERVICE_NAME": "yiciban", "POWERTOOLS_METRICS_NAMESPACE": "Yiciban",
        "POWERTOOLS_METRICS_DISABLED": "true", "POWERTOOLS_TRACE_DISABLED": "true"}


def commit() -> str:
    """Return the short name of the commit that runs; "" outside a repository or without git."""
    try:
        asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()
