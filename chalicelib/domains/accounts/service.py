"""What is done with accounts, one method per use."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import NOT_ONE, Actor, Bearer, Level, Mandate, Office, apart, area_of
from chalicelib.kernel.problems import Forbidden, Invalid, Missing, Refused, Stale, fault
from chalicelib.kernel.record import Key
from chalicelib.kernel.table import Item, Write
from chalicelib.kernel.tokens import GOOD_FOR, issue
from chalicelib.kernel.vault import digest
from chalicelib.kernel.views import Answer

from .models import READERS, Give, Identity, MandateEntry, Mandates, Profile, Registration, Session
from .numbers import MOBILE, credit_code, masked_name, masked_number, mobile, resident_id
from .store import AccountStore, new_id, numbered

WINDOW_STAFF = ("clerk", "registrar")
YEAR = timedelta(days=365)                 # how long a representative registered at a window may act


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
        if (person := self.store.known_by("OPENID", openid)) is None:
            person = self._open_account(openid)
        level = Level(self.store.person(person)["level"])
        return self.session(Bearer(person=person, offices=(Office(role="citizen"),), level=level))

    def _open_account(self, openid: str) -> str:
        person = new_id()
        try:
            self.store.write(*self.store.entry(person, "OPENID", openid, {
                "kind": "natural", "level": int(Level.NONE), "party": "微信用户"}, {"openid": openid}, self.clock()))
        except Stale:                      # the first sign-in, sent twice
            return str(self.store.known_by("OPENID", openid))
        return person

    def sign_in_staff(self, id_token: str) -> Session:
        """Return a session for a member of staff. Raise Forbidden to one without an office, or with two kept apart."""
        person = self.store.known_by("SSO", self.subject_of(id_token))
        offices = tuple(Office.model_validate(one) for one in self.store.offices(person)) if person else ()
        if not person or not offices:
            raise Forbidden("您在本系统没有任职登记，请联系系统管理员", code="office")
        if not apart(offices):
            raise Forbidden(NOT_ONE, code="office")
        return self.session(Bearer(person=person, offices=offices, level=Level.REAL_NAME))

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

    def give_phone(self, code: str, who: Actor, key: Key) -> Answer[Profile]:
        """Record the mobile number behind a WeChat code: level PHONE at least. Raise Invalid, Unauthenticated, Busy."""
        def record(mark: Write) -> None:
            profile, phone = self.store.person(who.person), self._phone(self.phone_of(code))
            given = {"level": max(int(Level.PHONE), profile["level"])} | numbered("self", self.clock())
            self.store.change(profile, given, {"phone": phone}, also=(mark,))
        fresh = self.store.marks.once(who, key, self.clock(), record)
        return Answer(self.me(who.person), replayed=not fresh)

    def identify(self, body: Identity, who: Actor, key: Key) -> Answer[Profile]:
        """Register one's real name, if the national platform confirms it. Raise Invalid, Refused."""
        number, warning = self._number("natural", body.number)

        def record(mark: Write) -> None:
            profile = self.store.person(who.person)
            if profile["level"] >= Level.REAL_NAME:
                raise Refused("您已完成实名认证")
            if not self.confirm_identity(body.name, number):
                raise Refused("姓名与证件号码不一致，请核对或到窗口核验", code="identity")
            try:
                self.store.change(profile, {"level": int(Level.REAL_NAME), "party": masked_name(body.name)},
                                  {"name": body.name, "number": number}, number, (mark,))
            except Stale as stale:
                if not self.store.known_by("ID", number):
                    raise                  # only the account itself was changed meanwhile
                raise Refused("该证件号码已登记在其他账户，请到窗口办理合并", code="identity") from stale
        fresh = self.store.marks.once(who, key, self.clock(), record)
        return Answer(self._shown(self.store.person(who.person), warning), replayed=not fresh)

    def register(self, body: Registration, who: Actor, key: Key) -> Answer[Profile]:
        """Enter a person or body seen at a window; who is registered already is raised to level WINDOW.

        An organisation is entered with the natural person who acts for it, who gets its mandate for a year.
        """
        if who.role not in WINDOW_STAFF:
            raise Forbidden("账户登记由窗口人员办理")
        number, warning = self._number(body.kind, body.number)
        body = body.model_copy(update={"number": number, "phone": self._phone(body.phone)})
        fresh = self.store.marks.once(who, key, self.clock(), lambda mark: self._register(body, mark))
        return Answer(self._shown(self.store.person(str(self.store.known_by("ID", number))), warning), not fresh)

    def _register(self, body: Registration, mark: Write) -> None:
        if body.kind == "organisation" and not self._is_known(body.representative):
            raise Invalid("须登记办理人", errors=[fault("/representative", "missing", "办理人须先完成实名认证")])
        known = self.store.known_by("ID", body.number)
        person, party = known or new_id(), masked_name(body.name, organisation=body.kind == "organisation")
        also: tuple[Write, ...] = (mark,)
        if body.kind == "organisation" and body.representative:
            also += self.store.mandated(_mandate(
                digest("mandate", person, body.representative), person, party, body.representative,
                civil_day(self.clock()) + YEAR))
        if known:
            self._raise(self.store.person(known), body, also)
            return
        try:
            self.store.write(*self.store.entry(
                person, "ID", body.number, {"kind": body.kind, "level": int(Level.WINDOW), "party": party},
                {"name": body.name, "number": body.number, "phone": body.phone}, self.clock()), *also)
        except Stale:
            if not self.store.known_by("ID", body.number):
                raise
            self._register(body, mark)     # another window entered the same number at the same moment

    def _raise(self, profile: Item, body: Registration, also: tuple[Write, ...]) -> None:
        """Raise a person known already to level WINDOW, with the phone they now give, if they gave one."""
        there = self.store.opened(profile)
        if (there["name"], profile["kind"]) != (body.name, body.kind):
            raise Refused("该证件号码已登记在其他名称下，请核对原件", code="identity")
        if profile["level"] < Level.WINDOW or body.phone not in ("", there["phone"]):
            new = numbered("staff", self.clock()) if body.phone not in ("", there["phone"]) else {}
            self.store.change(profile, {"level": int(Level.WINDOW)} | new, {"phone": body.phone} if body.phone else {},
                              also=also)
        else:
            self.store.write(*also)

    def profile(self, person: str, who: Actor) -> Profile:
        """Return anybody's masked profile, to staff. Raise Missing to others."""
        if who.role not in READERS and who.person != person:
            raise Missing("未找到该账户")
        return self._shown(self.store.person(person))

    def give(self, body: Give, who: Actor, key: Key) -> Answer[MandateEntry]:
        """Give another the power to act in one's own name, once per key. Raise Refused, Missing, Conflict.

        Who acts for a person gives no mandates in that person's name (转委托, 民法典 169); for a body they do.
        """
        mandate = digest("mandate", who.person, key.value)

        def write(mark: Write) -> None:
            if who.mandate and self.store.person(who.principal)["kind"] == "natural":
                raise Refused("受托人不得以委托人的名义转委托")
            if who.level < Level.REAL_NAME or self.store.person(body.agent)["level"] < Level.REAL_NAME:
                raise Refused("委托双方均须完成实名认证")
            if body.agent == who.principal or body.until < civil_day(self.clock()):
                raise Invalid("委托有误", errors=[fault("/until", "value_error", "委托期限已过，或受托人是本人")])
            item = _mandate(mandate, who.principal, self.party(who.principal), body.agent, body.until)
            self.store.write(*self.store.mandated(item, new=True), mark)
        fresh = self.store.marks.once(who, key, self.clock(), write)
        return Answer(self._entry(self._given(mandate, who)), replayed=not fresh)

    def revoke(self, mandate: str, who: Actor, key: Key) -> Answer[MandateEntry]:
        """End a mandate that one gave. Raise Missing."""
        item = self._given(mandate, who) | {"ended": True}
        fresh = self.store.marks.once(who, key, self.clock(),
                                      lambda mark: self.store.write(*self.store.mandated(item), mark))
        return Answer(self._entry(item), replayed=not fresh)

    def _given(self, mandate: str, who: Actor) -> Item:
        item = self.store.given(who.principal, mandate)
        if item is None:
            raise Missing("未找到该委托")
        return item

    def mandates(self, who: Actor) -> Mandates:
        """Return the mandates one gave and holds."""
        return Mandates(items=[self._entry(item) for item in self.store.mandates(who.principal)])

    def mandate(self, agent: str, mandate: str) -> Mandate | None:
        """Return the mandate if it is in force now: asked at every act, never read from a token."""
        item = self.store.mandate(agent, mandate)
        if item is None or item["ended"] or date.fromisoformat(item["until"]) < civil_day(self.clock()):
            return None
        return Mandate(id=mandate, principal=item["principal"])

    def party(self, person: str) -> str:
        """Return the masked name that cases and lists show. Raise Missing, also where the account was given up."""
        profile = self.store.person(person)
        if profile.get("erased"):
            raise Missing("账户已注销，请重新登录")
        return str(profile["party"])

    def address(self, person: str, channel: str) -> str:
        """Return where a person is reached on a channel (wechat: openid, sms: mobile number); "" if nowhere."""
        profile = self.store.person(person)
        if profile.get("restricted"):
            return ""
        known = self.store.opened(profile)
        return known["openid"] if channel == "wechat" else known["phone"] if MOBILE.fullmatch(known["phone"]) else ""

    def office(self, unit: str) -> str:
        """Return a unit's name; its id where it was not entered."""
        return self.store.unit_name(area_of(unit), unit) or unit

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

    def _shown(self, profile: Item, warning: str = "") -> Profile:
        clear = self.store.opened(profile)
        number = clear["number"] if profile["kind"] == "organisation" else masked_number(clear["number"])
        return Profile(id=profile["id"], kind=profile["kind"], party=profile["party"], number=number, warning=warning,
                       phone=masked_number(clear["phone"]), level=Level(profile["level"]), version=profile["version"])

    def _entry(self, item: Item) -> MandateEntry:
        return MandateEntry.model_validate({name: item[name] for name in MandateEntry.model_fields if name in item})


def _mandate(mandate: str, principal: str, party: str, agent: str, until: date) -> Item:
    return {"id": mandate, "principal": principal, "party": party, "agent": agent, "until": until.isoformat(),
            "ended": False}
