"""Clients of AWS, from botocore itself: boto3's own layer would cost each cold start a third more."""
from functools import cache
from typing import Any


@cache
def _session() -> Any:
    import botocore.session  # here, as below: only what makes a client pays for it
    return botocore.session.get_session()


def client(service: str, **options: Any) -> Any:
    """Return a new client of `service`; region, credentials and endpoint come from the environment.

    `options` are those of botocore's Config.
    """
    from botocore.config import Config
    return _session().create_client(service, config=Config(**options))
