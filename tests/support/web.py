"""The app as its callers meet it: Chalice's test client over moto, a clock that a test moves, tokens of any office.

Answers are recorded as examples of the API reference when RECORD_EXAMPLES is set (`make examples`).
"""
import hashlib
import json
import os
import re
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import boto3
from chalice.test import Client

from chalicelib.kernel import now
from chalicelib.kernel.identity import NATION, Bearer, Level, Office
from chalicelib.kernel.openapi import operation_id
from chalicelib.kernel.tokens import issue
from tests.support.tables import create_tables, forget_clients, furnished, stored
from tests.support.town import AREA, HALL, HEALTH, HOTLINE, MARKET, MONDAY, SEEDS, Hands

EXAMPLES = Path(__file__).parents[2] / "chalicelib" / "examples.json"
SECRETS = {"token": "（令牌）", "Authorization": "（令牌）"}
serial = count()


def bearer(person, *offices, level=Level.REAL_NAME, session=""):
    """Somebody who signed in: `citizen`, or offices as (role, unit)."""
    held = tuple(Office(role=role, unit=unit, area=unit[:12]) for role, unit in offices) or (Office(role="citizen"),)
    return Bearer(person=person, offices=held, level=level, session=session)


CLERK = bearer("clerk-one", ("clerk", HALL))
REVIEWER = bearer("reviewer-one", ("reviewer", MARKET))
HEAD = bearer("head-one", ("head", MARKET))
SUPERVISOR = bearer("supervisor-one", ("supervisor", f"{AREA}.supervision"))
SUPERVISOR2 = bearer("supervisor-two", ("supervisor", f"{AREA}.supervision"))
ADMIN = bearer("admin-one", ("admin", f"{AREA}.bureau"))
AUDITOR = bearer("auditor-one", ("auditor", f"{AREA}.bureau"))
SECURITY = bearer("security-one", ("security", f"{AREA}.bureau"))
REGISTRAR = bearer("registrar-one", ("registrar", f"{AREA}.bureau"))
OPERATOR = bearer("operator-one", ("admin", f"{NATION}.bureau"))
CENTRE = bearer("centre-one", ("centre", HOTLINE))
RECTIFIER = bearer("rectifier-one", ("rectifier", MARKET))
PUBLISHER = bearer("publisher-one", ("publisher", f"{AREA}.openness"))
LEADER = bearer("leader-one", ("leader", f"{AREA}.openness"))
KEEPER = bearer("keeper-one", ("keeper", f"{AREA}.bureau"))
KEEPER2 = bearer("keeper-two", ("keeper", f"{AREA}.bureau"))
CALENDAR = bearer("calendar-one", ("calendar_keeper", f"{NATION}.calendar"))
CALENDAR2 = bearer("calendar-two", ("calendar_keeper", f"{NATION}.calendar"))


