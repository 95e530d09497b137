"""The gateway in front of a small app of its own: events and answers as API Gateway has them."""
import io
import json

import pytest
from chalice import AuthResponse, Chalice, Response

from local.gateway import LIMIT, Gateway

app = Chalice(app_name="small", configure_logs=False)


@app.authorizer()
def doorman(request):
    if request.token == "broken":
        raise RuntimeError("no")
    return AuthResponse(routes=["/secret/*"] if request.token == "good" else [], principal_id="p", context={"who": "p"})


@app.route("/fixed")
def fixed():
    return app.current_request.to_original_event()


@app.route("/things/{name}", methods=["GET", "POST", "HEAD"], content_types=["*/*"])
def things(name):
    return app.current_request.to_original_event()


@app.route("/secret/{name}", authorizer=doorman)
def secret(name):
    return app.current_request.context["authorizer"]


@app.route("/other", authorizer=doorman)
def other():
    return {}


@app.route("/binary", methods=["POST"], content_types=["image/png"])
def binary():
    return Response(app.current_request.raw_body, headers={"Content-Type": "image/png"})


@app.route("/cookies")
def cookies():
    return Response("", status_code=204, headers={"Set-Cookie": ["a=1", "b=2"], "X-Request-Id": "mine"})


@app.route("/unspeakable")
def unspeakable():
    return Response({"at": object()})


def ask(method, path, query="", body=b"", **headers):
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": query,
               "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(body),
               **{(name if name.startswith("CONTENT") else f"HTTP_{name}").upper(): value
                  for name, value in headers.items()}}
    if body and "HTTP_TRANSFER_ENCODING" not in environ:
        environ["CONTENT_LENGTH"] = str(len(body))
    return Gateway(app).answer(environ)


def event(answer):
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def test_path_parameters_stay_encoded_and_query_parameters_do_not():
    seen = event(ask("GET", "/things/张 三", "q=%E5%BC%A0&q=b%20c&empty="))
    assert (seen["resource"], seen["path"]) == ("/things/{name}", "/things/张 三")
    assert seen["pathParameters"] == {"name": "%E5%BC%A0%20%E4%B8%89"}
    assert seen["multiValueQueryStringParameters"] == {"q": ["张", "b c"], "empty": [""]}
    assert seen["queryStringParameters"] == {"q": "b c", "empty": ""}
    assert seen["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


def test_what_is_absent_is_null_and_a_stroke_at_the_end_does_not_matter():
    seen = event(ask("GET", "/fixed/"))
    assert [seen[name] for name in ("pathParameters", "queryStringParameters", "body")] == [None, None, None]


def test_headers_arrive_and_a_text_body_stays_text():
    seen = event(ask("POST", "/things/a", body='{"名":1}'.encode(), Idempotency_Key="k", CONTENT_TYPE="text/x"))
    assert (seen["headers"]["Idempotency-Key"], seen["body"], seen["isBase64Encoded"]) == ("k", '{"名":1}', False)
    assert seen["multiValueHeaders"]["Content-Type"] == ["text/x"]


def test_a_binary_body_arrives_and_leaves_as_bytes():
    image = bytes(range(256))
    answer = ask("POST", "/binary", body=image, CONTENT_TYPE="image/png", Accept="image/png")
    assert (answer.status, answer.body) == (200, image)


def test_repeated_headers_and_the_functions_own_request_id_are_kept():
    answer = ask("GET", "/cookies")
    assert [value for name, value in answer.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert [value for name, value in answer.headers if name == "X-Request-Id"] == ["mine"]


def test_a_head_request_has_no_body():
    said = []
    answer = ask("HEAD", "/things/a")
    assert answer.send({"REQUEST_METHOD": "HEAD"}, lambda status, headers: said.append(status)) == [b""]
    assert said == ["200 OK"]


@pytest.mark.parametrize("token, path, status, code", [
    ("", "/secret/a", 401, "unauthenticated"), ("good", "/secret/a", 200, ""), ("bad", "/secret/a", 403, "gateway"),
    ("good", "/other", 403, "gateway"), ("broken", "/secret/a", 500, "internal")])
def test_the_authorizer_decides(token, path, status, code):
    answer = ask("GET", path, **({"Authorization": token} if token else {}))
    said = json.loads(answer.body)
    assert (answer.status, said.get("type", "").rpartition(":")[2]) == (status, code)
    assert code or said == {"who": "p", "principalId": "p"}


@pytest.mark.parametrize("method, path, status", [
    ("GET", "/nothing", 404), ("DELETE", "/fixed", 404), ("GET", "/things/a/b", 404), ("GET", "/unspeakable", 502)])
def test_the_gateways_problems_are_chinese_and_carry_the_request(method, path, status):
    answer = ask(method, path)
    said, headers = json.loads(answer.body), dict(answer.headers)
    assert (answer.status, said["status"]) == (status, status) and set(said) == {"type", "title", "status", "detail"}
    assert said["type"].startswith("urn:yiciban:problem:") and not said["detail"].isascii()
    assert headers["Content-Type"] == "application/problem+json" and headers["X-Request-Id"]


@pytest.mark.parametrize("extra", [{}, {"Transfer_Encoding": "chunked"}])
def test_a_body_over_the_limit_is_read_to_its_end_and_refused(extra):
    body = io.BytesIO(b"x" * (LIMIT + 1))
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/things/a", "wsgi.input": body,
               **({"HTTP_TRANSFER_ENCODING": "chunked"} if extra else {"CONTENT_LENGTH": str(LIMIT + 1)})}
    answer = Gateway(app).answer(environ)
    assert (answer.status, body.read()) == (413, b"") and ("Connection", "close") in answer.headers
