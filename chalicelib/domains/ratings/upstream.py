"""The way to the province's 好差评: a push with a key of its own and a signature. What is not configured sends nothing.
"""
import base64
import json
import os
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from hmac import new as hmac
from typing import Any, Protocol

from chalicelib.kernel import now
from chalicelib.kernel.problems import Busy
from chalicelib.kernel.secrets import Services, secret
from chalicelib.kernel.settings import settings

TWICE = 409
"""The answer of an upstream that has this key already. It is as good as a receipt only where its member `mark` is the
mark sent, by which it says that it has this very content. That a province answers so is assumed: of none a text was to
be had. Any other stays open on the list of the reconciliation.
"""


class Upstream(Protocol):
    def push(self, key: str, fields: dict[str, Any], mark: str) -> str:
        """Hand over the fields under a key that is the same however often it is sent; return the receipt. `mark` is
        the same for the same content, whatever its encryption. Raise Busy.
        """


class Http:
    """POST of the fields as JSON to EXCHANGE_URL, with the headers Push-Key, Push-Mark, Timestamp (Unix seconds) and
    Signature: HMAC-SHA256 in hexadecimal, under `exchange_key`, of key, timestamp and body with a line end between. An
    answer of 2xx is the receipt: its member `receipt`, else empty.
    """

    def push(self, key: str, fields: dict[str, Any], mark: str) -> str:
        from urllib3.exceptions import HTTPError  # here, as below: only what sends pays for it
        body, stamp = json.dumps(fields, ensure_ascii=False, sort_keys=True), str(int(now.now().timestamp()))
        signature = hmac(secret(Services).exchange_key.encode(), f"{key}\n{stamp}\n{body}".encode(), sha256).hexdigest()
        try:
            answer = _pool().request("POST", settings().exchange_url, body=body.encode(), headers={
                "Content-Type": "application/json", "Push-Key": key, "Push-Mark": mark,
                "Timestamp": stamp, "Signature": signature})
        except HTTPError as error:
            raise Busy("上级好差评系统暂时无法访问", retry_after=60) from error
        if answer.status == TWICE and _told(answer.data, "mark") != mark:
            raise Busy("上级好差评系统已有该评价，内容是否一致未知", retry_after=60)
        if answer.status >= 300 and answer.status != TWICE:
            raise Busy(f"上级好差评系统答复{answer.status}", retry_after=60)
        return _told(answer.data, "receipt")


def _told(data: bytes, name: str) -> str:
    try:
        document = json.loads(data)
    except ValueError:
        return ""
    return str(document.get(name, ""))[:80] if isinstance(document, dict) else ""


@cache
def _pool() -> Any:
    import urllib3
    return urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=5), retries=urllib3.Retry(0, redirect=0))


def cipher() -> Callable[[str], str] | None:
    """Return what encrypts a field for the province: AES-256-GCM under `exchange_cipher`, base64 of nonce (12 bytes),
    text and tag. None where no key was given. Of a real province's scheme nothing was to be learned."""
    if not (given := secret(Services).exchange_cipher):
        return None
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    box = AESGCM(base64.b64decode(given))

    def seal(plain: str) -> str:
        nonce = os.urandom(12)
        return base64.b64encode(nonce + box.encrypt(nonce, plain.encode(), b"")).decode()
    return seal


def connect() -> Upstream | None:
    """Return the upstream; None where the bureau has none. On one machine a stand-in that records takes its place."""
    return Http() if settings().exchange_url else None
