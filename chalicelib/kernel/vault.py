"""Keyed digests and encryption under the deployment's one data key."""
import base64
import os
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b, sha256
from hmac import new as hmac
from typing import Any

from .secrets import Data, secret


@cache
def _key() -> bytes:
    """Return the 32 bytes of the data key. Secrets Manager keeps them encrypted under the deployment's KMS key."""
    return base64.b64decode(secret(Data).data_key)


@cache
def _cipher() -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # here: only what seals pays for it
    return AESGCM(hmac(_key(), b"seal", sha256).digest())


def digest(purpose: str, *parts: str, length: int = 26) -> str:
    """Return `length` lower-case base32 characters that follow from the parts and cannot be made without the key."""
    message = "\x1f".join((purpose, *parts)).encode()
    return base64.b32encode(hmac(_key(), message, sha256).digest()).decode().lower()[:length]


def marks(parts: Iterable[str], *purpose: str) -> list[int]:
    """Return 32 bits of each part that follow from it and the purpose, and cannot be made without the key."""
    key = hmac(_key(), "\x1f".join(purpose).encode(), sha256).digest()
    return [int.from_bytes(blake2b(part.encode(), digest_size=4, key=key).digest()) for part in parts]


def seal(plain: str, bound: str) -> str:
    """Return `plain` encrypted (AES-256-GCM, base64url); only `open_sealed` with the same `bound` gives it back."""
    nonce = os.urandom(12)
    box = nonce + _cipher().encrypt(nonce, plain.encode(), bound.encode())
    return base64.urlsafe_b64encode(box).decode().rstrip("=")


def open_sealed(sealed: str, bound: str) -> str:
    """Return what was sealed. Raise ValueError if it was not sealed here, or bound to something else."""
    from cryptography.exceptions import InvalidTag
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        return bytes(_cipher().decrypt(raw[:12], raw[12:], bound.encode())).decode()
    except (InvalidTag, ValueError) as error:
        raise ValueError("not sealed here") from error
