"""What the gateway answers where no function is asked, or none answers: the same problem+json as everywhere."""
import json
from typing import Any

from chalicelib.kernel.problems import (
    Forbidden,
    Malformed,
    Missing,
    Problem,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unsupported,
)
from local.exchange import BadGateway, TooSlow

HEADERS = {
    "Content-Type": "'application/problem+json'", "Cache-Control": "'no-store'",
    "Access-Control-Allow-Origin": "'*'", "X-Request-Id": "context.requestId"}
WAIT = 5                                   # seconds, where the caller may try again

SIGN_IN_AGAIN = Forbidden("登录凭证无效或已过期，请重新登录", code="gateway")
NO_SUCH_ADDRESS = Missing("没有这个地址")
ROWS: dict[str, Problem] = {
    "BAD_REQUEST_BODY": Malformed("请求体无法读取"),
    "BAD_REQUEST_PARAMETERS": Malformed("请求参数无法读取"),
    "UNSUPPORTED_MEDIA_TYPE": Unsupported("请求体须为 application/json"),
    "DEFAULT_4XX": Malformed("请求无法处理"),
    "UNAUTHORIZED": Unauthenticated("请先登录"),
    "INVALID_SIGNATURE": SIGN_IN_AGAIN,
    "EXPIRED_TOKEN": SIGN_IN_AGAIN,
    "ACCESS_DENIED": SIGN_IN_AGAIN,
    "WAF_FILTERED": Forbidden("访问过于频繁，已被防火墙拦截，请稍后再试", code="gateway"),
    "MISSING_AUTHENTICATION_TOKEN": NO_SUCH_ADDRESS,
    "RESOURCE_NOT_FOUND": NO_SUCH_ADDRESS,
    "REQUEST_TOO_LARGE": TooLarge("请求不能超过10MB"),
    "THROTTLED": TooMany("访问人数较多，请稍后再试", retry_after=WAIT),
    "QUOTA_EXCEEDED": TooMany("访问次数已达上限，请稍后再试", retry_after=WAIT),
    "AUTHORIZER_FAILURE": Problem(),
    "AUTHORIZER_CONFIGURATION_ERROR": Problem(),
    "API_CONFIGURATION_ERROR": Problem(),
    "DEFAULT_5XX": Problem(),
    "INTEGRATION_FAILURE": BadGateway(),
    "INTEGRATION_TIMEOUT": TooSlow("处理时间过长，请稍后查询是否已经办理", retry_after=WAIT)}
"""By the gateway's name of the occasion. A wrong method is a wrong address to it: 405 and 404 are one."""


def gateway_responses() -> dict[str, Any]:
    """Return the value of `x-amazon-apigateway-gateway-responses`."""
    return {name: _response(problem) for name, problem in ROWS.items()}


def _response(problem: Problem) -> dict[str, Any]:
    body = problem.document()
    headers = HEADERS | ({"Retry-After": f"'{WAIT}'"} if "retry_after" in problem.facts else {})
    return {"statusCode": str(problem.status),
            "responseTemplates": {"application/json": json.dumps(body, ensure_ascii=False)},
            "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in headers.items()}}
