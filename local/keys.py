"""The keys of this run: made once, kept in `secrets.json`, readable by its owner alone."""
import base64
import json
import os
import secrets

from joserfc.jwk import ECKey

from .folder import data, finish, unfinished


def keys() -> dict[str, str]:
    """Return DATA_KEY, TOKEN_KEYS and TOKEN_SIGNING_KEY as the product's settings want them."""
    path = data() / "secrets.json"
    if not path.exists():
        fresh = unfinished(path)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(_made(), file)
            file.flush()
            os.fsync(file.fileno())
        finish(fresh, path)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _made() -> dict[str, str]:
    key = ECKey.generate_key("P-256", {"kid": f"local-{secrets.token_hex(4)}", "alg": "ES256", "use": "sig"})
    return {"DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "TOKEN_KEYS": json.dumps({"keys": [key.as_dict(private=False)]}),
            "TOKEN_SIGNING_KEY": json.dumps(key.as_dict(private=True))}
