"""The alarms and the dashboard, from the rows of alarms.yaml."""
import json
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]

FIELDS = {"stat": "Statistic", "period": "Period", "periods": "EvaluationPeriods", "over": "Threshold"}
RUNBOOK = "docs/runbook.md"


def alarms(rows: list[Row], functions: Iterable[str]) -> dict[str, Row]:
    """Return a resource for each row that has a bound (`over`); it tells the topic `Alarms` of what passes it.

    A row of `each: function` becomes one for each of `functions`.
    """
    return {f"{name}Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {
        "AlarmName": {"Fn::Sub": f"yiciban-${{Stage}}-{name}"},
        "AlarmDescription": f"{row['means']}。处理办法见 {RUNBOOK}#{row['see']}",
        "Namespace": row["namespace"], "MetricName": row["metric"], "Dimensions": _dimensions(of),
        **{name: row[field] for field, name in FIELDS.items()},
        "ComparisonOperator": "LessThanThreshold" if row.get("below") else "GreaterThanThreshold",
        "TreatMissingData": "breaching" if row.get("below") else "notBreaching",
        "AlarmActions": [{"Ref": "Alarms"}], "OKActions": [{"Ref": "Alarms"}]}}
        for row in rows if "over" in row for name, of in _watched(row, functions)}


def dashboard(rows: list[Row], functions: Iterable[str]) -> Row:
    """Return the dashboard: a chart for each row, three beside each other, in the order of the rows."""
    names = list(functions)
    widgets = [{"type": "metric", "width": 8, "height": 6, "x": at % 3 * 8, "y": at // 3 * 6, "properties": {
        "title": f"{row['name']} {row['means']}", "region": "${AWS::Region}", "stat": row["stat"],
        "period": row["period"], "metrics": [[row["namespace"], row["metric"], *(
            part for one in _dimensions(of) for part in (one["Name"], _text(one["Value"])))]
            for _, of in _watched(row, names)]}} for at, row in enumerate(rows)]
    return {"Type": "AWS::CloudWatch::Dashboard", "Properties": {
        "DashboardName": {"Fn::Sub": "yiciban-${Stage}"},
        "DashboardBody": {"Fn::Sub": json.dumps({"widgets": widgets}, ensure_ascii=False)}}}


def _watched(row: Row, functions: Iterable[str]) -> list[tuple[str, Row]]:
    """Return what a row watches: name and dimensions of each."""
    if row.get("each") == "function":
        return [(f"{row['name']}Of{name}", {"FunctionName": {"Ref": name}}) for name in functions]
    return [(row["name"], row["of"])]


def _dimensions(of: Row) -> list[Row]:
    return [{"Name": name, "Value": value if isinstance(value, dict) else {"Fn::Sub": value}}
            for name, value in of.items()]


def _text(value: Row) -> str:
    """Return a dimension's value as it stands in the text of the dashboard."""
    (verb, inner), = value.items()
    return inner if verb == "Fn::Sub" else f"${{{inner if verb == 'Ref' else '.'.join(inner)}}}"
