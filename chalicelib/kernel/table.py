"""The only module that speaks DynamoDB. Items are plain JSON-able dicts with string keys pk and sk."""
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import aws
from .problems import Busy, Stale

Item = dict[str, Any]
Wire = dict[str, Any]
Write = dict[str, Any]

CROWDED = {"TransactionConflict", "TransactionConflictException", "ThrottlingError", "ThrottlingException",
           "ProvisionedThroughputExceeded", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
           "TransactionInProgressException", "InternalServerError", "ServiceUnavailable"}
ATTEMPTS, FIRST_WAIT = 6, 0.05             # seconds; doubled each time, with full jitter
spent: list[Any] = []
"""What each call consumed, when `measure` is on: ConsumedCapacity entries as DynamoDB reports them."""
measure = False


@cache
def dynamodb() -> Any:
    """Return the process's one client. Our own serialiser makes its parameter validation superfluous."""
    return aws.client("dynamodb", parameter_validation=False, tcp_keepalive=True, connect_timeout=1, read_timeout=5,
                      retries={"mode": "standard", "total_max_attempts": 3})


@dataclass(frozen=True, slots=True)
class Page:
    """Some items in the order of their sort key, and the key of the last (None: there are no more)."""

    items: list[Item]
    last: Item | None


@dataclass(frozen=True, slots=True)
class Index:
    """A partition key and a sort key. The table itself is INDEX `""`."""

    name: str = ""
    pk: str = "pk"
    sk: str = "sk"


TABLE = Index()


