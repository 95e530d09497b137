"""What each function may do on AWS, and what it may not: the roles of functions.yaml, held against IAM's own logic."""
import json
import re

import pytest
from moto.iam.access_control import IAMPolicy, PermissionResult

from infra.grants import role
from infra.package import read

FUNCTIONS = read("functions.yaml")
VALUES = {"AWS::NoValue": None, "AWS::Partition": "aws-cn", "AWS::Region": "cn-north-1",
          "AWS::AccountId": "123456789012", "Stage": "prod",
          "ObjectsBucket": "objects", "SiteBucket": "site",
          "RetryQueueArn": "arn:aws-cn:sqs:cn-north-1:123456789012:yiciban-prod-retry",
          "RelayDeadArn": "arn:aws-cn:sqs:cn-north-1:123456789012:yiciban-prod-relay-dead",
          "CasesStreamArn": "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/yiciban-prod-cases/stream/1"}
TABLE = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/yiciban-prod-"
SECRET = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:yiciban-prod-"
RETRY = VALUES["RetryQueueArn"]
FILE, PAGE = "arn:aws-cn:s3:::objects/430199000000/a.pdf", "arn:aws-cn:s3:::site/430199000000/index.html"


def resolved(value):
    """A value of the template with the names of one deployment in it."""
    if isinstance(value, list):
        return [one for one in map(resolved, value) if one is not None]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": name}:
            return VALUES[name]
        case {"Fn::Sub": text}:
            named = re.sub(r"\$\{([\w:]+)\}", lambda found: VALUES[found[1]], text)
            return named.replace("??????", "AbCdEf")       # moto's evaluator does not know the question mark
        case {"Fn::GetAtt": [name, _]}:
            return f"arn:aws-cn:any:cn-north-1:123456789012:{name}"
        case {"Fn::If": [_, _, otherwise]}:
            return resolved(otherwise)
    return {name: resolved(one) for name, one in value.items()}


def may(function, action, resource):
    document = resolved(role(function, FUNCTIONS[function]["grants"])["Properties"]["Policies"][0]["PolicyDocument"])
    allowed = IAMPolicy({"policy_document": json.dumps(document)}).is_action_permitted(action, resource)
    return allowed == PermissionResult.PERMITTED


@pytest.mark.parametrize("function, action, resource", [
    ("APIHandler", "dynamodb:PutItem", f"{TABLE}cases"),
    ("APIHandler", "dynamodb:Query", f"{TABLE}cases/index/desk"),
    ("APIHandler", "dynamodb:Scan", f"{TABLE}cases/index/due"),
    ("APIHandler", "s3:GetObject", FILE),
    ("APIHandler", "secretsmanager:GetSecretValue", f"{SECRET}signing-AbCdEf"),
    ("SignedIn", "secretsmanager:GetSecretValue", f"{SECRET}keys-AbCdEf"),
    ("SignedIn", "dynamodb:GetItem", f"{TABLE}accounts"),
    ("Relay", "dynamodb:GetRecords", VALUES["CasesStreamArn"]),
    ("Relay", "sqs:SendMessage", RETRY),
    ("Relay", "s3:DeleteObject", FILE),
    ("Retry", "sqs:DeleteMessage", RETRY),
    ("SweepShard", "dynamodb:UpdateItem", f"{TABLE}figures"),
    ("Recount", "dynamodb:Scan", f"{TABLE}cases/index/due"),
    ("Publish", "s3:PutObject", PAGE),
    ("Keep", "dynamodb:PutItem", f"{TABLE}accounts"),
    ("Reconcile", "secretsmanager:GetSecretValue", f"{SECRET}services-AbCdEf"),
    ("Floors", "dynamodb:PutItem", f"{TABLE}inbox"),
])
def test_a_function_may_do_what_it_does(function, action, resource):
    assert may(function, action, resource)


@pytest.mark.parametrize("function, action, resource", [
    *((function, action, f"{TABLE}cases") for function in FUNCTIONS
      for action in ("dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:UpdateTable")),
    *((function, action, "*") for function in FUNCTIONS
      for action in ("iam:PassRole", "kms:Decrypt", "lambda:InvokeFunction", "secretsmanager:PutSecretValue",
                     "s3:DeleteBucket", "logs:DeleteLogGroup", "sts:AssumeRole")),
    *((function, "secretsmanager:GetSecretValue", f"{SECRET}signing-AbCdEf")
      for function in FUNCTIONS if function != "APIHandler"),
    *((function, "s3:PutObject", PAGE) for function in FUNCTIONS if function != "Publish"),
    *((function, "s3:GetObject", FILE)
      for function in ("SignedIn", "Sweep", "SweepShard", "Recount", "Publish", "Keep")),
    ("SignedIn", "dynamodb:PutItem", f"{TABLE}accounts"),
    ("SignedIn", "dynamodb:GetItem", f"{TABLE}cases"),
    ("Sweep", "dynamodb:Query", f"{TABLE}cases/index/due"),
    ("SweepShard", "dynamodb:GetItem", f"{TABLE}inbox"),
    ("Publish", "dynamodb:PutItem", f"{TABLE}accounts"),
    ("Reconcile", "dynamodb:PutItem", f"{TABLE}cases"),
    ("Floors", "dynamodb:GetItem", f"{TABLE}cases"),
    ("Recount", "secretsmanager:GetSecretValue", f"{SECRET}services-AbCdEf"),
    ("APIHandler", "dynamodb:PutItem", "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/yiciban-test-cases"),
    ("APIHandler", "sqs:ReceiveMessage", RETRY),
])
def test_a_function_may_not_do_more(function, action, resource):
    assert not may(function, action, resource)


def test_only_traces_and_the_list_of_streams_are_granted_on_everything():
    for function, row in FUNCTIONS.items():
        statements = role(function, row["grants"])["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        everywhere = [one["Action"] for one in statements if one.get("Resource") == "*"]
        assert everywhere in ([], [["dynamodb:ListStreams"]]), function
