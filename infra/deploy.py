"""`make deploy STAGE=prod`: dist/ to AWS by CloudFormation. Two stacks, `yiciban-<stage>-data` and `-compute`.

It can be stopped and run again at any time: each stack is changed whole or not at all, and a package that is there is
not put up twice. An older package returns with `make deploy` of its commit.
"""
import json
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

DIST = Path(__file__).parents[1] / "dist"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
PATIENCE = 1_800                           # seconds that a change may take
LOOK = 5.0                                 # seconds between two looks


class CannotDeploy(SystemExit):
    """CloudFormation refused; the message says what it said."""


def deploy(dist: Path = DIST, look: float = LOOK) -> dict[str, str]:
    """Deploy both stacks; return the outputs of both. Raise CannotDeploy."""
    values = json.loads((dist / "parameters.json").read_text("utf-8"))
    name, cloud = f"yiciban-{values['Stage']}", boto3.client("cloudformation")
    kept = change(cloud, f"{name}-data", {"TemplateBody": (dist / "data.json").read_text("utf-8")}, values, look)
    address = upload(dist, kept["ArtifactsBucket"])
    return kept | change(cloud, f"{name}-compute", {"TemplateURL": address}, values | kept, look)


def upload(dist: Path, bucket: str) -> str:
    """Put up the package and the template that names it, too large to be sent itself; return its address."""
    store = boto3.client("s3")
    code, = dist.glob("*.zip")
    if not _there(store, bucket, code.name):
        store.put_object(Bucket=bucket, Key=code.name, Body=code.read_bytes())
    template = json.loads((dist / "compute.json").read_text("utf-8"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": resource["Properties"]["CodeUri"]}
    key = f"{code.stem}.json"
    store.put_object(Bucket=bucket, Key=key, Body=json.dumps(template, ensure_ascii=False).encode())
    return f"{store.meta.endpoint_url}/{bucket}/{key}"


def change(cloud: Any, stack: str, template: Mapping[str, str], values: Mapping[str, str],
           look: float) -> dict[str, str]:
    """Bring one stack to its template; return its outputs. `values` may hold more than the template asks for."""
    asked = {one["ParameterKey"] for one in cloud.get_template_summary(**template)["Parameters"]}
    given = [{"ParameterKey": key, "ParameterValue": str(value)} for key, value in values.items() if key in asked]
    _clear(cloud, stack, look)
    # What an earlier stack of this name has left, as its rows say (logs), is taken into the new one by its name.
    new, name = _status(cloud, stack) in (None, "REVIEW_IN_PROGRESS"), f"yiciban-{secrets.token_hex(6)}"
    cloud.create_change_set(StackName=stack, ChangeSetName=name, ChangeSetType="CREATE" if new else "UPDATE",
                            Parameters=given, Capabilities=CAPABILITIES, ImportExistingResources=new, **template)
    made = _until(look, lambda: cloud.describe_change_set(StackName=stack, ChangeSetName=name),
                  lambda found: found["Status"] in ("CREATE_COMPLETE", "FAILED"))
    if made["Status"] == "FAILED":
        if "didn't contain changes" in made["StatusReason"] or "No updates" in made["StatusReason"]:
            cloud.delete_change_set(StackName=stack, ChangeSetName=name)
            return _outputs(cloud, stack)
        raise CannotDeploy(f"deploy: {stack}: {made['StatusReason']}")
    cloud.execute_change_set(StackName=stack, ChangeSetName=name)
    end = _until(look, lambda: _status(cloud, stack),
                 lambda status: not status.endswith("_IN_PROGRESS"))
    if end not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise CannotDeploy("\n".join([f"deploy: {stack}: {end}", *_failures(cloud, stack)]))
    return _outputs(cloud, stack)


def _clear(cloud: Any, stack: str, look: float) -> None:
    """Take away what a first deployment that failed left: a stack in that state can only be deleted."""
    if _status(cloud, stack) in ("ROLLBACK_COMPLETE", "CREATE_FAILED"):
        cloud.delete_stack(StackName=stack)
        _until(look, lambda: _status(cloud, stack), lambda status: status in (None, "DELETE_COMPLETE"))


def _until(look: float, ask: Any, done: Any) -> Any:
    last = time.monotonic() + PATIENCE
    while not done(found := ask()):
        if time.monotonic() > last:
            raise CannotDeploy("deploy: CloudFormation takes too long; see its console, then deploy again")
        time.sleep(look)
    return found


def _status(cloud: Any, stack: str) -> str | None:
    try:
        return str(cloud.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _outputs(cloud: Any, stack: str) -> dict[str, str]:
    found = cloud.describe_stacks(StackName=stack)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}


def _failures(cloud: Any, stack: str) -> Iterator[str]:
    for event in cloud.describe_stack_events(StackName=stack)["StackEvents"]:
        if event["ResourceStatus"].endswith("_FAILED"):
            yield f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"


def _there(store: Any, bucket: str, key: str) -> bool:
    try:
        store.head_object(Bucket=bucket, Key=key)
    except ClientError:
        return False
    return True


if __name__ == "__main__":
    for output, value in deploy().items():
        print(f"{output}: {value}")
    sys.exit(0)
