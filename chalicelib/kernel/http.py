"""The web boundary: a Blueprint whose views take a Call (and a body) and give back models, or raise problems."""
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256
from typing import Any, ClassVar, get_args, get_origin, get_type_hints
from urllib.parse import unquote

from chalice.app import AuthRequest, AuthResponse, Blueprint, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from . import now, observe
from .bodies import adapter, only_json, parsed, validated
from .closure import admit
from .doors import Doors
from .identity import NOBODY, Actor, Bearer
from .observe import access, failure
from .openapi import Operation, document
from .problems import Forbidden, Invalid, Malformed, Problem, Unauthenticated, fault
from .record import Key
from .settings import settings
from .tokens import verify
from .vault import digest
from .views import Answer

View = Callable[..., Any]
Declare = Callable[[View], View]
MOST = 100                                 # items on a page
HEADERS = "Authorization,Content-Type,Idempotency-Key,If-Match,Acting-Office,On-Behalf-Of"
EXPOSED = "ETag,Retry-After,Idempotent-Replayed,X-Request-Id,Location"
KEY = re.compile(r"[\x21-\x7e]{16,64}")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"

doors = Blueprint(__name__)


@doors.authorizer(ttl_seconds=0)
def signed_in(request: AuthRequest) -> AuthResponse:
    """Lambda authorizer: let any bearer of a token of ours through; the rules decide what they may do."""
    try:
        bearer = verify(request.token.removeprefix("Bearer ").strip(), now.now())
    except Unauthenticated:
        return AuthResponse(routes=[], principal_id="nobody")
    if bearer.session and Doors.ended(bearer.person, bearer.session):
        return AuthResponse(routes=[], principal_id="nobody")
    return AuthResponse(routes=["*"], principal_id=bearer.person, context={"bearer": bearer.model_dump_json()})


@dataclass(frozen=True, slots=True)
class Call:
    """What every view is told of its request. `if_match` is the version the caller expects (None: any).

    `bearer` is who signed in; `who` the office they act in for this request, with the mandate that they name.
    `source` is a keyed digest of the network address, for limits only.
    """

    who: Actor
    key: Key = field(default_factory=Key)
    if_match: int | None = None
    cursor: str | None = None
    limit: int = 20
    query: Any = None
    source: str = ""
    bearer: Bearer | None = None

    @property
    def signed_in(self) -> Bearer:
        """Who signed in. Raise Unauthenticated on a public route."""
        if self.bearer is None:
            raise Unauthenticated("请先登录")
        return self.bearer


@dataclass(frozen=True)
class Text:
    """Something else than JSON: `media` says what."""

    text: str
    media: ClassVar[str] = "text/plain"


class Html(Text):
    """A page for people."""

    media = "text/html"


class Api(Blueprint):
    """Chalice's Blueprint, with a verb per decorator: `@api.post("/orders", body=Draft, status=201)`.

    `label` (Chinese) heads its operations in the description. `query` is a model of further query parameters;
    `public` needs no token; `keyed=False` is for a POST that changes nothing of record (signing in); `during` names the
    acts that go on while the bureau is closed for maintenance. A view returns a model, an Answer, or a Text.
    """

    def __init__(self, import_name: str, label: str = ""):
        super().__init__(import_name)
        self.label, self.operations = label, list[Operation]()

    def get(self, path: str, query: type[BaseModel] | None = None, public: bool = False,
            paged: bool = False) -> Declare:
        return self._endpoint("GET", path, None, 200, query, public, keyed=False, paged=paged)

    def post(self, path: str, body: Any = None, status: int = 200, public: bool = False, keyed: bool = True,
             during: tuple[str, ...] = ()) -> Declare:
        return self._endpoint("POST", path, body, status, None, public, keyed, during=during)

    def _endpoint(self, method: str, path: str, body: Any, status: int, query: type[BaseModel] | None, public: bool,
                  keyed: bool, paged: bool = False, during: tuple[str, ...] = ()) -> Declare:
        def declare(view: View) -> View:
            returned = get_type_hints(view)["return"]
            shown = get_args(returned)[0] if get_origin(returned) is Answer else returned
            media = shown.media if isinstance(shown, type) and issubclass(shown, Text) else ""

            @wraps(view)
            def handle(**params: str) -> Response:
                request, who = self.current_request, NOBODY
                with observe.during(_request_id(request), request.path):
                    try:
                        given = {"body": parsed(adapter(body), _raw(request))} if body else {}
                        call = _call(request, given.get("body"), query, public, keyed, paged)
                        who = call.who
                        if keyed:
                            admit(Doors.closed(), given.get("body"), during, now.now())
                        given |= {name: unquote(value) for name, value in params.items()}
                        response = _reply(view(call, **given), status)
                    except Problem as problem:
                        response = problem_response(problem)
                    except Exception as error:
                        failure("unexpected", error)
                        response = problem_response(Problem())
                    return finished(response, request, who)

            self.operations.append(Operation(method, path, view.__name__, view.__doc__ or "", status, body,
                                             None if media else shown, media, query, public, keyed, paged))
            self.route(path, methods=[method], authorizer=None if public else signed_in,
                       content_types=["*/*"])(handle)
            return view
        return declare


