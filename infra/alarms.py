"""The alarms and the dashboard, from the rows of alarms.yaml."""
import json
from typing import Any

Row = dict[str, Any]

FIELDS = {"stat": "Statistic", "period": "Period", "periods": "EvaluationPeriods", "over": "Threshold"}


def alarms(rows: list[Row]) -> dict[str, Row]:
    """Return a resource for each row that has a bound (`over`); it tells the topic `Alarms` of what passes it."""
    return {f"{row['name']}Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {
        "AlarmName": {"Fn::Sub": f"yiciban-${{Stage}}-{row['name']}"}, "AlarmDescription": row["means"],
        "Namespace": row["namespace"], "MetricName": row["metric"], "Dimensions": _dimensions(row),
        **{name: row[field] for field, name in FIELDS.items()},
        "ComparisonOperator": "LessThanThreshold" if row.get("below") else "GreaterThanThreshold",
        "TreatMissingData": "breaching" if row.get("below") else "notBreaching",
        "AlarmActions": [{"Ref": "Alarms"}], "OKActions": [{"Ref": "Alarms"}]}}
        for row in rows if "over" in row}


def dashboard(rows: list[Row]) -> Row:
    """Return the dashboard: a chart for each row, three beside each other, in the order of the rows."""
    widgets = [{"type": "metric", "width": 8, "height": 6, "x": at % 3 * 8, "y": at // 3 * 6, "properties": {
        "title": row["name"], "region": "${AWS::Region}", "stat": row["stat"], "period": row["period"],
        "metrics": [[row["namespace"], row["metric"], *(part for one in _dimensions(row)
                     for part in (one["Name"], _text(one["Value"])))]]}} for at, row in enumerate(rows)]
    return {"Type": "AWS::CloudWatch::Dashboard", "Properties": {
        "DashboardName": {"Fn::Sub": "yiciban-${Stage}"},
        "DashboardBody": {"Fn::Sub": json.dumps({"widgets": widgets}, ensure_ascii=False)}}}


def _dimensions(row: Row) -> list[Row]:
    return [{"Name": name, "Value": value if isinstance(value, dict) else {"Fn::Sub": value}}
            for name, value in row["of"].items()]


def _text(value: Row) -> str:
    """Return a dimension's value as it stands in the text of the dashboard."""
    (verb, inner), = value.items()
    return inner if verb == "Fn::Sub" else f"${{{inner if verb == 'Ref' else '.'.join(inner)}}}"
