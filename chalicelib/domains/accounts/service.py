"""What is done with accounts, one method per use."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.kernel.calendar import civil_day, end_of
from chalicelib.kernel.cases import same
from chalicelib.kernel.cursors import open_cursor, seal_cursor
from chalicelib.kernel.identity import Actor, Bearer, Level, Mandate, Office, area_of
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused, Stale, fault
from chalicelib.kernel.table import TABLE, Item
from chalicelib.kernel.tokens import GOOD_FOR, issue
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Found
from chalicelib.kernel.workflow import Key

from .models import (
    Give,
    Identity,
    MandateEntry,
    Mandates,
    Profile,
    Read,
    Registration,
    Revealed,
    Session,
)
from .numbers import MOBILE, credit_code, masked_name, masked_number, mobile, resident_id
from .store import AccountStore, new_id

WINDOW_STAFF = ("clerk", "registrar")
YEAR = timedelta(days=365)                 # how long a representative registered at a window may act
READERS = ("clerk", "reviewer", "head", "registrar", "centre")


@dataclass(frozen=True, slots=True)
class Accounts:
    """`openid_of`, `subject_of`, `confirm_identity` and `phone_of` are the doors of others (doors.py), handed in."""

    store: AccountStore
    clock: Callable[[], datetime]
    openid_of: Callable[[str], str]
    subject_of: Callable[[str], str]
    confirm_identity: Callable[[str, str], bool]
    phone_of: Callable[[str], str]

    def sign_in_citizen(self, code: str) -> Session:
        """Return a session for the citizen behind a WeChat code; the first sign-in opens the account."""
        openid = self.openid_of(code)
        person = self.store.known_by("OPENID", openid) or self.store.enter(
            "OPENID", openid, {"kind": "natural", "level": int(Level.NONE), "party": "微信用户"}, {"openid": openid},
            self.clock())
        level = Level(self.store.person(person)["level"])
        return self.session(Bearer(person=person, offices=(Office(role="citizen"),), level=level))

    def sign_in_staff(self, id_token: str) -> Session:
        """Return a session for a member of staff. Raise Forbidden to one who holds no office here."""
        person = self.store.known_by("SSO", self.subject_of(id_token))
        offices = self.store.offices(person) if person else []
        if not person or not offices:
            raise Forbidden("您在本系统没有任职登记，请联系系统管理员", code="office")
        return self.session(Bearer(person=person, offices=tuple(Office.model_validate(one) for one in offices),
                                   level=Level.REAL_NAME))

    def session(self, bearer: Bearer) -> Session:
        """Return a fresh session for `bearer`."""
        at, bearer = self.clock(), bearer.model_copy(update={"session": new_id()[:12]})
        return Session(token=issue(bearer, at), person=bearer.person, level=bearer.level, expires_at=at + GOOD_FOR,
                       offices=[office.named for office in bearer.offices])

    def end(self, bearer: Bearer) -> None:
        """End the session that `bearer` came with; its token is refused from the next request on."""
        if bearer.session:
            self.store.end_session(bearer.person, bearer.session, int((self.clock() + GOOD_FOR).timestamp()))

    def me(self, person: str) -> Profile:
        return self._shown(self.store.person(person))

    def give_phone(self, code: str, who: Actor) -> Profile:
        """Record the mobile number behind a WeChat code: level PHONE at least. Raise Invalid, Unauthenticated, Busy."""
        profile, phone = self.store.person(who.person), self._phone(self.phone_of(code))
        level = max(int(Level.PHONE), profile["level"])
        return self._shown(self.store.change(profile, {"level": level}, {"phone": phone}))

    def identify(self, body: Identity, who: Actor) -> Profile:
        """Register one's real name, if the national platform confirms it. Raise Invalid, Refused."""
        number, warning = self._number("natural", body.number)
        profile = self.store.person(who.person)
        if profile["level"] >= Level.REAL_NAME:
            raise Refused("您已完成实名认证")
        if not self.confirm_identity(body.name, number):
            raise Refused("姓名与证件号码不一致，请核对或到窗口核验", code="identity")
        return self._entered(profile, body.name, number, "", Level.REAL_NAME, warning)

    def register(self, body: Registration, who: Actor) -> Profile:
        """Enter a person or body seen at a window; who is registered already is raised to level WINDOW.

        An organisation is entered with the natural person who acts for it, who gets its mandate for a year.
        """
        if who.role not in WINDOW_STAFF:
            raise Forbidden("账户登记由窗口人员办理")
        number, warning = self._number(body.kind, body.number)
        phone = self._phone(body.phone)
        if body.kind == "organisation" and not self._is_known(body.representative):
            raise Invalid("须登记办理人", errors=[fault("/representative", "missing", "办理人须先完成实名认证")])
        fields = {"kind": body.kind, "level": int(Level.WINDOW), "party": self._party(body.kind, body.name)}
        clear = {"name": body.name, "number": number, "phone": phone}
        person = self.store.known_by("ID", number) or self.store.enter("ID", number, fields, clear, self.clock())
        profile = self.store.person(person)
        there = self.store.opened(profile)
        if (there["name"], profile["kind"]) != (body.name, body.kind):
            raise Refused("该证件号码已登记在其他名称下，请核对原件", code="identity")
        if profile["level"] < Level.WINDOW or phone not in ("", there["phone"]):
            profile = self.store.change(profile, {"level": int(Level.WINDOW)}, {"phone": phone} if phone else {})
        if body.kind == "organisation" and body.representative:
            self._mandate(digest("mandate", person, body.representative), person, body.representative,
                          civil_day(self.clock()) + YEAR)
        return self._shown(profile, warning)

    def profile(self, person: str, who: Actor) -> Profile:
        """Return anybody's masked profile, to staff. Raise Missing to others."""
        if who.role not in READERS and who.person != person:
            raise Missing("未找到该账户")
        return self._shown(self.store.person(person))

    def reveal(self, person: str, reason: str, who: Actor) -> Revealed:
        """Return identity fields in clear to staff who give a reason; the auditor sees that they were read."""
        if who.role not in READERS:
            raise Missing("未找到该账户")
        profile, at = self.store.person(person), self.clock()
        office = Office(role=who.role, unit=who.unit, area=who.area).named
        self.store.note_read(at, f"{who.area}#{civil_day(at)}", {"person": person, "by": who.person, "office": office,
                                                             "reason": reason})
        return Revealed(id=person, **{name: value for name, value in self.store.opened(profile).items()
                                     if name in Revealed.model_fields})

    def reads(self, day: date, who: Actor, limit: int, cursor: str | None) -> Found[Read]:
        """Return who in the auditor's area read identity fields on a day, to the auditor alone."""
        if who.role != "auditor":
            raise Forbidden("查阅记录由审计管理员查看")
        at, bound = self.clock(), f"{who.person}|reads|{day}"
        items, last = self.store.reads(f"{who.area}#{day}", limit, open_cursor(cursor, bound, at))
        return Found(items=[Read.model_validate({name: item[name] for name in Read.model_fields}) for item in items],
                     cursor=seal_cursor(last, TABLE, bound, at), as_of=at)

    def give(self, body: Give, who: Actor, key: Key) -> MandateEntry:
        """Give another the power to act in one's own name, once per key. Raise Refused, Missing, Conflict.

        Who acts for a person gives no mandates in that person's name (转委托, 民法典 169); for a body they do.
        """
        mandate = digest("mandate", who.person, key.value)
        if there := self.store.given(who.principal, mandate):
            same(there["digest"], key)
            return self._entry(there)
        if who.mandate and self.store.person(who.principal)["kind"] == "natural":
            raise Refused("受托人不得以委托人的名义转委托")
        if who.level < Level.REAL_NAME or self.store.person(body.agent)["level"] < Level.REAL_NAME:
            raise Refused("委托双方均须完成实名认证")
        if body.agent == who.principal or body.until < civil_day(self.clock()):
            raise Invalid("委托有误", errors=[fault("/until", "value_error", "委托期限已过，或受托人是本人")])
        return self._mandate(mandate, who.principal, body.agent, body.until, key.digest)

    def revoke(self, mandate: str, who: Actor) -> MandateEntry:
        """End a mandate that one gave. Raise Missing."""
        item = self.store.given(who.principal, mandate)
        if item is None:
            raise Missing("未找到该委托")
        self.store.give(item | {"ended": True})
        return self._entry(item | {"ended": True})

    def mandates(self, who: Actor) -> Mandates:
        """Return the mandates one gave and holds."""
        return Mandates(items=[self._entry(item) for item in self.store.mandates(who.principal)])

    def mandate(self, agent: str, mandate: str) -> Mandate | None:
        """Return the mandate if it is in force now: asked at every act, never read from a token."""
        item = self.store.mandate(agent, mandate)
        if item is None or item["ended"] or end_of(date.fromisoformat(item["until"])) <= self.clock():
            return None
        return Mandate(id=mandate, principal=item["principal"])

    def party(self, person: str) -> str:
        """Return the masked name that cases and lists show. Raise Missing."""
        return str(self.store.person(person)["party"])

    def address(self, person: str, channel: str) -> str:
        """Return where a person is reached on a channel (wechat: openid, sms: mobile number); "" if nowhere."""
        known = self.store.opened(self.store.person(person))
        return known["openid"] if channel == "wechat" else known["phone"] if MOBILE.fullmatch(known["phone"]) else ""

    def office(self, unit: str) -> str:
        """Return a unit's name; its id where it was not entered."""
        return self.store.unit_name(area_of(unit), unit) or unit

    def _mandate(self, mandate: str, principal: str, agent: str, until: date, request: str = "") -> MandateEntry:
        item = {"id": mandate, "principal": principal, "party": self.party(principal), "agent": agent,
                "until": until.isoformat(), "ended": False, "digest": request}
        self.store.give(item)
        return self._entry(item)

    def _entered(self, profile: Item, name: str, number: str, phone: str, level: Level, warning: str) -> Profile:
        clear = {"name": name, "number": number} | ({"phone": phone} if phone else {})
        fields = {"level": int(level), "party": masked_name(name)}
        try:
            return self._shown(self.store.change(profile, fields, clear, number), warning)
        except Stale as stale:
            raise Refused("该证件号码已登记在其他账户，请到窗口办理合并", code="identity") from stale

    def _is_known(self, person: str | None) -> bool:
        try:
            profile = self.store.person(person or "")
        except Missing:
            return False
        return bool(profile["kind"] == "natural" and profile["level"] >= Level.REAL_NAME)

    def _number(self, kind: str, given: str) -> tuple[str, str]:
        try:
            return (credit_code(given), "") if kind == "organisation" else resident_id(given, civil_day(self.clock()))
        except ValueError as error:
            raise Invalid("证件号码有误", errors=[fault("/number", "value_error", str(error))]) from error

    def _phone(self, given: str) -> str:
        try:
            return mobile(given) if given else ""
        except ValueError as error:
            raise Invalid("手机号码有误", errors=[fault("/phone", "value_error", str(error))]) from error

    def _party(self, kind: str, name: str) -> str:
        return masked_name(name, organisation=kind == "organisation")

    def _shown(self, profile: Item, warning: str = "") -> Profile:
        clear = self.store.opened(profile)
        number = clear["number"] if profile["kind"] == "organisation" else masked_number(clear["number"])
        return Profile(id=profile["id"], kind=profile["kind"], party=profile["party"], number=number, warning=warning,
                       phone=masked_number(clear["phone"]), level=Level(profile["level"]), version=profile["version"])

    def _entry(self, item: Item) -> MandateEntry:
        return MandateEntry.model_validate({name: item[name] for name in MandateEntry.model_fields if name in item})
