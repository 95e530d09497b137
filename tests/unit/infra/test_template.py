"""The templates: what is kept survives its stack, what fails goes somewhere, nothing knows a partition."""
import json

import pytest

from infra.founding import seeds
from infra.package import read
from infra.responses import gateway_responses
from infra.template import composed

FUNCTIONS, DATA = read("functions.yaml"), read("data.yaml")


def packaged():
    """What `chalice package` makes, as far as the composition looks at it."""
    def function(name, row):
        kind = {"stream": "DynamoDB", "queue": "SQS", "schedule": "Schedule"}
        events = {f"{name}Event": {"Type": kind[one], "Properties": {"BatchSize": 7}} for one in kind if one in row}
        return {"Type": "AWS::Serverless::Function", "Properties": {
            "Runtime": "python3.13", "Architectures": ["x86_64"], "Handler": "as.chalice.says", "Role": "none",
            "Timeout": 1, **({"Events": events} if events else {})}}
    api = {"paths": {"/applications": {"get": {"uri": {"Fn::Sub": "…functions/${APIHandler.Arn}/invocations"}}}}}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31", "Resources": {
        **{name: function(name, row) for name, row in FUNCTIONS.items()},
        "RestAPI": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "api", "DefinitionBody": api}},
        "APIHandlerInvokePermission": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Ref": "APIHandler"}}}}}


def made(provisioned=0):
    return composed(packaged(), read("compute.yaml"), FUNCTIONS, read("alarms.yaml"), "code.zip", provisioned)


def properties(name, template=None):
    return (template or made())["Resources"][name]["Properties"]


def test_every_function_has_its_own_size_role_and_log():
    for name, row in FUNCTIONS.items():
        found = properties(name)
        assert (found["Handler"], found["Timeout"], found["CodeUri"]) == (row["handler"], row["timeout"], "code.zip")
        assert found["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        assert found["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}Logs"}}
        assert properties(f"{name}Logs")["RetentionInDays"] == {"Ref": "LogDays"}


def test_what_outlives_its_stack_can_be_taken_into_a_new_one():
    """An import asks for a name of its own and a deletion policy that retains (infra/deploy.py imports)."""
    logs = [one for one in made()["Resources"].values() if one["Type"] == "AWS::Logs::LogGroup"]
    assert len(logs) == len(FUNCTIONS) + 1
    assert all(one["DeletionPolicy"] == "RetainExceptOnCreate" and one["Properties"]["LogGroupName"] for one in logs)


def test_the_stream_wakes_the_relay_for_events_alone_and_gives_up_into_a_queue():
    source, = properties("Relay")["Events"].values()
    found = source["Properties"]
    wanted = json.loads(found["FilterCriteria"]["Filters"][0]["Pattern"])
    assert wanted == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "EVENT#"}]}}}}
    assert found["BisectBatchOnFunctionError"] and found["MaximumRetryAttempts"] == 5 and found["BatchSize"] == 7
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert found["DestinationConfig"]["OnFailure"]["Destination"] == {"Ref": "RelayDeadArn"}


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if "schedule" in row])
def test_a_schedule_that_fails_leaves_a_letter(name):
    found = properties(name)
    source, = found["Events"].values()
    letters = {"Fn::GetAtt": ["ScheduleDead", "Arn"]}
    assert found["DeadLetterQueue"] == {"Type": "SQS", "TargetArn": letters}
    assert source["Properties"]["DeadLetterConfig"] == {"Arn": letters}
    assert "send" in FUNCTIONS[name]["grants"]["ScheduleDead"]


@pytest.mark.parametrize("queue, function", [("Retry", "Retry"), ("SweepQueue", "SweepShard")])
def test_a_message_stays_hidden_for_six_times_what_its_function_may_take(queue, function):
    resource = (DATA | {"Resources": DATA["Resources"] | read("compute.yaml")["Resources"]})["Resources"][queue]
    assert resource["Properties"]["VisibilityTimeout"] >= 6 * FUNCTIONS[function]["timeout"]
    assert "deadLetterTargetArn" in resource["Properties"]["RedrivePolicy"]


