"""`make e2e-emulator`: both stacks by CloudFormation, the demonstration through the gateway, a failure mended.

Says at the end what was seen. Ends by itself after LIMIT seconds, however far it came.
"""
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from infra.deploy import deploy
from infra.secrets import Kept, fill

from . import checks
from .front import Front, serving
from .machine import CREDENTIALS, emulator

ROOT = Path(__file__).parents[1]
LIMIT = 900


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@cache
def client(service: str) -> Any:
    """Return a client of the emulator."""
    return boto3.client(service)


def names(stack: str) -> dict[str, str]:
    """Return the physical names in a stack, by logical name."""
    found = client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}


def main() -> int:
    signal.alarm(LIMIT)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ.update(CREDENTIALS | {"LOCAL_DATA": str(folder)})
        with emulator(free_port(), folder) as address:
            os.environ["AWS_ENDPOINT_URL"] = address
            outputs = deploy(stage(folder), look=0.2)
            checks.say("stacks", "data and compute made by CloudFormation change sets")
            keys = secret_values()
            stack = names("yiciban-prod-compute")
            os.environ.update(environment(outputs, keys))
            for what in (["infra.founding", "prod", "infra/stages/bureau.yaml"], ["local.seed"]):
                subprocess.run([sys.executable, "-m", *what], check=True, cwd=ROOT)
            checks.say("founding", "terms published, the operators' unit and its three officers entered")
            gateway = f"{address}/restapis/{outputs['RestApiId']}/api/_user_request_"
            front = Front(gateway, client, stack, outputs)
            with serving(front, free_port()) as site:
                checks.gateway(gateway)
                played = subprocess.run([sys.executable, "-m", "local.demo"], env=os.environ | {"SITE": site})
                if played.returncode:
                    checks.errors(client, stack)
                    return 1
                checks.say("demo", "every expectation met through the gateway, its authorizer and the stream")
                checks.schedule(client, stack)
                checks.failure(client, stack, outputs, site)
    print(f"e2e-emulator: green in {time.monotonic() - began:.0f} s; seen:")
    for what, how in checks.seen:
        print(f"  {what}: {how}")
    return 0


def stage(folder: Path) -> Path:
    """Return a copy of dist/ fit for the emulator.

    It sweeps two shards at once, since sixteen processes are too many for one machine; and no bucket refuses plain
    HTTP, which is all that the emulator speaks.
    """
    dist = Path(shutil.copytree(ROOT / "dist", folder / "dist"))
    template = json.loads((dist / "compute.json").read_text("utf-8"))
    events = template["Resources"]["SweepShard"]["Properties"]["Events"]
    next(iter(events.values()))["Properties"]["ScalingConfig"]["MaximumConcurrency"] = 2
    (dist / "compute.json").write_text(json.dumps(template))
    kept = json.loads((dist / "data.json").read_text("utf-8"))
    kept["Resources"] = {name: one for name, one in kept["Resources"].items() if one["Type"] != "AWS::S3::BucketPolicy"}
    (dist / "data.json").write_text(json.dumps(kept))
    return dist


class Blank(Kept):
    """The emulator's secrets: one that the template gives no value holds an empty text there, and nothing on AWS."""

    def read(self, part: str) -> dict[str, Any] | None:
        text = self.client.get_secret_value(SecretId=f"{self.prefix}-{part}")["SecretString"]
        return super().read(part) if text else None


def secret_values() -> dict[str, str]:
    """Fill the secrets as `make secrets` does; return them as the environment of this process wants them."""
    kept = Blank(client("secretsmanager"), "prod")
    fill(kept)
    found = {name: value for part in ("data", "keys", "signing") for name, value in (kept.read(part) or {}).items()
             if name in ("data_key", "token_keys", "token_signing_key")}
    checks.say("secrets", "filled once in Secrets Manager, opened by each function that may")
    return {name.upper(): value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}


def environment(outputs: dict[str, str], keys: dict[str, str]) -> dict[str, str]:
    """Return what this process and the seeds need of the deployment's settings."""
    values = json.loads((ROOT / "dist" / "parameters.json").read_text("utf-8"))
    return keys | {
        "STAGE": "prod", "CASES_STREAM_ARN": outputs["CasesStreamArn"],
        **{f"{name}_TABLE": f"yiciban-prod-{name.lower()}"
           for name in ("CASES", "REFERENCE", "FIGURES", "ACCOUNTS", "INBOX")},
        "OBJECTS_BUCKET": outputs["ObjectsBucket"], "SITE_BUCKET": outputs["SiteBucket"],
        "RETRY_QUEUE": outputs["RetryQueueUrl"], "TOKEN_ISSUER": values["TokenIssuer"],
        "SWEEP_QUEUE": outputs["SweepDeadUrl"],          # a form is asked for; nothing is swept from here
        "TOKEN_AUDIENCE": "yiciban", "LOCAL_ENGINE_KIND": "emulator", "COMMIT": secrets.token_hex(4),
        "POWERTOOLS_SERVICE_NAME": "yiciban", "POWERTOOLS_METRICS_DISABLED": "true"}


if __name__ == "__main__":
    sys.exit(main())
