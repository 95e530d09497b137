"""The published calendar over HTTP, and the stand-alone verifier over every clock of a day's cases."""
import json
import re
from urllib.parse import quote

import pytest

from chalicelib.kernel.calendar import Notice
from tests.support.kinds import JOINED, readers, scene
from tests.support.town import NOTICES
from tests.support.web import CLERK, HEAD, REVIEWER
from tools.verify_deadline import main

CORRECTED = Notice.model_validate({
    "number": "国办发明电〔2026〕9号", "publisher": "国务院办公厅", "source": "测试，更正；见附件", "year": 2026,
    "known_at": "2026-03-01T00:00:00Z", "holidays": {"2026-03-06": "春节"}, "makeup_days": ["2026-02-22"]})


@pytest.fixture
def verify(web, tmp_path):
    """Say of a path of a clock, as a reader gets it, whether the verifier agrees with it."""
    def verified(who, path, **headers):
        ledger = web.ok(who, "GET", path, **headers)
        calendar = web.ok(None, "GET", f"/calendars/versions/{quote(ledger['calendar'])}")
        files = [tmp_path / "clock.json", tmp_path / "calendar.json"]
        for file, content in zip(files, (ledger, calendar), strict=True):
            file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        return main(list(map(str, files)))
    return verified


def announce(web, notice):
    from chalicelib.domains.calendars.wiring import calendars
    calendars().reference.announce(notice)
    web.hands.move(minutes=2)


def test_every_version_is_listed_and_kept(web):
    first = web.ok(None, "GET", "/calendars/versions")
    numbers = [notice.number for notice in NOTICES[-2:]]
    assert [one["number"] for one in first["items"]] == numbers and first["current"] == numbers[-1]
    before = web.ok(None, "GET", f"/calendars/versions/{quote(numbers[-1])}")
    announce(web, CORRECTED)
    assert web.ok(None, "GET", "/calendars/versions")["current"] == CORRECTED.number
    assert web.ok(None, "GET", f"/calendars/versions/{quote(numbers[-1])}") == before
    after = web.ok(None, "GET", f"/calendars/versions/{quote(CORRECTED.number)}")
    assert after["notices"][:-1] == before["notices"] and after["calendar"] == CORRECTED.number
    assert after["notices"][-1]["makeup_days"] == ["2026-02-22"] and after["assumed"][-1]["year"] == 2040


@pytest.mark.parametrize("number", ["1999", "%E5%9B%BD", "20", "2026%00"])
def test_a_version_that_is_not_there_is_missing(web, number):
    for below in ("", "/icalendar"):
        answer = web.call(None, "GET", f"/calendars/versions/{number}{below}")
        assert (answer.status_code, answer.json_body["type"]) == (404, "urn:yiciban:problem:missing")


def test_a_calendar_program_reads_the_same_days(web):
    announce(web, CORRECTED)
    path = f"/calendars/versions/{quote(CORRECTED.number)}/icalendar"
    answer = web.call(None, "GET", path)
    text = answer.body.decode()
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""] and "\n" not in "".join(lines)
    assert max(len(line.encode()) for line in lines) <= 75
    events = {event["UID"]: event for event in map(fields, text.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:])}
    days = {day for notice in (*NOTICES[-2:], CORRECTED) for day in {*notice.holidays, *notice.makeup_days}}
    assert set(events) == {f"{day}@calendar.yiciban" for day in days}
    worked, off = events["2026-02-22@calendar.yiciban"], events["2026-03-06@calendar.yiciban"]
    assert (worked["SUMMARY"], worked["SEQUENCE"], worked["DTSTAMP"]) == ("调休上班", "1", "20260301T000000Z")
    assert (off["SUMMARY"], off["SEQUENCE"]) == ("放假·春节", "0")
    assert (off["DTSTART;VALUE=DATE"], off["DTEND;VALUE=DATE"]) == ("20260306", "20260307")
    assert off["DESCRIPTION"] == "国务院办公厅 国办发明电〔2026〕9号"
    assert web.ok(None, "GET", path) == text


def fields(event):
    return dict(line.split(":", 1) for line in event.split("\r\n") if line)


def test_long_lines_are_folded_and_signs_escaped(web):
    announce(web, CORRECTED.model_copy(update={"number": "9", "publisher": "国务院办公厅" * 9 + "，a,b;c\\d\ne"}))
    text = web.ok(None, "GET", "/calendars/versions/9/icalendar")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert re.search(r"DESCRIPTION:(国务院办公厅){9}，a\\,b\\;c\\\\d\\ne 9\r\n", text.replace("\r\n ", ""))


def test_the_verifier_agrees_on_every_clock_of_a_day_s_cases(web, verify):
    here = scene(web).submitted()
    offices = readers(here)
    for joined in JOINED.values():
        joined.start(here)
    suspended = next(case for case in here.rows("APPLICATION") if state(web, case) == "received")
    for who, act in ((CLERK, {"act": "accept"}), (REVIEWER, {"act": "review"}),
                     (REVIEWER, {"act": "ask_extension", "asked_days": 3, "note": "需核查"}),
                     (HEAD, {"act": "approve_extension"}),
                     (REVIEWER, {"act": "suspend", "reason": "检验", "planned": 5, "note": "送检样品"})):
        web.ok(who, "POST", f"/applications/{suspended}/acts", act)
    ledger = web.ok(here.citizen, "GET", f"/applications/{suspended}/clocks/statutory")
    assert ledger["paused"] and ledger["due_on"] is None and ledger["pauses"][0]["planned"] == 5
    assert (ledger["extensions"][0]["count"], ledger["because"], ledger["limit"]["extra"]) == (3, "accept", 10)
    checked = every_clock(web, verify, here, offices)
    web.ok(REVIEWER, "POST", f"/applications/{suspended}/acts", {"act": "resume"})
    announce(web, CORRECTED.model_copy(update={"known_at": web.hands.at, "holidays": {web.hands.at.date(): "春节"}}))
    checked += every_clock(web, verify, here, offices)
    moved = web.ok(here.citizen, "GET", f"/applications/{suspended}/clocks/statutory")
    assert (moved["calendar"], moved["paused"]) == (CORRECTED.number, False)
    assert checked >= 40


def state(web, case):
    return web.module.KINDS["APPLICATION"]().store.get(case).state


def every_clock(web, verify, here, offices):
    """Verify each clock, running or ended, of each case, for a reader who may see it; return how many there were."""
    found = 0
    for kind, joined in JOINED.items():
        work = web.module.KINDS[kind]()
        for case in map(work.store.get, here.rows(kind)):
            who = next((who for who, mandate in offices.values()
                        if not mandate and work.view(case, who.acting("")) is not None), None)
            for name in {*case.clocks, *case.ended}:
                assert verify(who, f"{joined.path}/{case.id}/clocks/{name}") == 0, (kind, name)
                found += 1
    return found
