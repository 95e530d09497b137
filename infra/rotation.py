"""The rotation of the keys that sign tokens, in three steps that log nobody out. Pure: documents in, documents out.

    announce   a new key's public half joins those whose tokens are good; its private half waits
    sign       the new key signs, once every process has met its public half
    retire     the old public key goes, once every token that it signed has ended

Two documents: `keys` (token_keys, announced_at) and `signing` (token_signing_key, coming, signs_since).
"""
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Self

from joserfc.jwk import ECKey
from pydantic import AwareDatetime, BaseModel, ValidationError, model_validator

from chalicelib.kernel.secrets import FRESH, PrivateKey, PublicKeys
from chalicelib.kernel.tokens import GOOD_FOR, LEEWAY

MET = timedelta(seconds=FRESH + 60)
"""How long until every process goes by a changed secret: its cache, and a request already on its way."""
ENDED = GOOD_FOR + timedelta(seconds=LEEWAY)
Key = dict[str, Any]


class Refused(Exception):
    """A step that cannot be taken, or documents that are wrong; the message is the one line to say so."""


class Ring(BaseModel, frozen=True, extra="ignore"):
    """The keys as they stand. `coming` waits to sign; `signs_since` is when the signing key took over, if known."""

    token_keys: PublicKeys
    token_signing_key: PrivateKey
    coming: PrivateKey | None = None
    announced_at: AwareDatetime | None = None
    signs_since: AwareDatetime | None = None

    @model_validator(mode="after")
    def _signs_what_is_believed(self) -> Self:
        if self.token_signing_key["kid"] not in self.kids:
            raise ValueError("the public key of token_signing_key")
        return self

    @property
    def kids(self) -> list[str]:
        return [key["kid"] for key in self.token_keys["keys"]]

    def documents(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the documents `keys` and `signing`."""
        kept = self.model_dump(mode="json", exclude_none=True)
        return ({name: kept[name] for name in ("token_keys", "announced_at") if name in kept},
                {name: kept[name] for name in ("token_signing_key", "coming", "signs_since") if name in kept})


def ring(keys: dict[str, Any], signing: dict[str, Any]) -> Ring:
    """Return what two documents say. Raise Refused, naming what is wrong but no value."""
    try:
        return Ring.model_validate({**keys, **signing})
    except (ValidationError, KeyError, TypeError, AttributeError) as error:
        faults = error.errors() if isinstance(error, ValidationError) else []
        names = sorted({str(fault["loc"][0]) if fault["loc"] else str(fault["ctx"]["error"]) for fault in faults})
        raise Refused(f"the documents of the keys are wrong: {', '.join(names) or 'token_keys'}") from None


def new_key() -> Key:
    """Return a new private key (JWK, P-256) with an id of its own."""
    return ECKey.generate_key("P-256", {"kid": f"k-{secrets.token_hex(6)}", "alg": "ES256", "use": "sig"}).as_dict(
        private=True)


def public(key: Key) -> Key:
    """Return the public half."""
    return ECKey.import_key(key).as_dict(private=False)


def first() -> Ring:
    """Return a ring with one new key."""
    key = new_key()
    return Ring(token_keys={"keys": [public(key)]}, token_signing_key=key)


def announce(now: Ring, at: datetime, met: timedelta) -> Ring:
    """Add a new key's public half; done twice, or after a crash between the two documents, it is the same new key."""
    if now.coming is None and len(now.kids) > 1:
        raise Refused("the old key is still good: retire it first")
    coming = now.coming or new_key()
    if coming["kid"] in now.kids:
        return now
    return now.model_copy(update={"coming": coming, "announced_at": at,
                                  "token_keys": {"keys": [*now.token_keys["keys"], public(coming)]}})


def sign(now: Ring, at: datetime, met: timedelta) -> Ring:
    """Let the announced key sign, not before `met` has passed."""
    if now.coming is None:
        if len(now.kids) < 2:
            raise Refused("no key is announced: announce one first")
        return now if now.signs_since else now.model_copy(update={"signs_since": at})
    if now.coming["kid"] not in now.kids or now.announced_at is None:
        raise Refused("the announcement was not finished: announce again")
    _wait(at, now.announced_at + met, "every process has met the new key")
    return now.model_copy(update={"token_signing_key": now.coming, "coming": None, "signs_since": at})


def retire(now: Ring, at: datetime, met: timedelta) -> Ring:
    """Leave only the key that signs, not before every token of another has ended."""
    if now.coming is not None:
        raise Refused("the announced key does not sign yet: sign first")
    if len(now.kids) == 1:
        return now
    if now.signs_since is None:
        raise Refused("nobody knows since when the new key signs: sign first")
    _wait(at, now.signs_since + met + ENDED, "every token of the old key has ended")
    mine = [key for key in now.token_keys["keys"] if key["kid"] == now.token_signing_key["kid"]]
    return now.model_copy(update={"token_keys": {"keys": mine}, "announced_at": None})


STEPS: dict[str, Callable[[Ring, datetime, timedelta], Ring]] = {"announce": announce, "sign": sign, "retire": retire}


def told(now: Ring) -> str:
    """Return one line on where the rotation stands: ids and instants, no key."""
    signs = now.token_signing_key["kid"]
    since = f" since {now.signs_since:%Y-%m-%d %H:%M:%SZ}" if now.signs_since else ""
    others = [kid for kid in now.kids if kid != signs]
    coming = now.coming["kid"] if now.coming else ""
    rest = "".join(f", {kid} is {'announced' if kid == coming else 'still good'}" for kid in others)
    return f"{signs} signs{since}{rest}"


def _wait(at: datetime, until: datetime, what: str) -> None:
    if at < until:
        raise Refused(f"too early: {what} at {until:%Y-%m-%d %H:%M:%SZ}")
