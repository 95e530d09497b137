"""The part of the demonstration in which applications are decided, in time and late."""
from __future__ import annotations

import secrets
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.kernel.calendar import civil_day

from .client import Person, ask, until
from .demo_supervision import an_appeal, an_order
from .story import PDF

if TYPE_CHECKING:
    from .story import Story


def a_day_of_review(story: Story, item: dict[str, Any]) -> tuple[Person, str]:
    """From the draft to the archive, with a correction, a suspension, an extension, and a promise broken.

    Return the applicant, and the number of the case.
    """
    citizen, stranger = story.citizen(), story.citizen()
    case, files = story.draft(citizen, item)
    path = f"/applications/{case}"
    submitted = story.act(citizen, case, "submit")
    story.expect(stranger.send("GET", path).status == 404, "a stranger finds nothing")
    key = story.key()
    first = story.clerk.send("POST", f"{path}/acts", {"act": "receive"}, key=key)
    again = story.clerk.send("POST", f"{path}/acts", {"act": "receive"}, key=key)
    story.expect(again.headers.get("idempotent-replayed") == "true" and first.body["version"] == again.body["version"],
                 "a repeated request is answered and not done again")
    story.refused(story.clerk, f"{path}/acts", {"act": "accept"}, 422, "key-reused", key=key)
    story.refused(story.clerk, f"{path}/acts", {"act": "accept"}, 412, "outdated", **{"If-Match": '"1"'})
    one = next(iter(files))
    story.act(story.clerk, case, "ask_correction", lacks=[{"material": one, "reason": "缺少签名"}])
    files[one] = citizen.upload(item["area"], "补正.pdf", PDF + secrets.token_bytes(8))
    story.act(citizen, case, "supply", form={"经营场所": "示范路1号"}, materials=files)
    second = {"act": "ask_correction", "lacks": [{"reason": "又缺"}]}
    story.refused(story.clerk, f"{path}/acts", second, 409, "refused")
    story.act(story.clerk, case, "accept")
    story.check_ledger(citizen, path, "statutory")
    story.act(story.reviewer, case, "review")
    story.act(story.reviewer, case, "suspend", reason="检验", planned=5, note="送检样品")
    story.move(days=7)
    resumed = story.act(story.reviewer, case, "resume")
    promised = next(clock for clock in resumed["clocks"] if clock["name"] == "promised")
    story.move(days=(date.fromisoformat(promised["due_on"]) - civil_day(story.now())).days + 4)
    yellow = story.card(case, "Y1")
    story.act(story.reviewer, case, "ask_extension", asked_days=5, note="需实地核查")
    story.act(story.head, case, "approve_extension")
    story.act(story.reviewer, case, "grant")
    story.act(story.head, case, "close")
    story.act(story.clerk, case, "issue")
    story.act(story.clerk, case, "deliver", delivery="窗口自取")
    story.act(story.clerk, case, "archive")
    story.settle(yellow)
    papers(story, citizen, submitted)
    return citizen, submitted["case"]["number"]


def a_silent_window(story: Story, item: dict[str, Any]) -> None:
    """Nobody answers: after five working days the application is accepted by law, back to the day of receipt."""
    citizen = story.citizen()
    case, _ = story.draft(citizen, item)
    submitted = story.act(citizen, case, "submit")
    notice = next(clock for clock in submitted["clocks"] if clock["name"] == "notice")
    story.move(days=(date.fromisoformat(notice["due_on"]) - civil_day(story.now())).days + 3)
    file = until("deemed acceptance", lambda: (found := citizen.get(f"/applications/{case}"))["case"]["accept_mode"]
                 == "deemed" and found)
    story.expect(file["case"]["accepted_at"] == file["case"]["received_at"], "acceptance counts from the receipt")
    story.show("系统", "逾期不告知，视为受理（XKF32）", file)
    an_appeal(story, story.card(case, "Y3"))
    due = next(clock for clock in file["clocks"] if clock["name"] == "statutory")["due_on"]
    story.move(days=(date.fromisoformat(due) - civil_day(story.now())).days + 4)
    card = story.card(case, "R1")
    an_order(story, case, story.reviewer)
    story.settle(card)


def papers(story: Story, citizen: Person, submitted: dict[str, Any]) -> None:
    """Every notice is there, can be read as a page and checked by anyone; the case can be followed by number."""
    case = submitted["case"]
    wanted = {"收件凭证", "一次性告知书（补正通知书）", "受理通知书", "特别程序告知书", "延期通知书",
              "准予许可决定书"}
    rows = until("the notices", lambda: (found := citizen.get("/notices?limit=100")["items"])
                 and wanted <= {row["title"] for row in found} and found)
    for row in rows:
        shown = citizen.get(f"/notices/{row['id']}")["case"]
        story.expect("核验码" in citizen.get(f"/notices/{row['id']}/page"), "a notice is a page")
        checked = citizen.send("GET", f"/notices/verify?number={quote(shown['number'])}&code={shown['check_code']}")
        story.expect(checked.body["stands"], "a notice can be checked")
    story.say(citizen.word, "收到文书", "、".join(sorted(row["title"] for row in rows)))
    track = ask("GET", f"{story.site}/applications/track?number={case['number']}&code={case['query_code']}").body
    story.expect(track["state"] == "archived", "the case is followed to its end by number and code")
    messages = citizen.get("/messages?limit=100")["items"]
    story.expect(len(messages) >= 5, "the applicant was told of every step")
    story.say("路人", "凭编号和查询码跟踪", f"{case['number']} {track['state_label']}；消息 {len(messages)} 条")
