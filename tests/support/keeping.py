"""Long after an end: an application that was withdrawn and an order that was answered, and the nights of the job."""
import boto3

from chalicelib.domains.privacy import jobs as privacy_jobs
from chalicelib.domains.privacy import retention
from chalicelib.domains.privacy.store import months
from tests.support.kinds import cases, scene
from tests.support.scenes import hotline
from tests.support.web import CENTRE

ENDS = "2056-03-02"                        # thirty years after the withdrawal on 2026-03-02, a Thursday
BUCKET = "yiciban-test-objects"


def withdrawn(web, monkeypatch):
    """An application that was withdrawn on 2026-03-02, with files and a notice, and an order that was answered.

    Of the years in between, in which nothing is closed, only the last month is looked at: thousands of empty queries.
    """
    monkeypatch.setattr(retention, "months", lambda first, last: [
        month for month in months(first, last) if month[:4] in ("2026", last[:4])])
    made = scene(web).submitted()
    made.act(made.citizen, "withdraw")
    made.order = hotline.order(made)
    hotline.act(made, made.order, CENTRE, "answer", text=hotline.TEXT)
    web.react()
    return made


def night(here, day, hour=3):
    """Let the job run in the night of a day, until it has nothing left; return how many cases came to name nobody."""
    here.web.hands.to(day, hour)
    done = 0
    for _ in range(4):
        done += privacy_jobs.keep()
        here.web.react()
        here.web.hands.move(minutes=10)
    return done


def rows(kind):
    return [item for item in cases() if item["pk"].startswith(f"{kind}#")]


def files():
    return boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
