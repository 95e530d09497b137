"""A folder of the public site on a shelf, written to document by document as the publishing job does."""
from datetime import UTC, date, datetime, timedelta

from chalicelib.domains.disclosure.models import Document
from chalicelib.domains.disclosure.site import Site
from tests.support.press import BASE, Shelf
from tests.support.town import AREA, MARKET, MONDAY

COLUMNS = {"guides": "办事服务", "policies": "政策文件"}


class Folder:
    """A site on a shelf, written to document by document as the job does."""

    def __init__(self, base=f"{BASE}/{AREA}/"):
        self.shelf, self.serials = Shelf(), {}
        self.site = Site(self.shelf, AREA, "示范区政务公开", base, COLUMNS)

    def publish(self, n=1, column="guides", text="一、时间\n工作日。", **fields):
        """Publish the next document of a column; return how many objects that wrote."""
        self.serials[column] = self.serials.get(column, 0) + 1
        at = MONDAY + timedelta(minutes=n)
        return self.write(Document(**{
            "id": "d" * 26, "number": f"GK{n:04d}", "title": f"第{n}号文件", "column": column, "state": "publishing",
            "formed_on": date(2026, 3, 2), "issuer": "市场监管局", "hour": at, "serial": self.serials[column],
            "area": AREA, "unit": MARKET, "opened_at": at, "published_at": at} | fields), text)

    def withdraw(self, serial, column="guides"):
        at = datetime(2026, 4, 1, tzinfo=UTC)
        return self.write(Document(
            id="d" * 26, number=f"GK{serial:04d}", title="含有个人信息", column=column, state="withdrawing", hour=at,
            formed_on=date(2026, 3, 2), serial=serial, area=AREA, unit=MARKET, opened_at=at,
            published_at=MONDAY), "秘密")

    def write(self, case, text):
        before = len(self.shelf.puts)
        for where, body, kind in self.site.writes(case, text):
            self.shelf.put(where, body, kind)
        return len(self.shelf.puts) - before
