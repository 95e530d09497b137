"""Tokens of our own making: JWTs (RFC 7519) signed with ES256, with issuer, audience, expiry and key id."""
from datetime import datetime, timedelta

from .identity import Bearer
from .problems import Unauthenticated
from .secrets import Keys, Signing, secret
from .settings import settings

ALGORITHMS = ["ES256"]
GOOD_FOR = timedelta(hours=2)
LEEWAY = 30                                # seconds between clocks


def issue(bearer: Bearer, at: datetime, good_for: timedelta = GOOD_FOR) -> str:
    """Return a signed token for `bearer`."""
    from joserfc import jwt  # here, as below: only who signs or verifies pays for it
    from joserfc.jwk import ECKey
    here = settings()
    claims = bearer.model_dump(mode="json", exclude={"person"}) | {
        "sub": bearer.person, "iss": here.token_issuer, "aud": here.token_audience,
        "iat": int(at.timestamp()), "exp": int((at + good_for).timestamp())}
    signing = secret(Signing).token_signing_key
    return jwt.encode({"alg": "ES256", "kid": signing["kid"]}, claims, ECKey.import_key(signing))


def verify(token: str, at: datetime) -> Bearer:
    """Return the bearer whom a token of ours names. Raise Unauthenticated on any doubt."""
    here = settings()
    claims = claims_of(token, secret(Keys).token_keys, here.token_issuer, here.token_audience, at, ALGORITHMS)
    try:
        return Bearer.model_validate(claims | {"person": claims["sub"]})
    except ValueError as error:
        raise Unauthenticated("登录凭证无效，请重新登录") from error


def claims_of(token: str, keys: dict[str, object], issuer: str, audience: str, at: datetime,
              algorithms: list[str]) -> dict[str, object]:
    """Return the claims of a JWT signed by a key of `keys` (JWKS). Raise Unauthenticated on any doubt."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import GuestProtocol, KeySet

    def key_of(signed: GuestProtocol) -> object:
        return known.get_by_kid(signed.headers()["kid"])

    required = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()), leeway=LEEWAY, exp={"essential": True}, sub={"essential": True},
        iss={"essential": True, "value": issuer}, aud={"essential": True, "value": audience})
    try:
        known = KeySet.import_key_set(keys)  # type: ignore[arg-type]
        decoded = jwt.decode(token, key_of, algorithms=algorithms)  # type: ignore[arg-type]
        required.validate(decoded.claims)
    except (JoseError, ValueError, KeyError) as error:
        raise Unauthenticated("登录凭证无效，请重新登录") from error
    return dict(decoded.claims)