def described(apis: Mapping[str, Api], examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI description of all operations."""
    return document("一次办 Yiciban", apis, examples)


def _raw(request: Request) -> bytes | str:
    """Return the body as it came. Raise Unsupported, or Malformed if it cannot be bytes at all (a lone surrogate)."""
    only_json(request.headers.get("content-type", ""))
    try:
        return request.raw_body
    except UnicodeEncodeError as error:
        raise Malformed("请求体含有不是 UTF-8 编码的内容") from error


def _call(request: Request, body: Any, query: type[BaseModel] | None, public: bool, keyed: bool, paged: bool) -> Call:
    headers, given = request.headers, dict(request.query_params or {})
    bearer, who = (None, NOBODY) if public else _actor(request)
    key = headers.get("idempotency-key", "")
    if keyed and not KEY.fullmatch(key):
        raise Malformed(f"{'Idempotency-Key 请求头应为' if key else '缺少 Idempotency-Key 请求头：'}16至64个可见字符",
                        code="bad-key" if key else "no-key")
    if not (version := re.fullmatch(r'\*|"([0-9]{1,9})"', headers.get("if-match", "*"))):
        raise Malformed("If-Match 请求头应为 ETag 的原值", code="if-match")
    cursor, limit = (given.pop("cursor", None), given.pop("limit", "20")) if paged else (None, "20")
    if not re.fullmatch("[0-9]{1,9}", limit) or not 1 <= int(limit) <= MOST:
        raise Malformed(f"limit 应为1至{MOST}的整数", code="limit")
    asked = validated(adapter(query), given) if query else None
    if query is None and given:
        raise Invalid("查询参数有误", errors=[fault(f"/{name}", "extra_forbidden", "没有此项") for name in given])
    request_digest = digest("request", who.role, who.unit, who.principal, request.context["resourcePath"],
                            sha256(to_json(body)).hexdigest(), str(dict(request.uri_params or {})), length=6)
    source = (request.context.get("identity") or {}).get("sourceIp") or ""
    return Call(who, Key(digest("key", who.person, key, length=8), request_digest) if keyed else Key(),
                int(version[1]) if version[1] else None, cursor, int(limit), asked,
                digest("source", source, length=16), bearer)


def _actor(request: Request) -> tuple[Bearer, Actor]:
    """Return who signed in and the office they act in now. Raise Forbidden if it is not theirs."""
    bearer = Bearer.model_validate_json(request.context["authorizer"]["bearer"])
    named, behalf = request.headers.get("acting-office", ""), request.headers.get("on-behalf-of", "")
    mandate = Doors.mandate(bearer.person, behalf) if behalf else None
    if behalf and mandate is None:
        raise Forbidden("没有有效的委托，不能代为办理（On-Behalf-Of）", code="no-mandate")
    who = bearer.acting(unquote(named), mandate)
    if who is None:
        offices = "、".join(office.named for office in bearer.offices) or "（无）"
        raise Forbidden(f"请在 Acting-Office 请求头中指明您持有的一个职务：{offices}", code="office")
    if mandate and who.role != "citizen":
        raise Forbidden("公职人员不能以职务身份代理他人", code="no-mandate")
    return bearer, who


def problem_response(problem: Problem) -> Response:
    """Return the problem as RFC 9457 has it."""
    headers: dict[str, Any] = {"Content-Type": "application/problem+json"}
    if "retry_after" in problem.facts:
        headers["Retry-After"] = str(problem.facts["retry_after"])
    return Response(to_json(problem.document()).decode(), status_code=problem.status, headers=headers)


def _reply(answer: Any, status: int) -> Response:
    if isinstance(answer, Text):
        return Response(answer.text, status_code=status, headers={
            "Content-Type": f"{answer.media}; charset=utf-8", "Content-Security-Policy": POLICY})
    result, replayed = (answer.result, answer.replayed) if isinstance(answer, Answer) else (answer, False)
    headers: dict[str, Any] = {"Content-Type": "application/json"}
    if version := getattr(result, "version", None):
        headers["ETag"] = f'"{version}"'
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(to_json(result).decode(), status_code=status, headers=headers)


def finished(response: Response, request: Any, who: Actor) -> Response:
    """Add what every answer carries, and write the line of the request."""
    headers = {"X-Request-Id": _request_id(request), "X-Content-Type-Options": "nosniff",
               "Cache-Control": "no-store", "Vary": "Origin", "Referrer-Policy": "no-referrer"}
    if (origin := request.headers.get("origin", "")) in settings().cors_origins.split():
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED}
    response.headers.update(headers)
    access(route=request.path, method=request.method, status=response.status_code, role=who.role, unit=who.unit,
           request=headers["X-Request-Id"])
    return response


def _request_id(request: Any) -> str:
    return str(request.context.get("requestId", ""))
