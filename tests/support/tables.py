"""The tables of infra/data.yaml, made in whatever engine the environment points at."""
import pickle
from pathlib import Path

import boto3
import yaml
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends

from chalicelib.kernel import objects, queue, table
from chalicelib.kernel.table import from_wire

INFRA = Path(__file__).parents[2] / "infra" / "data.yaml"
FURNISHED: dict[str, bytes] = {}
CREATE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


def bare():
    """Make the tables of stage `test`."""
    create_tables("test")


def create_tables(stage):
    """Create every table of infra/ for `stage`."""
    client = boto3.client("dynamodb")
    for resource in yaml.safe_load(INFRA.read_text("utf-8"))["Resources"].values():
        if resource["Type"] != "AWS::DynamoDB::Table":
            continue
        given = resource["Properties"]
        client.create_table(TableName=given["TableName"]["Fn::Sub"].replace("${Stage}", stage),
                            **{key: given[key] for key in CREATE if key in given})


def furnished(make):
    """Let `make` fill the tables once in a process; every later test gets a copy of them as they were then."""
    backend = dynamodb_backends[ACCOUNT]["cn-north-1"]
    if make.__name__ not in FURNISHED:
        make()
        FURNISHED[make.__name__] = pickle.dumps(backend.tables)
    backend.tables = pickle.loads(FURNISHED[make.__name__])


def stored(name):
    """Every item of a table, as (partition key, sort key, a function that gives the plain item).

    Read from moto's own memory: a scan through its serialiser takes a second for a few hundred items.
    """
    table = dynamodb_backends[ACCOUNT]["cn-north-1"].tables[f"yiciban-test-{name}"]
    for item in table.all_items():
        yield (item.hash_key.value, item.range_key.value,
               lambda item=item: from_wire({field: value.to_regular_json() for field, value in item.attrs.items()}))


def forget_clients():
    """Drop the process's clients, so that the next call meets the engine of the moment."""
    for made in (table.dynamodb, objects._client, queue._client):
        made.cache_clear()
