"""Ways to reach a person outside the inbox. Each is given the message's key, so that a repeat can be told."""
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol

from chalicelib.kernel import now
from chalicelib.kernel.problems import Busy
from chalicelib.kernel.secrets import Services, secret
from chalicelib.kernel.settings import settings

NOT_ACCEPTED = 43101
"""WeChat's answer when the person has no subscription left: the inbox has the message, nothing is retried."""


class Channel(Protocol):
    """`address` is the person's own on this channel; `key` is the same however often the message is sent."""

    def send(self, address: str, key: str, title: str, text: str) -> None:
        """Send, or raise Busy to be called again later."""


class Sms:
    """The bureau's own SMS gateway: POST {to, key, text} as JSON to SMS_URL; 2xx means taken over."""

    def send(self, address: str, key: str, title: str, text: str) -> None:
        if url := settings().sms_url:
            _post(url, {"to": address, "key": key, "text": text})


@dataclass
class Wechat:
    """Subscription messages (subscribeMessage.send); fields thing1 (title) and thing2 (text, 20 characters).

    The access token is WeChat's stable one (stable_token): asked for again, it does not make the former void.
    """

    token: str = ""
    until: datetime = datetime.min.replace(tzinfo=UTC)

    def send(self, address: str, key: str, title: str, text: str) -> None:
        here = settings()
        if not here.wechat_template:
            return
        address_of_send = f"{here.wechat_url}/cgi-bin/message/subscribe/send?access_token={self._access()}"
        answer = _answer(address_of_send, {
            "touser": address, "template_id": here.wechat_template,
            "data": {"thing1": {"value": title[:20]}, "thing2": {"value": text[:20]}}})
        if answer.get("errcode", 0) not in (0, NOT_ACCEPTED):
            self.token = ""
            raise Busy("微信消息发送失败，稍后重发", retry_after=60)

    def _access(self) -> str:
        """Return the access token, asked for again five minutes before it ends. Raise Busy."""
        here, at = settings(), now.now()
        if not self.token or at >= self.until:
            answer = _answer(f"{here.wechat_url}/cgi-bin/stable_token", {
                "grant_type": "client_credential", "appid": here.wechat_app_id,
                "secret": secret(Services).wechat_secret})
            if not isinstance(answer.get("access_token"), str):
                raise Busy("微信消息通道暂时无法访问", retry_after=60)
            self.token = answer["access_token"]
            self.until = at + timedelta(seconds=answer.get("expires_in", 0) - 300)
        return self.token


@cache
def _pool() -> Any:
    import urllib3  # here, as below: only what sends pays for it
    return urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=5), retries=urllib3.Retry(0, redirect=0))


def _answer(url: str, content: dict[str, object]) -> dict[str, Any]:
    try:
        return dict(json.loads(_post(url, content)))
    except (ValueError, TypeError) as error:
        raise Busy("消息通道暂时无法访问", retry_after=60) from error


def _post(url: str, content: dict[str, object]) -> bytes:
    from urllib3.exceptions import HTTPError
    try:
        answer = _pool().request("POST", url, body=json.dumps(content).encode(),
                               headers={"Content-Type": "application/json"})
        if answer.status >= 300:
            raise Busy("消息通道暂时无法访问", retry_after=60)
        return bytes(answer.data)
    except HTTPError as error:
        raise Busy("消息通道暂时无法访问", retry_after=60) from error


@cache
def connect() -> dict[str, Channel]:
    """Return the channels by name. At stage local a stand-in that records takes their place."""
    return {"sms": Sms(), "wechat": Wechat()}