def test_a_function_without_a_row_and_a_row_without_a_function_are_refused():
    extra = packaged()
    extra["Resources"]["New"] = extra["Resources"]["Sweep"]
    with pytest.raises(ValueError, match="New"):
        composed(extra, read("compute.yaml"), FUNCTIONS, [], "code.zip")


def test_where_copies_are_kept_warm_the_gateway_calls_the_alias():
    template = made(provisioned=3)
    assert "${APIHandler.Alias}" in json.dumps(properties("RestAPI", template))
    assert "${APIHandler.Arn}" not in json.dumps(properties("RestAPI", template))
    assert properties("APIHandlerInvokePermission", template)["FunctionName"] == {"Ref": "APIHandler.Alias"}
    assert properties("APIHandler", template)["ProvisionedConcurrencyConfig"] == {"ProvisionedConcurrentExecutions": 3}
    assert "AutoPublishAlias" not in properties("APIHandler")


def test_what_is_kept_survives_its_stack():
    for name, resource in DATA["Resources"].items():
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == (
            "RetainExceptOnCreate", "Retain"), name


def test_every_table_is_encrypted_recoverable_and_protected():
    for name, resource in DATA["Resources"].items():
        if resource["Type"] == "AWS::DynamoDB::Table":
            table = resource["Properties"]
            assert table["BillingMode"] == "PAY_PER_REQUEST" and table["DeletionProtectionEnabled"], name
            assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
            assert table["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}, name


def test_every_bucket_is_private_versioned_and_refuses_plain_http():
    for name, resource in DATA["Resources"].items():
        if resource["Type"] == "AWS::S3::Bucket":
            bucket = resource["Properties"]
            assert all(bucket["PublicAccessBlockConfiguration"].values()) and bucket["BucketEncryption"], name
            assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name
            denied = DATA["Resources"][f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"][0]
            assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_no_template_knows_a_partition_or_a_region():
    text = json.dumps(made()) + json.dumps(DATA)
    assert "arn:aws:" not in text and "arn:aws-cn:" not in text and "amazonaws.com.cn" not in text
    assert "us-east-1" not in text and "cn-north-1" not in text


def test_what_the_data_stack_gives_out_is_what_the_other_asks_for():
    asked = {name for name, one in read("compute.yaml")["Parameters"].items()
             if one.get("Description") == "Output of the data stack."}
    assert asked <= set(DATA["Outputs"])


@pytest.mark.parametrize("occasion, status, kind", [
    ("UNAUTHORIZED", 401, "unauthenticated"), ("ACCESS_DENIED", 403, "gateway"),
    ("MISSING_AUTHENTICATION_TOKEN", 404, "missing"), ("REQUEST_TOO_LARGE", 413, "too-large"),
    ("THROTTLED", 429, "too-many"), ("DEFAULT_4XX", 400, "malformed"), ("DEFAULT_5XX", 500, "internal"),
    ("INTEGRATION_FAILURE", 502, "internal"), ("INTEGRATION_TIMEOUT", 504, "timeout")])
def test_the_gateway_s_own_answers_are_problems(occasion, status, kind):
    found = gateway_responses()[occasion]
    body = json.loads(found["responseTemplates"]["application/json"])
    assert found["statusCode"] == str(status) == str(body["status"])
    assert body["type"] == f"urn:yiciban:problem:{kind}" and body["title"] and body["detail"]
    assert found["responseParameters"]["gatewayresponse.header.Content-Type"] == "'application/problem+json'"


def test_logs_are_kept_as_long_as_the_classes_of_data_promise():
    days = read("compute.yaml")["Parameters"]["LogDays"]["Default"]
    promised, = (one["keep"] for one in seeds("privacy-classes") if one["code"] == "logs")
    assert promised.startswith("12mo@") and days == 365
