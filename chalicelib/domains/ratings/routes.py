"""Ratings and corrections over HTTP. Registered under /ratings and /corrections by app.py."""
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, StringConstraints

from chalicelib.kernel.clocks import Ledger
from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.identity import area_of
from chalicelib.kernel.views import Answer, File, Found, Row

from .correction_models import Behind, CorrectionAct, CorrectionView, Published, Replied
from .exchange_service import Push
from .models import MOBILE, Rate, RatingAct, RatingSeen, Said, Traced
from .place_models import (
    Asked,
    AtWindow,
    ByLink,
    ByTelephone,
    ByToken,
    Inspect,
    LinkView,
    Place,
    PlaceCode,
    Received,
    Visit,
)
from .signal_models import SignalAct, SignalSeen
from .views import Rules
from .wiring import corrections, exchange, guard, places, ratings, signals

MayUnit = Annotated[str, StringConstraints(pattern=r"^([0-9]{12}\.[a-z][a-z0-9-]{1,30})?$")]
api, corrections_api = Api(__name__, "好差评"), Api(f"{__name__}.corrections", "差评整改")
signals_api = Api(f"{__name__}.signals", "评价异常")


class OfSide(BaseModel, extra="forbid"):
    """Query of GET /ratings/tags: those of one side of the service, or all."""

    side: Literal["", "online", "offline"] = ""


class InArea(BaseModel, extra="forbid"):
    """Query of what is public in an area."""

    area: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]


class OfUnit(BaseModel, extra="forbid"):
    """Query of GET /corrections: a unit of the area that I watch over."""

    unit: MayUnit = ""


class OfDay(BaseModel, extra="forbid"):
    """Query of GET /ratings/exchange."""

    day: date


class Tags(BaseModel, frozen=True):
    """The tags that a rater may choose, by level."""

    items: list[dict[str, Any]]


@api.get("", paged=True)
def own(call: Call) -> Found[Row]:
    """List what I may rate and have rated, the newest first."""
    return ratings().desk(call.who, call.limit, call.cursor)


@api.get("/tags", query=OfSide, public=True)
def tags(call: Call) -> Tags:
    """List the tags from which a rater chooses: the nation's, everywhere the same."""
    return Tags(items=ratings().tags(call.query.side))


@api.get("/window-code", query=Place)
def window_code(call: Call) -> PlaceCode:
    """Get what the code says that hangs at a window of my unit, for an item, or (neither) for its hall."""
    return places().code(call.query, call.who)


@api.post("/window", body=AtWindow, status=201, public=True)
def rate_at_window(call: Call, body: AtWindow) -> Received:
    """Rate what happens at a place, without a name, before or after; limited per address."""
    guard("per_address", call.source, area_of(body.unit))
    return places().rate_at_window(body, call.source, call.key)


@api.post("/inspections", body=Inspect, status=201)
def inspect(call: Call, body: Inspect) -> Answer[File[RatingSeen]]:
    """Enter what a supervisor, or a body commissioned, found when trying a service (监督查评)."""
    return places().inspect(body, call.who, call.key)


@api.post("/visits", body=Visit, status=201)
def visited(call: Call, body: Visit) -> Answer[Asked]:
    """Ask whoever I served in a case to rate that visit (一次一评); limited per case."""
    guard("visits", f"{call.who.unit}|{body.application}", call.who.area)
    return places().visited(body, call.who, call.key)


@api.post("/links/open", body=ByToken, public=True, keyed=False)
def behind_link(call: Call, body: ByToken) -> LinkView:
    """Get what a link asks to be rated. The token goes in the body: an address is written down in many places."""
    return places().behind_link(body.token)


@api.post("/links", body=ByLink, status=201, public=True)
def rate_by_link(call: Call, body: ByLink) -> Received:
    """Rate by the link that was sent to one's own phone, once, while the time for it lasts."""
    return places().rate_by_link(body, call.source, call.key)


@api.post("/by-telephone", body=ByTelephone, status=201)
def rate_by_telephone(call: Call, body: ByTelephone) -> Received:
    """Take down, as a seat of the hotline's centre that called, how the citizen rates what was done for them."""
    return places().by_telephone(body, call.who, call.key)


@api.get("/rules", query=InArea, public=True)
def rules(call: Call) -> Rules:
    """Read by which rules ratings are asked for, counted and looked at in an area."""
    return places().rules(call.query.area)


@api.get("/published", query=InArea, public=True, paged=True)
def published(call: Call) -> Found[Published]:
    """List representative bad ratings of an area and what came of them; they name no person."""
    return corrections().shown(call.query.area, call.limit, call.cursor)


@api.get("/exchange", query=OfDay, paged=True)
def exchanged(call: Call) -> Found[Push]:
    """List what was pushed to the province of a day's ratings: received, outstanding, failed."""
    return exchange().day(call.query.day, call.who, call.limit, call.cursor)


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
    given = {"channel": MOBILE, **body.model_dump(exclude_unset=True), "source": call.source}
    asked = Traced(**given) if isinstance(body, Rate) else body
    return ratings().perform(case_id, asked, call.who, call.key, call.if_match)


@corrections_api.get("", query=OfUnit, paged=True)
def desk(call: Call) -> Found[Row]:
    """List the corrections on my desk, the first due first; for who watches over the area, those of a unit."""
    if unit := call.query.unit:
        return corrections().of_unit(unit, call.who, call.limit, call.cursor)
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


@signals_api.get("", paged=True)
def signals_desk(call: Call) -> Found[Row]:
    """List the signs of gaming on my desk: those to which my unit may object, or those to be judged."""
    return signals().desk(call.who, call.limit, call.cursor)


@signals_api.get("/{case_id}", paged=True)
def read_signal(call: Call, case_id: str) -> File[SignalSeen]:
    """Read a sign of gaming; the unit sees the rule and the number, nothing of the rating."""
    return signals().read(case_id, call.who, call.cursor)


@signals_api.get("/{case_id}/clocks/{name}")
def signal_clock(call: Call, case_id: str, name: str) -> Ledger:
    """Read how the time to object, or to judge, is counted."""
    return signals().ledger(case_id, name, call.who)


@signals_api.post("/{case_id}/acts", body=SignalAct)
def perform_signal(call: Call, case_id: str, body: SignalAct) -> Answer[File[SignalSeen]]:
    """Object to a sign of gaming, or judge it."""
    return signals().perform(case_id, body, call.who, call.key, call.if_match)