class Web:
    """`call(who, method, path, body)` answers as the gateway would; `react()` plays the stream up to now."""

    def __init__(self, client, app, hands):
        self.client, self.module, self.hands, self.seen = client, app, hands, set()

    def call(self, who, method, path, body=None, raw=None, key=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent.setdefault("Authorization", f"Bearer {issue(who, self.hands.at)}")
        if method == "POST":
            sent.setdefault("Idempotency-Key", key or f"test-key-{next(serial):08d}")
            sent.setdefault("Content-Type", "application/json")
        content = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        answer = self.client.http.request(method, path, headers=sent, body=content)
        if os.environ.get("RECORD_EXAMPLES") and 200 <= answer.status_code < 300:
            self.record(method, path, body, answer)
        return answer

    def ok(self, who, method, path, body=None, **more):
        """Call, insist on success, and return the body."""
        answer = self.call(who, method, path, body, **more)
        assert answer.status_code < 300, (method, path, answer.body.decode())
        is_json = answer.headers["Content-Type"].startswith("application/json")
        return answer.json_body if is_json else answer.body.decode()

    def react(self):
        """Offer every stored event not offered before to the reactions, in order, as the stream would."""
        fresh = [item() for pk, sk, item in stored("cases") if sk.startswith("EVENT#") and (pk, sk) not in self.seen]
        for item in sorted(fresh, key=lambda item: (item["at"], item["sk"])):
            self.seen.add((item["pk"], item["sk"]))
            self.module.RELAY.offer(item)
        if fresh:
            self.react()

    def record(self, method, path, body, answer):
        """Keep the first answer of each operation as its example."""
        examples = json.loads(EXAMPLES.read_text("utf-8"))
        for prefix, api in self.module.APIS.items():
            for operation in api.operations:
                pattern = re.sub(r"{\w+}", "[^/]+", prefix + operation.path)
                if operation.method == method and re.fullmatch(pattern, path.partition("?")[0]):
                    name = operation_id(prefix, operation)
                    if name not in examples and operation.result:
                        examples[name] = {"response": scrubbed(answer.json_body)} | (
                            {"request": body} if body is not None else {})
                        EXAMPLES.write_text(json.dumps(examples, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
                                            "utf-8")
                    return


def scrubbed(value):
    """Return the value with what is secret or long cut out."""
    if isinstance(value, dict):
        return {name: SECRETS.get(name, scrubbed(one)) for name, one in value.items()}
    if isinstance(value, list):
        return [scrubbed(one) for one in value[:2]]
    return value


def furnish():
    """Fill the tables as a bureau that opens has them."""
    from chalicelib.domains.accounts.wiring import accounts
    from chalicelib.domains.applications.store import LIMITS
    from chalicelib.domains.applications.wiring import applications
    from chalicelib.domains.catalogue.wiring import catalogue
    from chalicelib.domains.disclosure import store as documents
    from chalicelib.domains.figures.service import LIMITS as FIGURES_LIMITS
    from chalicelib.domains.privacy import store as privacy
    from tests.support.town import (
        NOTICES,
        ROWS,
        publish_complaints,
        publish_hotline,
        publish_ratings,
        publish_supervision,
    )
    create_tables("test")
    reference = applications().reference
    publish_ratings(reference)
    publish_supervision(reference)
    for notice in NOTICES[-2:]:
        reference.announce(notice)
    reference.publish(LIMITS, NATION, "1", ROWS, MONDAY.date().replace(year=2004))
    publish_hotline(reference)
    publish_complaints(reference)
    for name in (documents.LIMITS, documents.COLUMNS, documents.NUMBERS, privacy.CLASSES, privacy.LIMITS,
                 FIGURES_LIMITS):
        rows = json.loads((SEEDS / f"{name.lower()}.json").read_text("utf-8"))
        reference.publish(name, NATION, "1", rows, MONDAY.date().replace(year=2004))
    items = [one for one in json.loads((SEEDS / "items.json").read_text("utf-8")) if one["department"] == MARKET][:2]
    catalogue().publish_seed(AREA, items)
    for unit, name in ((HALL, "示范区政务服务中心综合窗口"), (MARKET, "示范区市场监督管理局"),
                       (HEALTH, "示范区卫生健康局"), (HOTLINE, "示范区12345热线中心"),
                       (f"{AREA}.supervision", "示范区政务服务效能监督室")):
        accounts().store.found_unit(AREA, unit, name)


@contextmanager
def web_of(monkeypatch):
    """A bureau with calendar, limits, units and items, on fresh tables."""
    hands = Hands(MONDAY)
    monkeypatch.setattr(now, "now", hands)
    forget_clients()
    for bucket in ("yiciban-test-objects", "yiciban-test-site"):
        boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    import app
    from chalicelib.domains.accounts.wiring import accounts
    from chalicelib.domains.applications.wiring import applications
    from chalicelib.domains.calendars.wiring import calendars, proposals
    from chalicelib.domains.catalogue.wiring import catalogue
    from chalicelib.domains.complaints.wiring import complaints
    from chalicelib.domains.disclosure.wiring import disclosure, publishing
    from chalicelib.domains.figures.wiring import figures
    from chalicelib.domains.hotline.wiring import hotline, telephones
    from chalicelib.domains.knowledge.wiring import knowledge
    from chalicelib.domains.maintenance.wiring import maintenance
    from chalicelib.domains.materials.wiring import materials
    from chalicelib.domains.messages.wiring import messages
    from chalicelib.domains.notices.wiring import notices
    from chalicelib.domains.privacy.wiring import requests
    from chalicelib.domains.ratings.wiring import corrections, exchange, places, ratings, signals
    from chalicelib.domains.supervision.wiring import bulletins, dispatches, firing, orders, supervision
    from chalicelib.domains.threads.wiring import threads
    services = (accounts, applications, calendars, proposals, catalogue, disclosure, publishing, hotline,
                materials, messages, notices, ratings, places, signals, exchange, corrections, supervision, firing,
                dispatches, orders, bulletins, maintenance, requests, knowledge, telephones, threads, figures,
                complaints)

    def anew():
        for made in services:
            made.cache_clear()
    anew()
    furnished(furnish)
    anew()                                 # what was read while they were filled is not remembered
    with Client(app.app, stage_name="test") as client:
        yield Web(client, app, hands)


def announced(web, who, name="材料.pdf", content=b"%PDF-1.4 test", **more):
    """Announce a file and put it where the form points; return the material's id."""
    body = {"area": AREA, "name": name, "content_type": "application/pdf", "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(), **more}
    reserved = web.ok(who, "POST", "/materials", body)
    boto3.client("s3").put_object(Bucket="yiciban-test-objects", Key=reserved["upload"]["fields"]["key"], Body=content,
                                  ContentType="application/pdf", ChecksumAlgorithm="SHA256")
    return reserved["material"]


def uploaded(web, who, *given, **more):
    """Announce a file, put it where the form points, confirm it; return the material's id."""
    material = announced(web, who, *given, **more)
    web.ok(who, "POST", f"/materials/{material}/acts", {"act": "confirm"})
    return material
