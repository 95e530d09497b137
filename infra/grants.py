"""Least privilege: from the rows of functions.yaml to one IAM role per function."""
from collections.abc import Mapping
from typing import Any

TABLE_ACTIONS = {
    "read": ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
    "write": ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"]}
TABLES = ("Cases", "Reference", "Figures", "Accounts", "Inbox")

QUEUE_ACTIONS = {
    "send": ["sqs:SendMessage"],
    "receive": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]}
QUEUES = {"Retry": {"Ref": "RetryQueueArn"}, "RelayDead": {"Ref": "RelayDeadArn"},
          "SweepQueue": {"Fn::GetAtt": ["SweepQueue", "Arn"]}, "ScheduleDead": {"Fn::GetAtt": ["ScheduleDead", "Arn"]}}

BUCKET_ACTIONS = {"read": ["s3:GetObject"], "write": ["s3:PutObject"], "delete": ["s3:DeleteObject"]}
BUCKETS = {"Objects": "ObjectsBucket", "Site": "SiteBucket"}

SECRETS = {"DataSecret": "data", "KeysSecret": "keys", "SigningSecret": "signing", "ServicesSecret": "services"}
STREAM_ACTIONS = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]

Statement = dict[str, Any]


def role(name: str, grants: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return the role of the function `name`: its own log, its traces, and what its row grants."""
    statements = [statement for resource, words in grants.items() for statement in _statements(resource, words)]
    log = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
           "Resource": {"Fn::GetAtt": [f"{name}Logs", "Arn"]}}
    traces = {"Fn::If": ["HasTracing", {"Effect": "Allow", "Resource": "*", "Action": [
        "xray:PutTraceSegments", "xray:PutTelemetryRecords"]}, {"Ref": "AWS::NoValue"}]}
    return {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "Policies": [{"PolicyName": "own", "PolicyDocument": {
            "Version": "2012-10-17", "Statement": [log, *statements, traces]}}]}}


def _statements(resource: str, words: list[str]) -> list[Statement]:
    """Return what a grant allows. Raise KeyError for a word or a resource that nobody knows."""
    if resource in TABLES:
        table = ("arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/yiciban-${Stage}-"
                 + resource.lower())
        plain = [word for word in words if word != "scan-due"]
        # Who counts deadlines again goes through all that wait: through that index, never through the table.
        through = [_allow(["dynamodb:Scan"], {"Fn::Sub": f"{table}/index/due"})] if "scan-due" in words else []
        return [_allow(_all(TABLE_ACTIONS, plain), {"Fn::Sub": table}, {"Fn::Sub": f"{table}/index/*"}), *through]
    if resource in QUEUES:
        return [_allow(_all(QUEUE_ACTIONS, words), QUEUES[resource])]
    if resource in BUCKETS:
        bucket = f"arn:${{AWS::Partition}}:s3:::${{{BUCKETS[resource]}}}"
        # Without the right to list, a missing object answers 403 where `head` expects 404.
        there = [_allow(["s3:ListBucket"], {"Fn::Sub": bucket})] if "read" in words else []
        return [_allow(_all(BUCKET_ACTIONS, words), {"Fn::Sub": f"{bucket}/*"}), *there]
    if resource in SECRETS and words == ["open"]:
        # Secrets Manager ends the name in an ARN with a hyphen and six characters of its own.
        secret = ("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:yiciban-${Stage}-"
                  f"{SECRETS[resource]}-??????")
        return [_allow(["secretsmanager:GetSecretValue"], {"Fn::Sub": secret})]
    if resource == "CasesStream" and words == ["follow"]:
        # To list streams is granted on all or on none.
        return [_allow(STREAM_ACTIONS, {"Ref": "CasesStreamArn"}), _allow(["dynamodb:ListStreams"], "*")]
    raise KeyError(f"{resource}: {words}")


def _all(actions: Mapping[str, list[str]], words: list[str]) -> list[str]:
    return [action for word in words for action in actions[word]]


def _allow(actions: list[str], *resources: Any) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources) if len(resources) > 1 else resources[0]}
