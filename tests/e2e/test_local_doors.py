"""The doors that only a local run has, and the gateway's own answers."""
import hashlib
import json
import subprocess
import sys
from datetime import datetime, timedelta
from typing import get_args

import pytest

from chalicelib.domains.accounts.models import ROLES
from tests.e2e.running import JSON, Run, eventually, form, refuse_forgetful_engines

FILE = b"%PDF-1.7 contents"
KEY = "430199000000/materials/one"


@pytest.fixture(scope="module")
def run():
    refuse_forgetful_engines()
    with Run() as run:
        yield run


def signed(run, file=FILE, kind="application/pdf"):
    return run.objects().presign_upload(KEY, kind, len(file), hashlib.sha256(file).hexdigest())


def test_a_signed_upload_arrives_and_a_signed_address_gives_it_back(run):
    upload = signed(run)
    assert upload.url == f"{run.site}/local/objects"
    assert run.ask("POST", upload.url, *form(upload.fields, FILE)).status == 204
    stored = run.objects().head(KEY)
    assert (stored.size, stored.content_type) == (len(FILE), "application/pdf")
    found = run.ask("GET", run.objects().sign_download(KEY, "营业执照.pdf"))
    assert (found.status, found.raw) == (200, FILE)
    assert found.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E8%90%A5")
    assert found.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("change, file, status, code", [
    ({"signature": "0" * 64}, FILE, 403, "upload-signature"),
    ({"key": "430199000000/materials/other"}, FILE, 403, "upload-signature"),
    ({"Content-Type": "text/html"}, FILE, 403, "upload-signature"),
    ({"policy": "e30="}, FILE, 403, "upload-signature"),
    ({}, FILE + b"!", 400, "upload-mismatch"),
    ({}, FILE[:-1] + b"!", 400, "upload-mismatch"),
])
def test_a_forged_or_different_upload_is_refused_and_nothing_stored(run, change, file, status, code):
    other = f"{KEY}-{status}"
    upload = run.objects().presign_upload(other, "application/pdf", len(FILE), hashlib.sha256(FILE).hexdigest())
    answer = run.ask("POST", upload.url, *form(upload.fields | change, file))
    assert (answer.status, answer.json["type"]) == (status, f"urn:yiciban:problem:{code}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert run.objects().head(other) is None and not list(run.data.glob("objects/**/*.new"))


@pytest.mark.parametrize("body, headers", [(b"x", JSON), *[form({"key": KEY}, FILE)[:1] + ({"Content-Type": kind},)
                         for kind in ("multipart/form-data", "multipart/form-data; boundary=other")]])
def test_what_is_no_form_is_refused(run, body, headers):
    answer = run.ask("POST", "/local/objects", body, headers)
    assert (answer.status, answer.json["status"]) == (400, 400)


def test_a_forged_address_gives_nothing(run):
    address = run.objects().sign_download(KEY, "a.pdf")
    for forged in (address.replace("one", "two"), address.replace("a.pdf", "b.html"), address[:-1], address[:40]):
        assert run.ask("GET", forged).status == 403


def test_the_clock_moves_forward_and_the_schedule_and_signatures_follow(run):
    upload, address = signed(run), run.objects().sign_download(KEY, "a.pdf")
    before = run.now()
    swept = run.data / "schedules.json"
    moved = run.ask("POST", "/local/clock", {"days": 3})
    reached = datetime.fromisoformat(moved.json["now"])
    assert moved.status == 200 and timedelta(days=3) <= reached - before < timedelta(days=3, minutes=1)
    assert reached - _last(swept) < timedelta(minutes=1)            # at once: the door waits for the scheduler
    assert run.ask("POST", upload.url, *form(upload.fields, FILE)).status == 403
    assert run.ask("GET", address).status == 403
    to = (reached + timedelta(hours=1)).isoformat()
    assert run.ask("POST", "/local/clock", {"to": to}).json["now"] >= to
    seen = {run.ask("GET", "/local/clock").json["now"] >= to for _ in range(8)}     # every worker
    assert seen == {True}
    assert datetime.fromisoformat(run.ask("GET", "/health").json["now"]) >= datetime.fromisoformat(to)


def _last(path):
    return datetime.fromisoformat(json.loads(path.read_text())["sweep"])


@pytest.mark.parametrize("body, status", [
    ({"to": "2020-01-01T00:00:00Z"}, 422), ({"days": -1}, 422), ({"days": 1, "hours": 1}, 422), ({}, 422),
    ({"to": "2027-01-01T00:00:00"}, 422), ({"weeks": 1}, 422), (b"{", 400)])
def test_the_clock_refuses_what_is_not_forward(run, body, status):
    before = run.ask("GET", "/local/clock").json["ahead_seconds"]
    answer = run.ask("POST", "/local/clock", body)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert run.ask("GET", "/local/clock").json["ahead_seconds"] == before


def test_a_session_is_good_for_the_office_it_names(run):
    clerk = run.token("clerk", "430199000000.hall", person="p-clerk")
    assert run.ask("GET", "/applications", headers=clerk).status == 200
    assert run.ask("GET", "/applications", headers={**clerk, "Acting-Office": "auditor"}).status == 403
    assert run.ask("POST", "/local/sessions", {"offices": []}).status == 422
    refused = run.ask("POST", "/local/sessions", {"offices": [{"role": "citizen"}, {"role": "emperor"}]})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/offices/1/role")
    nowhere = {"role": "clerk", "unit": "430199000000.nowhere", "area": "430199000000"}
    unknown = run.ask("POST", "/local/sessions", {"offices": [nowhere]})
    assert (unknown.status, unknown.json["errors"][0]["pointer"]) == (422, "/offices/0/unit")
    assert "没有这个单位" in unknown.json["errors"][0]["detail"]
    assert run.token("calendar_keeper", "000000000000.calendar"), "also the nation's"
    assert refused.json["errors"][0]["detail"] == (
        f"没有这个职务；可以是：{'、'.join(['citizen', *get_args(ROLES)])}")


def test_a_body_that_is_no_utf_8_is_refused_and_not_mended(run):
    citizen = run.token("citizen")
    for path in ("/applications", "/local/sessions"):
        answer = run.ask("POST", path, b'{"area": "430199000000", "item": "\xff"}', citizen | JSON)
        assert (answer.status, answer.json["title"]) == (400, "请求无法读取")


def test_another_sites_page_cannot_use_the_local_doors(run):
    assert run.ask("GET", "/local/clock", headers={"Host": "evil.example:80"}).status == 403
    simple = {"Content-Type": "text/plain"}
    assert run.ask("POST", "/local/sessions", {"offices": [{"role": "admin"}]}, simple).status == 415
    sent = run.ask("POST", "/applications", b'{"area": "430199000000"}', run.token("citizen") | simple)
    assert (sent.status, sent.json["type"]) == (415, "urn:yiciban:problem:media-type")


@pytest.mark.parametrize("method, path, headers, status, code", [
    ("GET", "/nowhere", {}, 404, "missing"), ("DELETE", "/health", {}, 404, "missing"),
    ("GET", "/accounts/me", {}, 401, "unauthenticated"), ("GET", "/local/nothing", {}, 404, "missing"),
    ("GET", "/accounts/me", {"Authorization": "Bearer a.b.c"}, 403, "gateway")])
def test_the_gateways_own_answers_are_problems(run, method, path, headers, status, code):
    answer = run.ask(method, path, headers=headers)
    assert (answer.status, answer.json["type"]) == (status, f"urn:yiciban:problem:{code}")
    assert answer.headers["content-type"] == "application/problem+json" and answer.headers["x-request-id"]


def test_a_body_beyond_ten_megabytes_is_refused_with_a_word(run):
    answer = run.ask("POST", "/applications", b"x" * (11 * 1024 * 1024), run.token("citizen"))
    assert (answer.status, answer.json["type"]) == (413, "urn:yiciban:problem:too-large")
    assert run.healthy()


def test_the_reference_is_read_without_the_network(run):
    page = run.ask("GET", "/docs")
    assert page.status == 200 and "http" not in page.raw.decode().replace("<!doctype html>", "")
    assert "POST /local/sessions" in page.raw.decode(), "a reader is told how to sign in here"
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    for path in ("/docs/reader.js", "/docs/reader.css", "/docs/start.js", "/openapi.json"):
        assert run.ask("GET", path).status == 200


def test_the_doctor_finds_nothing_stuck(run):
    command = run.command()
    command["args"] = [sys.executable, "-m", "local.doctor"]

    def well():
        return subprocess.run(**command, capture_output=True, text=True, timeout=20)
    eventually(run.healthy)
    ended = well()
    assert (ended.returncode, "STUCK" in ended.stdout) == (0, False), ended.stdout + ended.stderr
    assert "relay is level with its stream" in ended.stdout


def test_the_doctor_ends_quietly_when_nobody_reads_on(run):
    command = run.command()
    command["args"] = [sys.executable, "-m", "local.doctor"]
    with subprocess.Popen(**command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as doctor:
        doctor.stdout.readline()
        doctor.stdout.close()
        assert doctor.stderr.read() == ""
    assert doctor.returncode == 0, "so that make says nothing either"