class Table:
    """A DynamoDB table with keys pk and sk. Reads are strongly consistent unless on an index."""

    def __init__(self, name: str):
        self.name = name

    def get(self, pk: str, sk: str) -> Item | None:
        """Return the item, or None."""
        found = send("get_item", TableName=self.name, Key=to_wire({"pk": pk, "sk": sk}), ConsistentRead=True)
        return from_wire(found["Item"]) if "Item" in found else None

    def get_many(self, keys: list[tuple[str, str]]) -> list[Item]:
        """Return the items under the keys (at most 100), in their order; those that are not there are left out."""
        asked, found = [to_wire({"pk": pk, "sk": sk}) for pk, sk in keys], dict[tuple[str, str], Item]()
        while asked:
            answer = send("batch_get_item", RequestItems={self.name: {"Keys": asked, "ConsistentRead": True}})
            for item in map(from_wire, answer["Responses"].get(self.name, [])):
                found[item["pk"], item["sk"]] = item
            asked = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
        return [found[key] for key in keys if key in found]

    def page(self, value: str, *, index: Index = TABLE, prefix: str = "", since: str = "", until: str = "",
             limit: int = 100, after: Item | None = None, newest_first: bool = False) -> Page:
        """Return a page of the partition `value`: sort keys with `prefix`, or from `since` up to and with `until`."""
        condition, names, values = "#p = :p", {"#p": index.pk}, {":p": value}
        if prefix or until:
            condition += f" AND {'begins_with(#s, :s)' if prefix else '#s BETWEEN :f AND :s' if since else '#s <= :s'}"
            names["#s"], values = index.sk, values | {":s": prefix or until} | ({":f": since} if since else {})
        return _read("query", {
            "TableName": self.name, "KeyConditionExpression": condition, "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": to_wire(values), "Limit": limit, "ScanIndexForward": not newest_first},
            index, {**after, index.pk: value} if after else None)

    def every(self, value: str, after: Item | None = None, **query: Any) -> Iterator[Item]:
        """Yield the items of all pages of a partition, those behind the key `after`."""
        page = self.page(value, **query, after=after)
        yield from page.items
        while page.last:
            page = self.page(value, **query, after=page.last)
            yield from page.items

    def scan(self, limit: int = 200, after: Item | None = None, index: Index = TABLE) -> Page:
        """Return a page of the whole table or index: for audits and work on all cases, and the dry run of such."""
        return _read("scan", {"TableName": self.name, "Limit": limit}, index, after)

    def put(self, item: Item) -> Write:
        """Describe a write for `transact`; nothing is sent yet."""
        return {"Put": {"TableName": self.name, "Item": to_wire(item)}}

    def create(self, item: Item) -> Write:
        """Describe a write that fails if the key is already there, and then tells what is."""
        write = self.put(item)
        write["Put"] |= {"ConditionExpression": "attribute_not_exists(pk)",
                         "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        return write

    def replace(self, item: Item, field: str, value: Any) -> Write:
        """Describe a write that fails unless the stored item's `field` is `value` (None: is not there at all)."""
        return {"Put": self.put(item)["Put"] | _where(field, value)}

    def check(self, pk: str, sk: str, condition: str, field: str) -> Write:
        """Describe a check of an item that is not written, for `transact`: a condition on `#f`, its `field`."""
        return {"ConditionCheck": {"TableName": self.name, "Key": to_wire({"pk": pk, "sk": sk}),
                                   "ConditionExpression": condition, "ExpressionAttributeNames": {"#f": field}}}

    def delete(self, pk: str, sk: str, field: str = "", value: Any = None) -> Write:
        """Describe a deletion for `transact`; where a `field` is named it fails as `replace` does."""
        gone = {"TableName": self.name, "Key": to_wire({"pk": pk, "sk": sk})}
        return {"Delete": gone | (_where(field, value) if field else {})}

    def save(self, write: Write) -> None:
        """Send one write outside a transaction, at half the price. Raise Stale if its condition fails."""
        (verb, request), = write.items()
        send("put_item" if verb == "Put" else "delete_item", **request)

    def set(self, pk: str, sk: str, field: str, value: Any, was: Any = None) -> bool:
        """Set one attribute if the item is there and the attribute `was` (None: absent); say whether that was so."""
        names, values = {"#f": field}, {":v": value} if was is None else {":v": value, ":w": was}
        condition = "attribute_not_exists(#f)" if was is None else "#f = :w"
        try:
            send("update_item", TableName=self.name, Key=to_wire({"pk": pk, "sk": sk}),
                 UpdateExpression="SET #f = :v", ConditionExpression=f"attribute_exists(pk) AND {condition}",
                 ExpressionAttributeNames=names, ExpressionAttributeValues=to_wire(values))
        except Stale:
            return False
        return True

    def add(self, pk: str, sk: str, sums: Mapping[str, int], expires: int | None = None) -> Write:
        """Describe additions to an item's numbers. `expires`: epoch seconds after which the item may vanish."""
        names = {f"#{n}": name for n, name in enumerate(sums)}
        values = {f":{n}": by for n, by in enumerate(sums.values())}
        update = f"ADD {', '.join(f'#{n} :{n}' for n in range(len(sums)))}"
        if expires is not None:
            update, names["#e"], values[":e"] = f"SET #e = :e {update}", "expires", expires
        return {"Update": {"TableName": self.name, "Key": to_wire({"pk": pk, "sk": sk}), "UpdateExpression": update,
                           "ExpressionAttributeNames": names, "ExpressionAttributeValues": to_wire(values)}}

    def count_up(self, pk: str, sk: str, expires: int | None = None) -> int:
        """Add one to a counter and return its new value."""
        answer = send("update_item", **self.add(pk, sk, {"n": 1}, expires)["Update"], ReturnValues="UPDATED_NEW")
        return int(answer["Attributes"]["n"]["N"])


def _where(field: str, value: Any) -> dict[str, Any]:
    where = {"ConditionExpression": "attribute_not_exists(#f)" if value is None else "#f = :v",
             "ExpressionAttributeNames": {"#f": field}}
    return where if value is None else where | {"ExpressionAttributeValues": to_wire({":v": value})}


def _read(verb: str, query: dict[str, Any], index: Index, after: Item | None) -> Page:
    query |= {"IndexName": index.name} if index.name else {"ConsistentRead": True}
    query |= {"ExclusiveStartKey": to_wire(after)} if after else {}
    found = send(verb, **query)
    return Page([from_wire(item) for item in found["Items"]],
                from_wire(found["LastEvaluatedKey"]) if "LastEvaluatedKey" in found else None)


def transact(*writes: Write) -> None:
    """Apply all the writes or none (at most 100, any tables). Raise Stale if a condition fails, Busy if crowded."""
    send("transact_write_items", TransactItems=list(writes))


def send(operation: str, *, sleep: Callable[[float], None] = time.sleep, **request: Any) -> Any:
    """Send one request. A crowd is waited out with full jitter; a failed condition is final, even beside a crowd.

    Raise Stale (with what the store holds, where asked for), Busy after ATTEMPTS or if the store is out of reach.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # here: whoever sends has made a client
    if measure:
        request["ReturnConsumedCapacity"] = "INDEXES"
    for attempt in range(ATTEMPTS):
        try:
            answer = getattr(dynamodb(), operation)(**request)
            if measure:
                spent.append((operation, answer.get("ConsumedCapacity")))
            return answer
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", [])
            codes = {error.response["Error"]["Code"], *(reason.get("Code") for reason in reasons)}
            if codes & {"ConditionalCheckFailed", "ConditionalCheckFailedException"}:
                raise Stale(held=tuple(from_wire(reason["Item"]) if reason.get("Item") else None
                                       for reason in reasons)) from error
            if not codes & CROWDED:
                raise
        except BotoCoreError as error:
            raise Busy("数据存储暂时无法访问，请稍后重试", retry_after=2) from error
        sleep(random.uniform(0, FIRST_WAIT * 2 ** attempt))
    raise Busy("系统繁忙，请稍后重试", retry_after=1)


_TO: dict[type, Callable[[Any], Wire]] = {
    str: lambda value: {"S": value},
    bool: lambda value: {"BOOL": value},
    int: lambda value: {"N": str(value)},
    type(None): lambda value: {"NULL": True},
    list: lambda value: {"L": [_TO[type(one)](one) for one in value]},
    dict: lambda value: {"M": to_wire(value)},
}
_FROM: dict[str, Callable[[Any], Any]] = {
    "S": lambda value: value,
    "BOOL": lambda value: value,
    "N": int,
    "NULL": lambda value: None,
    "L": lambda value: [_plain(one) for one in value],
    "M": lambda value: from_wire(value),
}


def to_wire(item: Item) -> Wire:
    """Return the item as DynamoDB wants it. Raise KeyError for a float or any type JSON does not have."""
    return {name: _TO[type(value)](value) for name, value in item.items()}


def from_wire(image: Wire) -> Item:
    """Return the plain item in a response or a stream image."""
    return {name: _plain(value) for name, value in image.items()}


def _plain(value: Wire) -> Any:
    (tag, inner), = value.items()
    return _FROM[tag](inner)


def size(item: Item) -> int:
    """Return the item's size as DynamoDB counts it, in bytes."""
    def of(value: Wire) -> int:
        (tag, inner), = value.items()
        match tag:
            case "M":
                return 3 + sum(len(name.encode()) + of(one) + 1 for name, one in inner.items())
            case "L":
                return 3 + sum(of(one) + 1 for one in inner)
            case "S":
                return len(inner.encode())
            case "N":
                return len(inner) // 2 + 2
            case _:
                return 1
    return sum(len(name.encode()) + of(value) for name, value in to_wire(item).items())
