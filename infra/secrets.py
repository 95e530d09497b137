"""`make secrets STAGE=x` fills the secrets of the data stack; `make rotate-keys STAGE=x STEP=...` changes the keys.

Nothing here prints a value. The data key is made once: digests, ids and sealed fields hang on it for ever.
"""
import base64
import json
import os
import sys
import uuid
from secrets import token_bytes
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from chalicelib.kernel.now import now
from chalicelib.kernel.secrets import Data, Part, Services, Signing

from .rotation import MET, STEPS, Refused, first, public, ring, told

Document = dict[str, Any]


class Kept:
    """The secrets of one stage in Secrets Manager, a JSON object each."""

    def __init__(self, client: Any, stage: str):
        self.client, self.prefix = client, f"yiciban-{stage.partition('-')[0]}"

    def read(self, part: str) -> Document | None:
        """Return a document, None while the secret is empty. Raise Refused if it is not there or no JSON object."""
        name = f"{self.prefix}-{part}"
        try:
            text = self.client.get_secret_value(SecretId=name)["SecretString"]
        except self.client.exceptions.ResourceNotFoundException:
            self._there(name)
            return None
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Refused(f"{name} holds no JSON object")
        return found

    def write(self, part: str, document: Document) -> None:
        """Replace a document."""
        self.client.put_secret_value(SecretId=f"{self.prefix}-{part}", SecretString=json.dumps(document))

    def fill(self, part: str, document: Document) -> None:
        """Write the first document of a secret. Raise Refused if somebody else does so at this moment.

        The name of the version follows from the secret's, so that there can be only one first version.
        """
        name = f"{self.prefix}-{part}"
        try:
            self.client.put_secret_value(SecretId=name, SecretString=json.dumps(document),
                                         ClientRequestToken=str(uuid.uuid5(uuid.NAMESPACE_URL, f"first:{name}")))
        except self.client.exceptions.ResourceExistsException:
            raise Refused(f"{name} was filled by somebody else just now: run again") from None

    def _there(self, name: str) -> None:
        try:
            self.client.describe_secret(SecretId=name)
        except self.client.exceptions.ResourceNotFoundException:
            raise Refused(f"there is no secret {name}: deploy the data stack first") from None


def fill(kept: Kept, wechat_secret: str = "") -> list[str]:
    """Fill what is empty and check what is not; return a line for each secret. Raise Refused."""
    lines = [_filled(kept, Data, {"data_key": base64.b64encode(token_bytes(32)).decode()})]
    if (signing := kept.read("signing")) is None:
        if kept.read("keys") is not None:
            raise Refused("the signing secret is empty but there are public keys: empty both, or put the key back")
        _, signing = first().documents()
        kept.fill("signing", signing)
        lines.append("signing: filled")
    _checked(Signing, signing)
    if (keys := kept.read("keys")) is None:
        keys = {"token_keys": {"keys": [public(signing["token_signing_key"])]}}
        kept.fill("keys", keys)            # it follows from the other, so that doing it twice changes nothing
        lines.append("keys: filled")
    lines.append(f"keys: {told(ring(keys, signing))}")
    return [*lines, _filled(kept, Services, {"wechat_secret": wechat_secret})]


def _filled(kept: Kept, shape: type[Part], document: Document) -> str:
    if (found := kept.read(shape.part)) is None:
        kept.fill(shape.part, document)
        return f"{shape.part}: filled"
    _checked(shape, found)
    return f"{shape.part}: there"


def _checked(shape: type[Part], found: Document) -> None:
    try:
        shape.model_validate(found)
    except ValidationError as error:
        names = sorted({str(fault["loc"][0]) for fault in error.errors()})
        raise Refused(f"{shape.part} is wrong and was left as it is: {', '.join(names)}") from None


def rotate(kept: Kept, step: str, at: Any) -> str:
    """Take a step, or none ("") to be told where the rotation stands; return one line. Raise Refused."""
    keys, signing = kept.read("keys"), kept.read("signing")
    if keys is None or signing is None:
        raise Refused("there are no keys yet: make secrets first")
    before = ring(keys, signing)
    after = STEPS[step](before, at, MET) if step else before
    documents = after.documents()
    # The private half first: a crash in between leaves a key that waits, never one that nobody has.
    for part, document, was in (("signing", documents[1], before.documents()[1]),
                                ("keys", documents[0], before.documents()[0])):
        if document != was:
            kept.write(part, document)
    return told(after)


def main(arguments: list[str]) -> int:
    """`fill <stage>` or `rotate <stage> [step]`."""
    what, stage, step = (*arguments, "", "", "")[:3]
    if not stage or (step and step not in STEPS):
        print(f"secrets: say STAGE=..., and STEP={'|'.join(STEPS)} for a rotation")
        return 1
    try:
        kept = Kept(boto3.client("secretsmanager"), stage)
        lines = fill(kept, os.environ.get("WECHAT_SECRET", "")) if what == "fill" else [rotate(kept, step, now())]
    except Refused as refused:
        print(f"secrets: {refused}")
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"secrets: Secrets Manager: {type(error).__name__}: {error}")
        return 1
    print("\n".join(f"secrets: {line}" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
