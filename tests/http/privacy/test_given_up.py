"""Who has given up their account, what is on hold, and a job that looks at the wrong moment."""
from datetime import UTC, datetime

import pytest

from chalicelib.domains.accounts import doors
from chalicelib.domains.accounts.wiring import accounts, forgetting
from chalicelib.domains.privacy import wiring
from chalicelib.domains.privacy.own import Own
from tests.support import keeping
from tests.support.keeping import files, night, rows
from tests.support.kinds import cases
from tests.support.scenes import hotline
from tests.support.scenes.privacy import CORRECTION, DELETION, PATH
from tests.support.town import AREA
from tests.support.web import REGISTRAR, SECURITY, bearer, uploaded


@pytest.fixture
def here(web, monkeypatch):
    return keeping.withdrawn(web, monkeypatch)


def test_files_of_an_order_in_hand_and_on_hold_stay(here):
    file = uploaded(here.web, here.citizen, name="second.pdf")
    live = hotline.order(here, files=[file])
    here.web.react()
    here.web.ok(SECURITY, "POST", "/privacy/holds", {"case": f"ORDER#{live}", "reason": "行政诉讼"})
    before = len(files())
    wiring.keeping().later(here.citizen.person)
    wiring.retention().run()
    here.web.react()
    assert len(files()) == before


def test_a_forgotten_person_gives_nothing_anew(here, monkeypatch):
    monkeypatch.setattr(doors, "phone_of", lambda code: "13800005678")
    accounts.cache_clear()
    night(here, "2036-03-04")
    night(here, "2056-03-04")
    given = here.web.call(here.citizen, "POST", "/accounts/me/phone", {"code": "c1"})
    assert given.status_code == 404 and "已注销" in given.json_body["detail"]
    assert here.web.call(here.citizen, "POST", hotline.LIST, {"area": AREA, "category": "help", **hotline.WORDS}
                         ).status_code == 404
    forgetting().forget(here.citizen.person)
    assert not accounts().store.opened(accounts().store.person(here.citizen.person))["phone"]


def test_what_stays_of_requests_holds_no_identity_field(web):
    who, store = bearer("q" * 26, level=3), accounts().store
    store.write(*store.entry(who.person, "OPENID", "oo", {"kind": "natural", "level": 3, "party": "欧**例"},
                             {"openid": "oo"}, datetime(2026, 3, 2, tzinfo=UTC)))
    ids = []
    for body in (CORRECTION, DELETION):
        ids.append(web.ok(who, "POST", PATH, body)["case"]["id"])
        web.ok(REGISTRAR, "POST", f"{PATH}/{ids[-1]}/acts", {"act": "grant"})
        web.react()
    assert store.person(who.person)["erased"]
    revealed = web.call(REGISTRAR, "POST", f"{PATH}/{ids[0]}/reveal", {"reason": "核对新号码"})
    assert revealed.status_code == 404 and "13612345678" not in str(revealed.json_body)
    assert not [one for one in cases() if one["pk"].startswith("ASKED#")]


def test_a_release_while_the_job_looks_is_not_lost(here, monkeypatch):
    rating = next(i["pk"] for i in rows("RATING") if i["sk"] == "STATE" and i["source"].startswith("ORDER"))
    here.web.ok(SECURITY, "POST", "/privacy/holds", {"case": rating, "reason": "行政诉讼"})
    night(here, "2036-03-04")
    real = Own.papers
    wiring.keeping().later(here.citizen.person)

    def papers(own, person, loose):
        left = real(own, person, loose)
        monkeypatch.setattr(Own, "papers", real)
        here.web.ok(SECURITY, "POST", "/privacy/holds/release", {"case": rating, "reason": "判决已生效"})
        return left
    monkeypatch.setattr(Own, "papers", papers)
    night(here, "2036-03-05")
    night(here, "2036-04-06")
    assert rating not in [i["pk"] for i in rows("RATING") if i["sk"] == "STATE" and i.get("person")]
