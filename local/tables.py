"""Make the engine ready: the tables that infra/ declares. Prints what the parts must know as `NAME=value` lines."""
import contextlib
import sqlite3
import sys
from pathlib import Path
from typing import Any

import boto3
import yaml

INFRA = Path("infra/data.yaml")
CREATE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
INDEX = ("CREATE INDEX IF NOT EXISTS local_stream_order"
         " ON _stream_records (table_name, CAST(sequence_number AS INTEGER))")
"""The engine numbers a stream record by looking through all earlier ones of the table; with this index it need not.

SQLite uses it only where the expression is the engine's to the letter.
"""


def declared() -> dict[str, dict[str, Any]]:
    """Return the properties of each table, by physical name."""
    found = {}
    for resource in yaml.safe_load(INFRA.read_text("utf-8"))["Resources"].values():
        if resource["Type"] == "AWS::DynamoDB::Table":
            found[_physical(resource["Properties"]["TableName"])] = resource["Properties"]
    return found


def create() -> dict[str, str]:
    """Create the tables that are not there yet; return the ARN of each stream as `<TABLE>_STREAM_ARN`."""
    dynamodb, streams = boto3.client("dynamodb"), {}
    there = set(dynamodb.list_tables()["TableNames"])
    for name, table in declared().items():
        if name not in there:
            stream = {"StreamEnabled": "StreamSpecification" in table, **table.get("StreamSpecification", {})}
            dynamodb.create_table(TableName=name, StreamSpecification=stream,
                                  **{key: table[key] for key in CREATE if key in table})
            dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        if arn := dynamodb.describe_table(TableName=name)["Table"].get("LatestStreamArn"):
            streams[f"{name.rpartition('-')[2].upper()}_STREAM_ARN"] = arn
    return streams


def order_streams(database: str) -> None:
    """Give the embedded engine's database the index it lacks."""
    with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute(INDEX)


def _physical(name: str | dict[str, str]) -> str:
    return (name if isinstance(name, str) else name["Fn::Sub"]).replace("${Stage}", "local")


if __name__ == "__main__":
    for variable, arn in create().items():
        print(f"{variable}={arn}")
    if len(sys.argv) > 1:
        order_streams(sys.argv[1])
