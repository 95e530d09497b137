"""Accounts over HTTP. Registered under /accounts by app.py."""
from pydantic import BaseModel

from chalicelib.kernel.http import Api, Call
from chalicelib.kernel.views import Answer, Found

from .models import (
    Day,
    Give,
    Identity,
    InArea,
    MandateEntry,
    Mandates,
    Profile,
    Read,
    ReadOfMine,
    Registration,
    Reveal,
    Revealed,
    Session,
    SingleSignOn,
    Staff,
    StaffEntry,
    UnitEntry,
    Units,
    Wechat,
)
from .wiring import accounts, readings, staffing

api = Api(__name__, "账户")


class Done(BaseModel, frozen=True):
    """Nothing more to say."""

    done: bool = True


@api.post("/sessions/wechat", body=Wechat, public=True, keyed=False)
def sign_in_citizen(call: Call, body: Wechat) -> Session:
    """Sign in with the one-time code of WeChat's wx.login."""
    return accounts().sign_in_citizen(body.code)


@api.post("/sessions/staff", body=SingleSignOn, public=True, keyed=False)
def sign_in_staff(call: Call, body: SingleSignOn) -> Session:
    """Sign in with an ID token of the staff's single sign-on (OpenID Connect)."""
    return accounts().sign_in_staff(body.id_token)


@api.post("/sessions/end", keyed=False)
def end_session(call: Call) -> Done:
    """End the session that this request came with."""
    accounts().end(call.signed_in)
    return Done()


@api.get("/me")
def me(call: Call) -> Profile:
    """Read one's own account, masked."""
    return accounts().me(call.who.person)


@api.post("/me/phone", body=Wechat)
def give_phone(call: Call, body: Wechat) -> Answer[Profile]:
    """Record one's mobile number, by the one-time code of WeChat's getPhoneNumber."""
    return accounts().give_phone(body.code, call.who, call.key)


@api.post("/me/identity", body=Identity)
def identify(call: Call, body: Identity) -> Answer[Profile]:
    """Register one's real name with the national identity platform."""
    return accounts().identify(body, call.who, call.key)


@api.post("/persons", body=Registration)
def register(call: Call, body: Registration) -> Answer[Profile]:
    """Enter a person or an organisation seen at a window with their document."""
    return accounts().register(body, call.who, call.key)


@api.get("/persons/{person}")
def profile(call: Call, person: str) -> Profile:
    """Read an account, masked."""
    return accounts().profile(person, call.who)


@api.post("/persons/{person}/reveal", body=Reveal)
def reveal(call: Call, person: str, body: Reveal) -> Answer[Revealed]:
    """Read identity fields in clear, with a reason and for a case of that person; it is recorded for the auditor."""
    return readings().reveal(person, body, call.who, call.key)


@api.get("/reads", query=Day, paged=True)
def reads(call: Call) -> Found[Read]:
    """List who read identity fields on a day."""
    return readings().reads(call.query.day, call.who, call.limit, call.cursor)


@api.get("/persons/{person}/reads", paged=True)
def reads_of(call: Call, person: str) -> Found[Read]:
    """List who read a person's identity fields."""
    return readings().of_person(person, call.who, call.limit, call.cursor)


@api.get("/me/reads", paged=True)
def reads_of_mine(call: Call) -> Found[ReadOfMine]:
    """List which offices read one's own identity fields, and when."""
    return readings().mine(call.who, call.limit, call.cursor)


@api.post("/units", body=UnitEntry)
def found_unit(call: Call, body: UnitEntry) -> Answer[UnitEntry]:
    """Enter or rename a unit of one's area."""
    return staffing().found_unit(body, call.who, call.key)


@api.get("/units", query=InArea, public=True)
def units(call: Call) -> Units:
    """List the units of an area."""
    return staffing().units(call.query.area)


@api.post("/staff", body=Staff)
def appoint(call: Call, body: Staff) -> Answer[StaffEntry]:
    """Write all the offices that a member of staff holds."""
    return staffing().appoint(body, call.who, call.key)


@api.post("/mandates", body=Give)
def give(call: Call, body: Give) -> Answer[MandateEntry]:
    """Give another the power to act in one's own name."""
    return accounts().give(body, call.who, call.key)


@api.post("/mandates/{mandate}/revoke")
def revoke(call: Call, mandate: str) -> Answer[MandateEntry]:
    """End a mandate that one gave."""
    return accounts().revoke(mandate, call.who, call.key)


@api.get("/mandates")
def mandates(call: Call) -> Mandates:
    """List the mandates one gave and holds."""
    return accounts().mandates(call.who)
