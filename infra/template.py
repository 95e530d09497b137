"""From what `chalice package` makes of app.py to the template of what runs. Pure: dicts in, a dict out."""
import json
from collections.abc import Mapping
from typing import Any

from . import alarms, grants, responses

Template = dict[str, Any]
Row = dict[str, Any]

EVENTS = {"Filters": [{"Pattern": json.dumps(
    {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "EVENT#"}]}}}})}]}
"""Only events wake the relay: of the two rows of an act, one."""
ALIAS = "live"


def composed(packaged: Template, compute: Template, functions: Mapping[str, Row], rows: list[Row], code: str,
             provisioned: int = 0) -> Template:
    """Return the template. `code` is the zip's name; `provisioned` keeps so many copies of the API warm (0: none).

    Raise ValueError unless each function of app.py has a row in functions.yaml and each row a function.
    """
    made = {name for name, each in packaged["Resources"].items() if each["Type"] == "AWS::Serverless::Function"}
    if made != set(functions):
        raise ValueError(f"functions.yaml and app.py differ: {sorted(made ^ set(functions))}")
    resources = {name: {**each, "Properties": dict(each["Properties"])}
                 for name, each in packaged["Resources"].items()}
    for name, added in compute["Resources"].items():
        if name in resources:
            resources[name] |= {key: value for key, value in added.items() if key != "Properties"}
            resources[name]["Properties"] |= added["Properties"]
        else:
            resources[name] = added
    for name, row in functions.items():
        resources[name]["Properties"] = function(name, row, resources[name]["Properties"], code)
        resources[f"{name}Role"] = grants.role(name, row["grants"])
        resources[f"{name}Logs"] = log_group(name)
    resources["RestAPI"]["Properties"]["DefinitionBody"] = packaged["Resources"]["RestAPI"]["Properties"][
        "DefinitionBody"] | {"x-amazon-apigateway-gateway-responses": responses.gateway_responses()}
    resources |= alarms.alarms(rows, functions) | {"Dashboard": alarms.dashboard(rows, functions)}
    whole = {**compute, "AWSTemplateFormatVersion": packaged["AWSTemplateFormatVersion"],
             "Transform": packaged["Transform"], "Resources": resources}
    return warm(whole, provisioned) if provisioned else whole


def function(name: str, row: Row, properties: Row, code: str) -> Row:
    """Return a function's properties: what Chalice knows of it, the size and rights of its row, and how it may fail."""
    own = {"Handler": row["handler"], "CodeUri": code, "MemorySize": row["memory"], "Timeout": row["timeout"],
           "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]}, "LoggingConfig": {"LogGroup": {"Ref": f"{name}Logs"}},
           "Tags": {"service": "yiciban"}}
    kept = {key: value for key, value in properties.items() if key in ("Runtime", "Architectures")}
    events = {key: {**event, "Properties": event["Properties"] | _source(row)}
              for key, event in properties.get("Events", {}).items()}
    asynchronous = {
        "DeadLetterQueue": {"Type": "SQS", "TargetArn": {"Fn::GetAtt": ["ScheduleDead", "Arn"]}},
        "EventInvokeConfig": {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 300}} if "schedule" in row else {}
    return kept | own | ({"Events": events} if events else {}) | asynchronous


def _source(row: Row) -> Row:
    """Return what an event source is told beyond what Chalice says of it."""
    if "stream" in row:
        return {"Stream": {"Ref": "CasesStreamArn"}, "StartingPosition": "TRIM_HORIZON", "FilterCriteria": EVENTS,
                "BisectBatchOnFunctionError": True, "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": {"Ref": "RelayDeadArn"}}},
                **row["stream"]}
    if "queue" in row:
        return {"Queue": row["queue"]["arn"], "ScalingConfig": {"MaximumConcurrency": row["queue"]["most"]},
                "FunctionResponseTypes": ["ReportBatchItemFailures"]}
    return {"DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["ScheduleDead", "Arn"]}},
            "RetryPolicy": {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 300}}


def log_group(name: str) -> Row:
    """Return the log of a function: it outlives the stack, and ends by itself."""
    return {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain",
            "Properties": {"LogGroupName": {"Fn::Sub": f"/yiciban/${{Stage}}/{name}"},
                           "RetentionInDays": {"Ref": "LogDays"}}}


def warm(template: Template, provisioned: int) -> Template:
    """Have the gateway call an alias of the API's function, of which `provisioned` copies stay warm."""
    text = json.dumps(template, ensure_ascii=False).replace("${APIHandler.Arn}", "${APIHandler.Alias}")
    whole: Template = json.loads(text)
    whole["Resources"]["APIHandler"]["Properties"] |= {
        "AutoPublishAlias": ALIAS, "AutoPublishAliasAllProperties": True,
        "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": provisioned}}
    whole["Resources"]["APIHandlerInvokePermission"]["Properties"]["FunctionName"] = {"Ref": "APIHandler.Alias"}
    return whole
