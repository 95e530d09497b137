"""What wakes somebody: that it can happen, that its text leads to the section of the runbook, and its shape."""
import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from infra.alarms import alarms, dashboard

ROOT = Path(__file__).parents[3]
ROWS = yaml.safe_load((ROOT / "infra/alarms.yaml").read_text("utf-8"))
FUNCTIONS = yaml.safe_load((ROOT / "infra/functions.yaml").read_text("utf-8"))
COMPUTE = yaml.safe_load((ROOT / "infra/compute.yaml").read_text("utf-8"))
MADE = alarms(ROWS, FUNCTIONS)
SECTIONS = {"dead-letters", "put-aside", "relay-lag", "throttling", "errors", "sweeps", "publishing", "leaks",
            "secrets"}
TEXT = re.compile(r"[^。]*[一-鿿][^。]*。处理办法见 docs/runbook\.md#[a-z-]+")
UNITS = {"count": "Count", "lasted": "Seconds"}
MUST_WAKE = {"DocumentsPutAside", "CasesPutAside", "ReactionFailures", "RelayFailures", "PublishingFailures",
             "SweepsCrowded", "ListLeaks", "SecretsUnreadable", "5XXError", "Errors", "Throttles", "IteratorAge",
             "ApproximateNumberOfMessagesVisible", "ReadThrottleEvents", "WriteThrottleEvents", "Invocations"}
BY = {"AWS/SQS": {"QueueName"}, "AWS/Lambda": {"FunctionName"}, "AWS/ApiGateway": {"ApiName", "Stage"},
      "AWS/DynamoDB": {"TableName"}, "Yiciban": {"service", "stage"}}
"""The dimensions under which each namespace enters what we ask for; an index of a table has one more."""


def emitted():
    """Every metric that the code emits: {name: (unit, its details)}."""
    found = {}
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNITS:
                names = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)
                         and isinstance(one.value, str) and re.fullmatch(r"[A-Z]\w+", one.value)]
                assert names, f"{path.name}:{node.lineno} does not name its metric"
                for name in names:
                    unit, details = found.setdefault(name, (UNITS[node.func.id], set()))
                    assert unit == UNITS[node.func.id], name
                    details |= {one.arg for one in node.keywords}
    return found


def listed():
    """The table of docs/metrics.md, as `emitted` has it."""
    rows = re.findall(r"^\| ([A-Z]\w+) \| (Count|Seconds) \| ([\w, ]*)\|",
                      (ROOT / "docs/metrics.md").read_text("utf-8"), re.MULTILINE)
    assert len({name for name, *_ in rows}) == len(rows)
    return {name: (unit, set(details.replace(",", " ").split())) for name, unit, details in rows}


def test_the_table_of_metrics_is_what_the_code_emits():
    assert listed() == emitted()


def test_every_metric_of_ours_that_is_watched_is_emitted_and_asked_for_without_its_details():
    ours = [row for row in ROWS if row["namespace"] == "Yiciban"]
    assert {row["metric"] for row in ours} <= set(emitted())
    assert all(row["of"] == {"service": "yiciban", "stage": "${Stage}"} for row in ours)


def test_all_that_must_wake_somebody_has_an_alarm():
    assert {one["Properties"]["MetricName"] for one in MADE.values()} >= MUST_WAKE
    for metric in ("Errors", "Throttles"):
        watched = {one["Properties"]["Dimensions"][0]["Value"]["Ref"] for one in MADE.values()
                   if one["Properties"]["MetricName"] == metric}
        assert watched == set(FUNCTIONS), metric
    letters = {one["Properties"]["Dimensions"][0]["Value"]["Fn::Sub"] for one in MADE.values()
               if one["Properties"]["MetricName"] == "ApproximateNumberOfMessagesVisible"}
    assert letters == {f"yiciban-${{Stage}}-{name}-dead" for name in ("retry", "relay", "sweep", "schedule")}


def test_every_alarm_leads_to_a_section_of_the_runbook_and_every_section_is_led_to():
    assert {row["see"] for row in ROWS if "over" in row} == SECTIONS
    assert all("see" not in row for row in ROWS if "over" not in row)
    assert all(TEXT.fullmatch(one["Properties"]["AlarmDescription"]) for one in MADE.values())


@pytest.mark.parametrize("name", MADE)
def test_an_alarm_has_the_shape_that_cloudwatch_takes(name):
    given = MADE[name]["Properties"]
    dimensions = {one["Name"] for one in given["Dimensions"]}
    assert re.fullmatch(r"[A-Za-z0-9]+", name) and MADE[name]["Type"] == "AWS::CloudWatch::Alarm"
    assert dimensions - {"GlobalSecondaryIndexName"} == BY[given["Namespace"]]
    assert given["Statistic"] in {"Sum", "Maximum"} and given["EvaluationPeriods"] >= 1 and given["Threshold"] >= 0
    assert given["Period"] % 60 == 0 and given["Period"] * given["EvaluationPeriods"] <= 86_400
    missing = given["ComparisonOperator"] == "LessThanThreshold"
    assert given["TreatMissingData"] == ("breaching" if missing else "notBreaching")
    assert given["AlarmActions"] == given["OKActions"] == [{"Ref": "Alarms"}]


def test_rows_are_told_apart_and_name_only_what_the_stack_has():
    assert len({row["name"] for row in ROWS}) == len(ROWS)
    named = {one["Value"]["Ref"] for alarm in MADE.values() for one in alarm["Properties"]["Dimensions"]
             if "Ref" in one["Value"]}
    assert named <= set(FUNCTIONS) and "Alarms" in COMPUTE["Resources"]
    assert {row["of"]["ApiName"] for row in ROWS if row["namespace"] == "AWS/ApiGateway"} == {
        COMPUTE["Resources"]["RestAPI"]["Properties"]["Name"]["Fn::Sub"]}


def test_the_dashboard_has_a_chart_for_each_row_and_a_line_for_each_function():
    body = dashboard(ROWS, FUNCTIONS)["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(body)["widgets"]
    lines = {one["properties"]["title"].split()[0]: one["properties"]["metrics"] for one in widgets}
    assert set(lines) == {row["name"] for row in ROWS}
    assert len({(one["x"], one["y"]) for one in widgets}) == len(widgets)
    assert lines["Errors"] == [["AWS/Lambda", "Errors", "FunctionName", f"${{{name}}}"] for name in FUNCTIONS]
    assert lines["Acts"] == [["Yiciban", "Acts", "service", "yiciban", "stage", "${Stage}"]]
