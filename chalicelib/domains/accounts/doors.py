"""The doors of others: WeChat's code2Session for citizens, an OpenID Connect issuer's keys for staff.

Neither secret nor session_key is logged or handed on. Their answers are checked shape by shape; what they do not
answer in five seconds is a Busy.
"""
import json
from functools import cache
from typing import Any
from urllib.parse import urlencode

from chalicelib.kernel import now
from chalicelib.kernel.problems import Busy, Forbidden, Unauthenticated
from chalicelib.kernel.secrets import Services, secret
from chalicelib.kernel.settings import settings
from chalicelib.kernel.tokens import claims_of

REFUSED = {"40029": "登录码无效", "40163": "登录码已使用", "40226": "该微信账户受限，不能登录"}
BUSY = {"-1", "45011"}
STAFF_ALGORITHMS = ["RS256", "ES256", "PS256"]


@cache
def _pool() -> Any:
    import urllib3  # here, as below: only who signs in through others pays for it
    return urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=5),
                               retries=urllib3.Retry(0, read=0, redirect=0))   # a retry is logged with its address


def fetch(url: str, content: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at `url`, or that answers `content` posted there. Raise Busy if there is none."""
    from urllib3.exceptions import HTTPError
    try:
        answer = _pool().request("POST", url, json=content) if content else _pool().request("GET", url)
        given = json.loads(answer.data)
    except (HTTPError, ValueError) as error:
        raise Busy("登录服务暂时无法访问，请稍后重试", retry_after=5) from error
    if answer.status != 200 or not isinstance(given, dict):
        raise Busy("登录服务暂时无法访问，请稍后重试", retry_after=5)
    return given


def openid_of(code: str) -> str:
    """Return the openid behind a one-time code of wx.login (sns/jscode2session). Raise Unauthenticated or Busy."""
    here = settings()
    if not here.wechat_app_id:
        raise Forbidden("本部署未接通微信登录", code="not-connected")
    query = urlencode({"appid": here.wechat_app_id, "secret": secret(Services).wechat_secret, "js_code": code,
                       "grant_type": "authorization_code"})
    answer = fetch(f"{here.wechat_url}/sns/jscode2session?{query}")
    fault, openid = str(answer.get("errcode", 0)), answer.get("openid")
    if fault in BUSY:
        raise Busy("微信登录繁忙，请稍后重试", retry_after=5)
    if fault != "0" or not isinstance(openid, str) or not openid:
        raise Unauthenticated(REFUSED.get(fault, "微信登录失败，请重试"))
    return openid


def phone_of(code: str) -> str:
    """Return the mobile number behind a one-time code of getPhoneNumber (getuserphonenumber). Raise as openid_of."""
    here = settings()
    if not here.wechat_app_id:
        raise Forbidden("本部署未接通微信登录", code="not-connected")
    access = fetch(f"{here.wechat_url}/cgi-bin/stable_token", {
        "grant_type": "client_credential", "appid": here.wechat_app_id, "secret": secret(Services).wechat_secret})
    answer = fetch(f"{here.wechat_url}/wxa/business/getuserphonenumber?access_token={access.get('access_token', '')}",
                   {"code": code})
    fault, told = str(answer.get("errcode", 0)), answer.get("phone_info")
    if fault in BUSY:
        raise Busy("微信登录繁忙，请稍后重试", retry_after=5)
    if fault != "0" or not isinstance(told, dict) or not isinstance(told.get("purePhoneNumber"), str):
        raise Unauthenticated(REFUSED.get(fault, "未能取得手机号码，请重试"))
    return str(told["purePhoneNumber"])


def subject_of(id_token: str) -> str:
    """Return the subject of an ID token of the staff's issuer (OpenID Connect Core 3.1.3.7). Raise Unauthenticated."""
    here = settings()
    if not here.staff_issuer:
        raise Forbidden("本部署未接通工作人员统一登录", code="not-connected")
    keys = fetch(here.staff_jwks_url)
    if not isinstance(keys.get("keys"), list):
        raise Busy("登录服务暂时无法访问，请稍后重试", retry_after=5)
    claims = claims_of(id_token, keys, here.staff_issuer, here.staff_client_id, now.now(), STAFF_ALGORITHMS)
    return str(claims["sub"])


def confirm_identity(name: str, number: str) -> bool:
    """Ask the national platform whether name and number belong together (统一身份认证).

    Its protocol is given to bureaus under contract and is not connected here: a person is then checked at a window.
    """
    raise Forbidden("本部署未接通统一身份认证平台，请携带证件到窗口核验", code="not-connected")
