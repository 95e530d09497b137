"""API Gateway in front of the real Lambda handler: HTTP becomes a REST API (v1) proxy event, its answer HTTP again.

As the gateway does: path parameters stay percent-encoded and query parameters are decoded; an unknown address and an
unknown method are the same 404; a body of more than 10 MB never reaches the function. Unlike it: WSGI has decoded
%2F before we see it, repeated request headers come joined by commas, and bytes that are no UTF-8 are refused here
instead of replaced.
"""
import base64
import re
import sys
import time
import traceback
from typing import Any
from urllib.parse import parse_qsl, quote

from chalice.app import Chalice, ChaliceAuthorizer
from chalice.local import ARNMatcher, LocalARNBuilder

from chalicelib.kernel.problems import Forbidden, Malformed, Missing, Problem, Unauthenticated

from .exchange import Answer, BadGateway, Environ, as_problem, read
from .invocation import Context

LIMIT = 10 * 1024 * 1024
STAGE = "api"
Found = tuple[str, dict[str, Any], dict[str, str] | None]


class Gateway:
    """The routes, authorizers and function of one Chalice app. One event at a time."""

    def __init__(self, app: Chalice):
        self.app = app
        self.fixed = {path: methods for path, methods in app.routes.items() if "{" not in path}
        self.open = [(_pattern(path), path, methods) for path, methods in app.routes.items() if "{" in path]

    def answer(self, environ: Environ) -> Answer:
        """Return what the function answers, or what the gateway does in its place."""
        context = Context("api_handler")
        try:
            event, entry = self._event(environ, context)
            if isinstance(entry.authorizer, ChaliceAuthorizer):
                event["requestContext"]["authorizer"] = self._authorized(entry.authorizer, event, context)
            answer = self._invoke(event, context)
        except Problem as problem:
            answer = as_problem(problem)
        if any(name.lower() == "x-request-id" for name, _ in answer.headers):
            return answer
        return answer.with_headers(("X-Request-Id", context.aws_request_id))

    def _event(self, environ: Environ, context: Context) -> tuple[dict[str, Any], Any]:
        """Return the proxy event and the route entry. Raise Missing, TooLarge or Malformed."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1")
        raw = quote(path).rstrip("/") or "/"
        resource, methods, params = self._found(raw)
        if method not in methods:
            raise Missing("没有这个地址")
        body = read(environ, LIMIT)
        headers = {name[5:].replace("_", "-").title(): value
                   for name, value in environ.items() if name.startswith("HTTP_")}
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        query: dict[str, list[str]] = {}
        asked = environ.get("QUERY_STRING", "").encode("latin-1").decode("utf-8", "replace")
        for name, value in parse_qsl(asked, keep_blank_values=True):
            query.setdefault(name, []).append(value)
        binary = bool(body) and headers.get("Content-Type", "").partition(";")[0] in self.app.api.binary_types
        try:
            text = base64.b64encode(body).decode() if binary else body.decode()
        except UnicodeDecodeError:
            raise Malformed("请求体含有不是 UTF-8 编码的内容") from None
        return {
            "resource": resource, "path": path.decode("utf-8", "replace"), "httpMethod": method,
            "headers": headers, "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None, "pathParameters": params, "stageVariables": None,
            "body": text or None, "isBase64Encoded": binary,
            "requestContext": {
                "resourcePath": resource, "resourceId": resource, "httpMethod": method, "path": f"/{STAGE}{raw}",
                "stage": STAGE, "apiId": "local", "accountId": "000000000000", "protocol": "HTTP/1.1",
                "requestId": context.aws_request_id, "requestTimeEpoch": time.time_ns() // 1_000_000,
                "identity": {"sourceIp": environ.get("REMOTE_ADDR", ""), "userAgent": headers.get("User-Agent")},
            }}, methods[method]

    def _found(self, raw: str) -> Found:
        if raw in self.fixed:
            return raw, self.fixed[raw], None
        for pattern, resource, methods in self.open:
            if given := pattern.fullmatch(raw):
                return resource, methods, given.groupdict()
        raise Missing("没有这个地址")

    def _authorized(self, authorizer: Any, event: dict[str, Any], context: Context) -> dict[str, Any]:
        """Return what the authorizer says of the caller. Raise Unauthenticated, Forbidden, or Problem if it fails."""
        if not (token := event["headers"].get("Authorization")):
            raise Unauthenticated("请先登录")
        path = event["requestContext"]["path"].removeprefix(f"/{STAGE}")
        arn = LocalARNBuilder().build_arn(event["httpMethod"], path)
        try:
            policy = authorizer({"type": "TOKEN", "methodArn": arn, "authorizationToken": token}, context)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            raise Problem() from None
        allowed = [resource for statement in policy["policyDocument"]["Statement"] if statement["Effect"] == "Allow"
                   for resource in _listed(statement["Resource"])]
        if not ARNMatcher(arn).does_any_resource_match(allowed):
            raise Forbidden("登录凭证无效或已过期，请重新登录", code="gateway")
        return {**(policy.get("context") or {}), "principalId": policy["principalId"]}

    def _invoke(self, event: dict[str, Any], context: Context) -> Answer:
        """Return the function's answer. Raise BadGateway if there is none."""
        try:
            given = self.app(event, context)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            raise BadGateway() from None
        body = given.get("body") or ""
        headers = [(name, str(value)) for name, value in (given.get("headers") or {}).items()]
        headers += [(name, str(value)) for name, values in (given.get("multiValueHeaders") or {}).items()
                    for value in values]
        if body and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", "application/json"))
        content = base64.b64decode(body) if given.get("isBase64Encoded") else body.encode()
        return Answer(given["statusCode"], content, tuple(headers))


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
