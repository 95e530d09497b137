"""The part of the demonstration in which a person asks about their own data, and the bureau closes for maintenance."""
from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .client import Person, ask, until

if TYPE_CHECKING:
    from .story import Story

AREA, NATION, PATH = "430199000000", "0" * 12, "/privacy/requests"


def one_s_own_data(story: Story, item: dict[str, Any]) -> None:
    """Somebody sees what is held on them and who read it, has their number corrected, and is told what a law keeps."""
    office = Person(story.site, "账户登记员", "registrar", f"{AREA}.bureau")
    auditor = Person(story.site, "审计管理员", "auditor", f"{AREA}.bureau")
    story.people += [office, auditor]
    citizen = story.citizen()
    story.draft(citizen, item)
    classes = {one["code"]: one for one in ask("GET", f"{story.site}/privacy/classes?area={AREA}").body["items"]}
    story.expect(classes["applications"]["keep"], "the classes of data say how long each is kept")
    held = {one["kind"]: one["cases"] for one in citizen.get("/privacy/mine")["held"]}
    story.expect(held["APPLICATION"] == 1 and held["MATERIAL"], "what is held is told by kind")
    story.say(citizen.word, "查看本人信息", str(held))
    whole = citizen.get("/privacy/mine/export?kind=APPLICATION")["items"][0]["file"]
    story.expect(whole["timeline"][-1]["act"] == "open", "an export holds the case with its whole timeline")
    asked = {"area": AREA, "sort": "correct", "phone": "13600000000", "reason": "已换号"}
    case = citizen.post(PATH, asked)["case"]["id"]
    office.post(f"{PATH}/{case}/reveal", {"reason": "核对新号码"})
    office.post(f"{PATH}/{case}/acts", {"act": "grant"})
    until("the correction", lambda: citizen.get(f"{PATH}/{case}")["case"]["carried_at"])
    story.expect(citizen.get("/accounts/me")["phone"] == "136****0000", "the number is the new one")
    story.say(office.word, "更正个人信息", "136****0000")
    read, = citizen.get("/accounts/me/reads")["items"]
    story.expect("by" not in read and read["office"] == f"registrar@{AREA}.bureau", "the person sees which office read")
    line, = auditor.get(f"/accounts/persons/{citizen.person}/reads")["items"]
    story.expect(line["by"] and line["case"] == f"SUBJECT#{case}", "the auditor sees who read, and for which case")
    story.refused(office, "/privacy/holds", {"case": f"SUBJECT#{case}", "reason": "测试"}, 403, "forbidden")
    gone = citizen.post(PATH, {"area": AREA, "sort": "delete", "reason": "不再使用"})["case"]["id"]
    story.refused(office, f"{PATH}/{gone}/acts", {"act": "grant"}, 409, "refused")
    file = office.post(f"{PATH}/{gone}/acts", {"act": "refuse", "note": "办件依法归档", "kept": ["applications"]})
    story.say(office.word, "不予删除", f"{file['case']['kept']}")
    both = [{"role": role, "unit": f"{AREA}.bureau", "area": AREA} for role in ("admin", "auditor")]
    refused = ask("POST", f"{story.site}/local/sessions", {"offices": both})
    story.expect(refused.status == 422, "nobody is administrator and auditor")
    story.say("系统", "三员分立", refused.body["errors"][0]["detail"])


def a_short_closure(story: Story, item: dict[str, Any]) -> None:
    """Maintenance is announced: nothing new is begun, reads go on, and at its instant all is open again."""
    operator = Person(story.site, "运维", "admin", f"{NATION}.bureau")
    story.people.append(operator)
    citizen = story.citizen()
    ends = story.now() - timedelta(hours=8) + timedelta(minutes=30)
    operator.post("/maintenance", {"until": f"{ends:%Y-%m-%dT%H:%M:%S}Z", "text": "系统升级"})
    story.say(operator.word, "发布停机公告", f"至 {ends:%H:%M:%S}Z")
    body = {"area": item["area"], "item": item["code"]}
    story.move(minutes=2)                  # by then every process knows
    story.refused(citizen, "/applications", body, 503, "maintenance")
    citizen.get("/accounts/me")
    story.expect(ask("GET", f"{story.site}/maintenance").body["holds"], "everybody can read the notice")
    story.move(minutes=31)
    citizen.post("/applications", body)
    story.say(citizen.word, "恢复办理", "停机到时自动结束")
