"""Ratings and corrections over HTTP. Registered under /ratings and /corrections by app.py."""
from typing import Any

from pydantic import BaseModel

from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.identity import area_of
from chalicelib.kernel.views import Answer, File, Found, Row

from .correction_models import Behind, CorrectionAct, CorrectionView, Replied
from .models import AtWindow, RatingAct, RatingSeen, Received, Said, Window, WindowCode
from .wiring import corrections, guard_window, ratings

api, corrections_api = Api(__name__, "好差评"), Api(f"{__name__}.corrections", "差评整改")


class InArea(BaseModel, extra="forbid"):
    """Query of GET /ratings/tags."""

    area: str


class Tags(BaseModel, frozen=True):
    """The tags that a rater may choose, by level."""

    items: list[dict[str, Any]]


class AtWhich(BaseModel, extra="forbid"):
    """Query of GET /ratings/window-code."""

    window: Window


@api.get("", paged=True)
def own(call: Call) -> Found[Row]:
    """List what I may rate and have rated, the newest first."""
    return ratings().desk(call.who, call.limit, call.cursor)


@api.get("/tags", query=InArea, public=True)
def tags(call: Call) -> Tags:
    """List the tags from which a rater chooses."""
    return Tags(items=ratings().tags(call.query.area))


@api.get("/window-code", query=AtWhich)
def window_code(call: Call) -> WindowCode:
    """Get what the code says that hangs at a window of my unit."""
    return ratings().code(call.query.window, call.who)


@api.post("/window", body=AtWindow, status=201, public=True)
def rate_at_window(call: Call, body: AtWindow) -> Received:
    """Rate what happened at a window, without a name; limited per address."""
    guard_window(call.source, area_of(body.unit))
    return ratings().rate_at_window(body, call.source, call.key)


@api.get("/{case_id}", paged=True)
def read(call: Call, case_id: str) -> File[RatingSeen]:
    """Read a rating."""
    return ratings().read(case_id, call.who, call.cursor)


@api.get("/{case_id}/words")
def words(call: Call, case_id: str) -> Said:
    """Read what the rater wrote."""
    return ratings().words(case_id, call.who)


@api.get("/{case_id}/clocks/{name}")
def clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how the time for a rating is counted."""
    return ratings().ledger(case_id, name, call.who)


@api.post("/{case_id}/acts", body=RatingAct)
def perform(call: Call, case_id: str, body: RatingAct) -> Answer[File[RatingSeen]]:
    """Rate, or change one's rating once."""
    return ratings().perform(case_id, body, call.who, call.key, call.if_match)


@corrections_api.get("", paged=True)
def desk(call: Call) -> Found[Row]:
    """List the corrections on my desk, the first due first."""
    return corrections().desk(call.who, call.limit, call.cursor)


@corrections_api.get("/{case_id}", paged=True)
def read_correction(call: Call, case_id: str) -> File[CorrectionView]:
    """Read a correction with its clocks, its timeline and the acts open to me."""
    return corrections().read(case_id, call.who, call.cursor)


@corrections_api.get("/{case_id}/rating")
def behind(call: Call, case_id: str) -> Behind:
    """Read who rated what: for who handles the correction, and the supervisor."""
    return corrections().behind(case_id, call.who)


@corrections_api.get("/{case_id}/reply")
def reply(call: Call, case_id: str) -> Replied:
    """Read what the unit answered."""
    return corrections().reply(case_id, call.who)


@corrections_api.get("/{case_id}/clocks/{name}")
def correction_clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how a deadline is counted, day by day."""
    return corrections().ledger(case_id, name, call.who)


@corrections_api.post("/{case_id}/acts", body=CorrectionAct)
def perform_correction(call: Call, case_id: str, body: CorrectionAct) -> Answer[File[CorrectionView]]:
    """Do one act on a correction."""
    return corrections().perform(case_id, body, call.who, call.key, call.if_match)
