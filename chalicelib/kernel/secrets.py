"""What must stay secret: from Secrets Manager through a cache of minutes; on one machine, from the environment.

Each part is a secret of its own, `<SECRETS>-<part>`, a JSON object, so that a function can be let open only what it
needs. A rotated part is met by every process within FRESH seconds.
"""
import base64
import json
import os
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError

from .observe import count, log
from .problems import Busy
from .settings import settings

FRESH = 300                                # seconds


def _data_key(given: str) -> str:
    if len(base64.b64decode(given, validate=True)) != 32:
        raise ValueError("not 32 bytes in base64")
    return given


def _cipher_key(given: str) -> str:
    if given and len(base64.b64decode(given, validate=True)) != 32:
        raise ValueError("not 32 bytes in base64")
    return given


def _jwks(given: dict[str, Any]) -> dict[str, Any]:
    if not given.get("keys") or not all("kid" in key and "d" not in key for key in given["keys"]):
        raise ValueError("not a set of public keys with ids")
    return given


def _private(given: dict[str, Any]) -> dict[str, Any]:
    if not {"kid", "d"} <= set(given):
        raise ValueError("not a private key with an id")
    return given


Json = BeforeValidator(lambda given: json.loads(given) if isinstance(given, str) else given)
PublicKeys = Annotated[dict[str, Any], Json, AfterValidator(_jwks)]
PrivateKey = Annotated[dict[str, Any], Json, AfterValidator(_private)]


class Part(BaseModel, frozen=True, extra="ignore"):
    """Fields that are kept together. Each is a member of the secret, or a variable of the same name in capitals."""

    part: ClassVar[str]


class Data(Part, frozen=True):
    """32 bytes in base64. It is for ever: digests and ids hang on it."""

    part: ClassVar[str] = "data"
    data_key: Annotated[str, AfterValidator(_data_key)]


class Keys(Part, frozen=True):
    """The public keys whose tokens are good (JWKS, RFC 7517); two while they are changed."""

    part: ClassVar[str] = "keys"
    token_keys: PublicKeys


class Signing(Part, frozen=True):
    """The private key (JWK) that signs tokens; its `kid` is among the public ones."""

    part: ClassVar[str] = "signing"
    token_signing_key: PrivateKey


class Services(Part, frozen=True):
    """What outer services ask for; empty where one is not used."""

    part: ClassVar[str] = "services"
    wechat_secret: str = ""
    exchange_key: str = ""                 # signs what is pushed to the province's 好差评
    exchange_cipher: Annotated[str, AfterValidator(_cipher_key)] = ""    # 32 bytes in base64: encrypts who rated


P = TypeVar("P", bound=Part)
held: dict[type[Part], Part] = {}


def secret(shape: type[P]) -> P:
    """Return a part, never older than FRESH unless Secrets Manager is out of reach. Raise Busy if there is none.

    What is wrong with a part is said in one line of the log, by the names of its fields, never by a value.
    """
    try:
        made = shape.model_validate(given(shape))
    except ValidationError as error:
        names = sorted({str(fault["loc"][0]).upper() for fault in error.errors()})
        count("SecretsUnreadable", part=shape.part)
        log.error(f"secret {shape.part} missing or wrong: {', '.join(names)}")
        raise Busy("系统配置暂时无法读取，请稍后重试", retry_after=30) from None
    held[shape] = made
    return made


def given(shape: type[Part]) -> dict[str, Any]:
    """Return what is kept of a part, unchecked; the one-machine run puts a file in its place (local/install.py)."""
    if not (prefix := settings().secrets):
        return {name: os.environ[name.upper()] for name in shape.model_fields if name.upper() in os.environ}
    from aws_lambda_powertools.utilities import parameters  # here: only a deployment pays for it
    from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError, TransformParameterError
    try:
        found = parameters.get_secret(f"{prefix}-{shape.part}", max_age=FRESH, transform="json")
    except (GetParameterError, TransformParameterError) as error:
        count("SecretsUnreadable", part=shape.part)
        if shape in held:
            return held[shape].model_dump()
        log.error(f"secret {shape.part} cannot be read: {type(error).__name__}")
        raise Busy("系统配置暂时无法读取，请稍后重试", retry_after=30) from None
    return dict(found) if isinstance(found, dict) else {}
