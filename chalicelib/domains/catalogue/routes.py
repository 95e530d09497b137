"""The catalogue over HTTP. Registered under /catalogue by app.py."""
from chalicelib.kernel.http import Api, Call, Html
from chalicelib.kernel.views import Answer

from .editions import Departments, Edition, Guide, Import, InArea, Listing, OneItem, OneVersion, Search
from .wiring import catalogue

api = Api(__name__, "事项目录")


@api.post("/imports", body=Import, status=201)
def bring_in(call: Call, body: Import) -> Answer[Edition]:
    """Bring in items from CSV or JSON; the answer reports what they hold. Nothing is published yet."""
    return catalogue().bring_in(body, call.who, call.key)


@api.get("/imports/{edition}")
def edition(call: Call, edition: str) -> Edition:
    """Read an edition and its report."""
    return catalogue().edition(edition, call.who)


@api.post("/versions/{edition}/publish")
def publish(call: Call, edition: str) -> Answer[Edition]:
    """Put an edition in force: by another person than the one who brought it in."""
    return catalogue().publish(edition, call.who, call.key)


@api.get("/departments", query=InArea, public=True)
def departments(call: Call) -> Departments:
    """List the departments of an area with the number of their items."""
    return catalogue().departments(call.query.area)


@api.get("/items", query=Search, public=True, paged=True)
def search(call: Call) -> Listing:
    """Find items by words, pinyin or initials, or list a department's."""
    return catalogue().search(call.query, call.limit, call.cursor)


@api.get("/items/{code}", query=OneItem, public=True)
def guide(call: Call, code: str) -> Guide:
    """Read the guide of an item; any published version stays readable."""
    return catalogue().guide(call.query.area, code, call.query.version)


@api.get("/guides/{area}/{code}", query=OneVersion, public=True)
def guide_page(call: Call, area: str, code: str) -> Html:
    """Read the guide as a page."""
    return Html(catalogue().guide_page(area, code, call.query.version))
