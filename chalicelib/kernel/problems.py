"""Refusals as the caller sees them: RFC 9457 problems. `detail` is Chinese and for a person; `code` is stable. Pure."""
from typing import Any, ClassVar

PREFIX = "urn:yiciban:problem:"


class Problem(Exception):
    """A refusal that we can explain. `facts` become further members of the document (`errors`, `retry_after`)."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "系统故障"

    def __init__(self, detail: str = "系统暂时无法处理，请稍后再试", code: str = "", **facts: Any):
        super().__init__(detail)
        self.detail, self.facts, self.kind = detail, facts, code or self.code

    def document(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        return {"type": PREFIX + self.kind, "title": self.title, "status": self.status, "detail": self.detail,
                **self.facts}


class Malformed(Problem):
    """The request cannot be read at all: not JSON, no Idempotency-Key, a cursor that is not ours."""

    status, code, title = 400, "malformed", "请求无法读取"


class Unauthenticated(Problem):
    """Nobody is signed in, or the sign-in no longer holds."""

    status, code, title = 401, "unauthenticated", "请先登录"


class Forbidden(Problem):
    """The reader may see the thing, but this act is another office's."""

    status, code, title = 403, "forbidden", "无权办理"


class Missing(Problem):
    """There is no such thing, or the caller may not know that there is."""

    status, code, title = 404, "missing", "未找到"


class Refused(Problem):
    """The rules do not allow this act in this state or at this time."""

    status, code, title = 409, "refused", "不符合办理规则"


class Stale(Problem):
    """Someone else wrote first; read again. `held` is what the store holds under the contested key."""

    status, code, title = 409, "stale", "内容已被他人更新"

    def __init__(self, detail: str = "内容已被他人更新，请刷新后重试", held: tuple[dict[str, Any] | None, ...] = ()):
        super().__init__(detail)
        self.held = held


class Outdated(Problem):
    """If-Match names a version that is no longer the current one."""

    status, code, title = 412, "outdated", "版本已变化"


class TooLarge(Problem):
    """The request, or what it would make of the record, exceeds a limit of size."""

    status, code, title = 413, "too-large", "内容过大"


class Unsupported(Problem):
    """The body is said to be something else than JSON, or nothing is said of it."""

    status, code, title = 415, "media-type", "请求体的类型不受支持"


class Invalid(Problem):
    """The request can be read but is not right; `errors` points at each field (RFC 6901)."""

    status, code, title = 422, "invalid", "填写内容有误"


class Conflict(Problem):
    """An Idempotency-Key was used before, with another request."""

    status, code, title = 422, "key-reused", "重复的请求标识"


class TooMany(Problem):
    """Asked too often; `retry_after` is in seconds."""

    status, code, title = 429, "too-many", "请求过于频繁"


class Busy(Problem):
    """The store is overloaded; `retry_after` seconds from now it may not be."""

    status, code, title = 503, "busy", "系统繁忙"


class Closed(Problem):
    """The bureau is closed for maintenance; `retry_after` is in seconds."""

    status, code, title = 503, "maintenance", "系统维护"


def fault(pointer: str, code: str, detail: str) -> dict[str, str]:
    """Return one entry of `errors`: where (RFC 6901 pointer), which rule, and what to do about it."""
    return {"pointer": pointer, "code": code, "detail": detail}
