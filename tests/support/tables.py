"""The tables of infra/tables.json, made in whatever engine the environment points at."""
import json
from pathlib import Path

import boto3

from chalicelib.kernel import objects, queue, table

INFRA = Path(__file__).parents[2] / "infra" / "tables.json"
CREATE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


def create_tables(stage):
    """Create every table of infra/ for `stage`."""
    client = boto3.client("dynamodb")
    for resource in json.loads(INFRA.read_text("utf-8"))["Resources"].values():
        given = resource["Properties"]
        client.create_table(TableName=given["TableName"]["Fn::Sub"].replace("${Stage}", stage),
                            **{key: given[key] for key in CREATE if key in given})


def forget_clients():
    """Drop the process's clients, so that the next call meets the engine of the moment."""
    for made in (table.dynamodb, objects._client, queue._client):
        made.cache_clear()
