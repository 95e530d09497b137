"""Many futures of one case over one set of tables: writes go to a branch, which a test keeps, forks or forgets."""
import json

from chalicelib.kernel import table
from chalicelib.kernel.problems import Stale
from chalicelib.kernel.table import to_wire


class Branches:
    """Takes the place of `table.send`: reads see the branch, then the tables (remembered); writes go to the branch."""

    def __init__(self, monkeypatch):
        self.real, self.branch, self.base, self.writes = table.send, {}, {}, 0
        monkeypatch.setattr(table, "send", self)

    def __call__(self, operation, **request):
        match operation:
            case "get_item":
                item = self.read(request["TableName"], request["Key"])
                return {"Item": item} if item else {}
            case "transact_write_items":
                writes = [write["Put"] for write in request["TransactItems"] if "Put" in write]
                if any("ConditionExpression" in write and self.read(write["TableName"], write["Item"])
                       for write in writes):
                    raise Stale()
                for write in writes:
                    self.put(**write)
                for write in request["TransactItems"]:
                    if "Delete" in write:
                        self.delete(**write["Delete"])
            case "put_item":
                self.put(**request)
            case "update_item":
                self.writes += 1
                return {"Attributes": {"n": {"N": str(self.writes)}}}
            case _:
                return self.real(operation, **request)
        return {}

    def put(self, TableName, Item, **condition):
        self.writes += 1
        self.branch = self.branch | {(TableName, Item["pk"]["S"], Item["sk"]["S"]): Item}

    def delete(self, TableName, Key):
        self.writes += 1
        self.branch = self.branch | {(TableName, Key["pk"]["S"], Key["sk"]["S"]): None}

    def read(self, name, key):
        at = (name, key["pk"]["S"], key["sk"]["S"])
        if at in self.branch:
            return self.branch[at]
        if at not in self.base:
            self.base[at] = self.real("get_item", TableName=name, Key=to_wire({"pk": at[1], "sk": at[2]}),
                                      ConsistentRead=True).get("Item")
        return self.base[at]


class Remembered:
    """Takes the place of `table.send` while everybody only reads: what was read once is not asked again.

    A write is an error of the test.
    """

    READS = ("get_item", "batch_get_item", "query", "scan")

    def __init__(self, monkeypatch):
        self.real, self.answers = table.send, {}
        monkeypatch.setattr(table, "send", self)

    def __call__(self, operation, **request):
        assert operation in self.READS, f"nobody writes here: {operation}"
        asked = json.dumps([operation, request], sort_keys=True)
        if asked not in self.answers:
            self.answers[asked] = self.real(operation, **request)
        return self.answers[asked]
