"""The doors of others: answers of WeChat and of the staff's OpenID Connect issuer as they were recorded."""
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import urllib3
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from chalicelib.domains.accounts import doors
from chalicelib.kernel import now
from chalicelib.kernel.problems import Busy, Forbidden, Unauthenticated
from chalicelib.kernel.settings import settings

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "other"})
CLAIMS = {"iss": "https://sso.example.gov.cn", "aud": "yiciban-staff", "sub": "8101", "iat": int(AT.timestamp()),
          "exp": int((AT + timedelta(minutes=5)).timestamp())}


class Pool:
    """Stands for the connection pool: gives what it was handed, remembers what it was asked."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def request(self, method, url, **_):
        self.asked.append((method, url))
        if isinstance(self.answer, Exception):
            raise self.answer
        status, body = self.answer
        return SimpleNamespace(status=status, data=body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.fixture
def answers(monkeypatch):
    """answers(status, body) or answers(exception): what the other side will say; returns the pool."""
    here = settings().model_copy(update={
        "wechat_app_id": "wx0001", "staff_issuer": CLAIMS["iss"],
        "staff_client_id": "yiciban-staff", "staff_jwks_url": "https://sso.example.gov.cn/jwks"})
    monkeypatch.setattr(doors, "settings", lambda: here)
    monkeypatch.setenv("WECHAT_SECRET", "s&cret")
    monkeypatch.setattr(now, "now", lambda: AT)

    def answers(*answer):
        pool = Pool(answer[0] if len(answer) == 1 else answer)
        monkeypatch.setattr(doors, "_pool", lambda: pool)
        return pool
    return answers


def signed(key=RSA, alg="RS256", kid=None, **changes):
    header = {"alg": alg, "kid": kid or key.kid}
    return jwt.encode(header, {name: value for name, value in (CLAIMS | changes).items() if value is not None}, key,
                      algorithms=[alg])


def keys(*known):
    return {"keys": [key.as_dict(private=False) for key in known or (RSA, EC)]}


def test_a_code_gives_the_openid_and_the_session_key_goes_no_further(answers):
    pool = answers(200, {"session_key": "HyVFkGl5F5OQWJZZaNzBBg==", "openid": "oGZUI0egBJY1zhBYw2KhdUfwVJJE"})
    assert doors.openid_of("0a3T") == "oGZUI0egBJY1zhBYw2KhdUfwVJJE"
    assert pool.asked == [("GET", "https://api.weixin.qq.com/sns/jscode2session?appid=wx0001&secret=s%26cret"
                                  "&js_code=0a3T&grant_type=authorization_code")]


@pytest.mark.parametrize(("answer", "problem", "words"), [
    ({"errcode": 40029, "errmsg": "invalid code, rid: 65f0"}, Unauthenticated, "登录码无效"),
    ({"errcode": 40163, "errmsg": "code been used, rid: 65f0"}, Unauthenticated, "已使用"),
    ({"errcode": 40226, "errmsg": "code blocked"}, Unauthenticated, "受限"),
    ({"errcode": 45011, "errmsg": "api minute-quota reach limit"}, Busy, "繁忙"),
    ({"errcode": -1, "errmsg": "system error"}, Busy, "繁忙"),
    ({"errcode": 40013, "errmsg": "invalid appid"}, Unauthenticated, "失败"),
    ({"errcode": [1]}, Unauthenticated, "失败"),
    ({"session_key": "only"}, Unauthenticated, "失败"),
    ({"openid": 7}, Unauthenticated, "失败"), ({"openid": ""}, Unauthenticated, "失败"),
    (b"<html>502 Bad Gateway</html>", Busy, "暂时无法访问"),
    ([], Busy, "暂时无法访问")])
def test_what_wechat_answers_otherwise_is_a_problem_in_words(answers, answer, problem, words):
    answers(200, answer)
    with pytest.raises(problem, match=words):
        doors.openid_of("0a3T")


@pytest.mark.parametrize("failure", [urllib3.exceptions.ReadTimeoutError(None, "/", "read timed out"),
                                     urllib3.exceptions.MaxRetryError(None, "/"), (502, {"openid": "o"})])
def test_a_door_that_does_not_answer_in_time_or_well_is_busy(answers, failure):
    answers(failure)
    with pytest.raises(Busy) as found:
        doors.openid_of("0a3T")
    assert found.value.facts == {"retry_after": 5} and "0a3T" not in str(found.value)


def test_a_code_is_not_sent_again_after_it_was_read_since_it_is_good_for_one_reading():
    retries = doors._pool().connection_pool_kw["retries"]
    assert retries.read == 0 and retries.redirect == 0


def test_a_door_that_is_not_connected_says_so():
    for door in (doors.openid_of, doors.subject_of):
        with pytest.raises(Forbidden, match="未接通"):
            door("anything")
    with pytest.raises(Forbidden, match="窗口核验"):
        doors.confirm_identity("张明", "11010519491231002X")


@pytest.mark.parametrize(("key", "alg"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256")])
def test_an_id_token_of_the_issuer_names_its_subject(answers, key, alg):
    answers(200, keys())
    assert doors.subject_of(signed(key, alg)) == "8101"


@pytest.mark.parametrize("changes", [
    {"iss": "https://other.example.gov.cn"}, {"iss": None}, {"aud": "another-client"}, {"aud": None}, {"sub": None},
    {"exp": int((AT - timedelta(minutes=5)).timestamp())}, {"exp": None}, {"kid": "unknown"},
    {"nbf": int((AT + timedelta(minutes=5)).timestamp())}])
def test_an_id_token_in_doubt_is_refused(answers, changes):
    answers(200, keys())
    with pytest.raises(Unauthenticated):
        doors.subject_of(signed(**changes))


def test_an_id_token_signed_by_another_or_by_nobody_is_refused(answers):
    answers(200, keys())
    body = signed().split(".")[1]
    unsigned = "eyJhbGciOiJub25lIiwia2lkIjoicnNhLTEifQ." + body + "."       # {"alg":"none","kid":"rsa-1"}
    tampered = signed().rsplit(".", 1)[0] + ".AAAA"
    public_as_secret = "eyJhbGciOiJIUzI1NiIsImtpZCI6InJzYS0xIn0." + body + ".AAAA"    # {"alg":"HS256","kid":"rsa-1"}
    for token in (signed(OTHER, kid="rsa-1"), unsigned, tampered, public_as_secret, "a.b.c", "", "x" * 4096):
        with pytest.raises(Unauthenticated):
            doors.subject_of(token)


@pytest.mark.parametrize("answer", [(200, {}), (200, {"keys": "none"}), (503, {}), (200, b"not json")])
def test_an_issuer_without_keys_is_busy(answers, answer):
    answers(*answer)
    with pytest.raises(Busy):
        doors.subject_of(signed())


@pytest.mark.parametrize("answer, kind", [
    ({"errcode": 0, "phone_info": {"purePhoneNumber": "13800001234"}}, None),
    ({"errcode": 40029, "errmsg": "invalid code"}, Unauthenticated), ({"errcode": -1}, Busy),
    ({"errcode": 0}, Unauthenticated),
])
def test_a_phone_code_is_exchanged_for_the_number(monkeypatch, answer, kind):
    asked = []

    def fetch(url, content=None):
        asked.append(url)
        return {"access_token": "t"} if "stable_token" in url else answer
    monkeypatch.setattr(doors, "fetch", fetch)
    monkeypatch.setattr(doors, "settings", lambda: settings().model_copy(update={"wechat_app_id": "wx"}))
    if kind:
        with pytest.raises(kind):
            doors.phone_of("code")
    else:
        assert doors.phone_of("code") == "13800001234" and "access_token=t" in asked[1]
