"""Figures over HTTP. Registered under /figures by app.py."""
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Found

from .models import Figures, InArea, Published, Ranked, Ranking, Share, Trace, Which
from .wiring import figures

api = Api(__name__, "统计指标")


@api.get("/indicators", query=Which)
def indicators(call: Call) -> Figures:
    """Read the indicators of the hotline or of ratings in a month, each with what it was counted from."""
    return figures().read(call.who, call.query.month, call.query.about, call.query.unit)


@api.get("/ranking", query=Ranked)
def ranking(call: Call) -> Ranking:
    """Read the units or items of my area by one indicator."""
    return figures().ranking(call.who, call.query.month, call.query.code, call.query.by)


@api.get("/cases", query=Trace, paged=True)
def cases(call: Call) -> Found[Share]:
    """List the cases from which one sum of a unit, or of a service item, and month was counted."""
    query = call.query
    return figures().traced(call.who, query.unit, query.item, query.month, query.measure, call.limit, call.cursor)


@api.get("/public", query=InArea, public=True, paged=True)
def public(call: Call) -> Published:
    """Read the ratings of an area's institutions, or of its items, in a month that is over."""
    return figures().public(call.query.area, call.query.month, call.query.by, call.limit, call.cursor)
