"""Validate the API's description (OpenAPI 3.1), and that every operation has an example that fits its schema."""
import base64
import json
import os
import sys

from joserfc.jwk import ECKey
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

PLACES = {**dict.fromkeys(("CASES_TABLE", "REFERENCE_TABLE", "FIGURES_TABLE", "ACCOUNTS_TABLE", "INBOX_TABLE",
                           "OBJECTS_BUCKET", "SITE_BUCKET", "STAGE", "TOKEN_AUDIENCE"), "none"),
          **dict.fromkeys(("RETRY_QUEUE", "SWEEP_QUEUE", "TOKEN_ISSUER"), "https://none.example"),
          "CASES_STREAM_ARN": "arn:aws:dynamodb:none:000000000000:table/none/stream/none"}


def description() -> dict[str, object]:
    """Return the description as the app serves it. Nothing is reached over any network."""
    key = ECKey.generate_key("P-256", {"kid": "none", "alg": "ES256"}).as_dict(private=True)
    for name, place in PLACES.items():
        os.environ.setdefault(name, place)
    os.environ |= {"DATA_KEY": base64.b64encode(bytes(32)).decode(), "TOKEN_KEYS": json.dumps({"keys": []}),
                   "TOKEN_SIGNING_KEY": json.dumps(key)}
    import app
    from chalicelib.kernel.http import described
    return described(app.APIS, json.loads(app.EXAMPLES.read_text("utf-8")))


def faults(document: dict[str, object]) -> list[str]:
    """Return what is wrong with a description; nothing if it is right."""
    found = [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()]
    for path, methods in document["paths"].items():  # type: ignore[attr-defined]
        for method, operation in methods.items():
            contents = [answer.get("content", {}) for status, answer in operation["responses"].items()
                        if status != "default"] + [operation.get("requestBody", {}).get("content", {})]
            for one in (content["application/json"] for content in contents if "application/json" in content):
                where = f"{method.upper()} {path}"
                if "example" not in one:
                    found.append(f"{where}: no example (make examples)")
                    continue
                schema = {**one["schema"], "components": document["components"]}
                found += [f"{where}: {error.json_path} {error.message}"
                          for error in Draft202012Validator(schema).iter_errors(one["example"])]
    return found


if __name__ == "__main__":
    wrong = faults(description())
    print("\n".join(wrong))
    sys.exit(bool(wrong))
