"""`make demo`: a bureau's days, played through HTTP alone. Prints each step, checks each expectation, fails loudly.

It may be played again and again on the same data: persons and files are made anew, the clock only moves forward.
"""
import argparse
import os
import secrets
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from . import demo_disclosure
from .client import Failed, Person, ask, until
from .demo_data import real_items

AREA = "430199000000"
HALL, MARKET = f"{AREA}.hall", f"{AREA}.market"
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
PDF = b"%PDF-1.4\n% a page of the demonstration\n"


def expect(true: object, what: str) -> None:
    """Raise Failed with `what` was expected unless it is so."""
    if not true:
        raise Failed(f"expected: {what}")


def a_number() -> str:
    """Return a resident ID number of nobody: region 430199 is not assigned, the check digit is right."""
    body = f"430199{secrets.choice(range(1950, 2005))}0101{secrets.randbelow(1000):03d}"
    return body + CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]


class Story:
    """The bureau's people, and what they do to one application after another."""

    def __init__(self, site: str):
        self.site, self.steps = site, 0
        self.clerk = Person(site, "窗口甲", "clerk", HALL)
        self.reviewer = Person(site, "审查甲", "reviewer", MARKET)
        self.head = Person(site, "负责人", "head", MARKET)
        self.supervisor = Person(site, "效能监督", "supervisor", f"{AREA}.supervision")
        self.people = [self.clerk, self.reviewer, self.head, self.supervisor]

    expect = staticmethod(expect)

    def say(self, who: str, act: str, more: str = "") -> None:
        self.steps += 1
        print(f"{self.steps:3d}  {who:<6} {act} {more}".rstrip(), flush=True)

    def show(self, who: str, label: str, file: dict[str, Any]) -> None:
        """Print an act with the deadlines that now run."""
        clocks = "；".join(f"{clock['name']}→{clock['due_on'] or '暂停'}{'（暂定）' if clock['provisional'] else ''}"
                          for clock in file["clocks"])
        self.say(who, label, f"[{file['state_label']}] {clocks}")

    def act(self, who: Person, case: str, act: str, **fields: Any) -> dict[str, Any]:
        """Do one act; it must be among those that the bureau offers this person."""
        before = who.get(f"/applications/{case}")
        offered = {one["act"]: one for one in before["acts"]}
        expect(act in offered, f"{act} is offered to {who.word} ({before['state_label']}: {sorted(offered)})")
        file: dict[str, Any] = who.post(f"/applications/{case}/acts", {"act": act, **fields})
        self.show(who.word, f"{offered[act]['label']}（{offered[act]['basis']}）", file)
        return file

    def refused(self, who: Person, path: str, content: Any, status: int, code: str, **headers: str) -> None:
        answer = who.send("POST", path, content, **headers)
        given = answer.body.get("type", "").rpartition(":")[2]
        expect((answer.status, given) == (status, code), f"{status} {code}, was {answer.status} {answer.body}")
        self.say(who.word, "被拒绝", f"{status} {code}：{answer.body['detail']}")

    def move(self, **span: int) -> datetime:
        """Move the clock of the whole run forward; tokens run out meanwhile, so that everybody signs in again."""
        moved = ask("POST", f"{self.site}/local/clock", span)
        expect(moved.status == 200, f"the clock moves, was {moved.body}")
        now = datetime.fromisoformat(moved.body["now"])
        for person in self.people:
            person.token = ""
        self.say("时钟", "拨到", f"{now.astimezone().isoformat()}")
        return now

    def citizen(self) -> Person:
        """A clerk enters somebody at a window; they sign in as that person."""
        entered = self.clerk.post("/accounts/persons", {"kind": "natural", "name": "演示申请人", "number": a_number(),
                                                        "phone": "13800000000"})
        self.say("窗口甲", "登记申请人", f"{entered['party']} {entered['number']}")
        person = Person(self.site, "申请人", "citizen", person=entered["id"])
        self.people.append(person)
        return person

    def draft(self, citizen: Person, item: dict[str, Any]) -> tuple[str, dict[str, str]]:
        """Draft an application for an item with all the necessary files; return its id and the files."""
        draft = citizen.post("/applications", {"area": item["area"], "item": item["code"]})
        files = {one["id"]: citizen.upload(item["area"], f"{one['name'][:40]}.pdf", PDF + secrets.token_bytes(8))
                 for one in item["materials"] if one["necessity"] == "1"}
        citizen.post(f"/applications/{draft['case']['id']}/acts",
                     {"act": "revise", "form": {"经营场所": "示范路1号"}, "materials": files})
        self.say(citizen.word, "填写并上传", f"《{item['name']}》 {len(files)} 份材料")
        return draft["case"]["id"], files

    def a_day_of_review(self, item: dict[str, Any]) -> str:
        """From the draft to the archive, with a correction, a suspension, an extension, and a promise broken.

        Return the application's number.
        """
        citizen, stranger = self.citizen(), self.citizen()
        case, files = self.draft(citizen, item)
        path = f"/applications/{case}"
        submitted = self.act(citizen, case, "submit")
        expect(stranger.send("GET", path).status == 404, "a stranger finds nothing")
        key = secrets.token_hex(16)
        first = self.clerk.send("POST", f"{path}/acts", {"act": "receive"}, key=key)
        again = self.clerk.send("POST", f"{path}/acts", {"act": "receive"}, key=key)
        expect(again.headers.get("idempotent-replayed") == "true" and first.body["version"] == again.body["version"],
               "a repeated request is answered and not done again")
        self.refused(self.clerk, f"{path}/acts", {"act": "accept"}, 422, "key-reused", key=key)
        self.refused(self.clerk, f"{path}/acts", {"act": "accept"}, 412, "outdated", **{"If-Match": '"1"'})
        one = next(iter(files))
        self.act(self.clerk, case, "ask_correction", lacks=[{"material": one, "reason": "缺少签名"}])
        files[one] = citizen.upload(item["area"], "补正.pdf", PDF + secrets.token_bytes(8))
        self.act(citizen, case, "supply", form={"经营场所": "示范路1号"}, materials=files)
        second = {"act": "ask_correction", "lacks": [{"reason": "又缺"}]}
        self.refused(self.clerk, f"{path}/acts", second, 409, "refused")
        self.act(self.clerk, case, "accept")
        self.check_ledger(citizen, path, "statutory")
        self.act(self.reviewer, case, "review")
        self.act(self.reviewer, case, "suspend", reason="检验", planned=5, note="送检样品")
        self.move(days=7)
        resumed = self.act(self.reviewer, case, "resume")
        promised = next(clock for clock in resumed["clocks"] if clock["name"] == "promised")
        self.move(days=(date.fromisoformat(promised["due_on"]) - self.now().date()).days + 4)
        yellow = self.card(case, "Y1")
        self.act(self.reviewer, case, "ask_extension", asked_days=5, note="需实地核查")
        self.act(self.head, case, "approve_extension")
        self.act(self.reviewer, case, "grant")
        self.act(self.head, case, "close")
        self.act(self.clerk, case, "issue")
        self.act(self.clerk, case, "deliver", delivery="窗口自取")
        self.act(self.clerk, case, "archive")
        self.settle(yellow)
        self.papers(citizen, submitted)
        return str(submitted["case"]["number"])

    def a_silent_window(self, item: dict[str, Any]) -> None:
        """Nobody answers: after five working days the application is accepted by law, back to the day of receipt."""
        citizen = self.citizen()
        case, _ = self.draft(citizen, item)
        submitted = self.act(citizen, case, "submit")
        notice = next(clock for clock in submitted["clocks"] if clock["name"] == "notice")
        self.move(days=(date.fromisoformat(notice["due_on"]) - self.now().date()).days + 3)
        file = until("deemed acceptance", lambda: (found := citizen.get(f"/applications/{case}"))["case"]["accept_mode"]
                     == "deemed" and found)
        expect(file["case"]["accepted_at"] == file["case"]["received_at"], "acceptance counts from the receipt")
        self.show("系统", "逾期不告知，视为受理（XKF32）", file)
        self.card(case, "Y3")
        due = next(clock for clock in file["clocks"] if clock["name"] == "statutory")["due_on"]
        self.move(days=(date.fromisoformat(due) - self.now().date()).days + 4)
        self.settle(self.card(case, "R1"))

    def now(self) -> datetime:
        return datetime.fromisoformat(ask("GET", f"{self.site}/local/clock").body["now"]) + timedelta(hours=8)

    def check_ledger(self, who: Person, path: str, name: str) -> None:
        """The ledger must add up: as many days counted as the limit has, the last of them the due day."""
        ledger = who.get(f"{path}/clocks/{name}")
        counted = [line for line in ledger["lines"] if line["counted"]]
        expect(counted and counted[-1]["day"] == ledger["due_on"] and counted[-1]["used"] == len(counted),
               f"the ledger of {name} adds up")
        self.say(who.word, "查看期限计算", f"{ledger['basis']}：第{len(counted)}个工作日为 {ledger['due_on']}")

    def card(self, case: str, rule: str) -> str:
        """Wait for the card that a lapse raises, and return its id."""
        def found() -> str | None:
            cursor = ""
            while True:
                page = self.supervisor.get(f"/supervision/cards?limit=100{cursor}")
                for row in page["items"]:
                    if row["number"].startswith(f"{rule}-"):
                        card = self.supervisor.get(f"/supervision/cards/{row['id']}")["case"]
                        if card["source"] == f"APPLICATION#{case}":
                            return str(row["id"])
                if not page["cursor"]:
                    return None
                cursor = f"&cursor={page['cursor']}"
        card = until(f"card {rule}", found)
        self.say("系统", "亮牌", rule)
        return str(card)

    def settle(self, card: str) -> None:
        """The unit explains and corrects, the supervisor verifies."""
        path = f"/supervision/cards/{card}/acts"
        carded = self.supervisor.get(f"/supervision/cards/{card}")["case"]["person"]
        unit = self.reviewer if carded == MARKET else self.clerk
        for who, act, note in ((unit, "explain", "承办人员请假未及时移交"), (unit, "correct", "已办结并完善移交制度"),
                               (self.supervisor, "verify", "核实无误")):
            file = who.post(path, {"act": act, "note": note})
            self.say(who.word, "红黄牌", file["state_label"])

    def papers(self, citizen: Person, submitted: dict[str, Any]) -> None:
        """Every notice is there, can be read as a page and checked by anyone; the case can be followed by number."""
        case = submitted["case"]
        wanted = {"收件凭证", "一次性告知书（补正通知书）", "受理通知书", "特别程序告知书", "延期通知书",
                  "准予许可决定书"}
        rows = until("the notices", lambda: (found := citizen.get("/notices?limit=100")["items"])
                     and wanted <= {row["title"] for row in found} and found)
        for row in rows:
            shown = citizen.get(f"/notices/{row['id']}")["case"]
            expect("核验码" in citizen.get(f"/notices/{row['id']}/page"), "a notice is a page")
            checked = citizen.send("GET", f"/notices/verify?number={quote(shown['number'])}&code={shown['check_code']}")
            expect(checked.body["stands"], "a notice can be checked")
        self.say(citizen.word, "收到文书", "、".join(sorted(row["title"] for row in rows)))
        track = ask("GET", f"{self.site}/applications/track?number={case['number']}&code={case['query_code']}").body
        expect(track["state"] == "archived", "the case is followed to its end by number and code")
        messages = citizen.get("/messages?limit=100")["items"]
        expect(len(messages) >= 5, "the applicant was told of every step")
        self.say("路人", "凭编号和查询码跟踪", f"{case['number']} {track['state_label']}；消息 {len(messages)} 条")


def main() -> int:
    given = argparse.ArgumentParser(prog="make demo")
    given.add_argument("--data", type=Path, help="a folder with catalogue-*.csv to import as well")
    asked = given.parse_args()
    site = os.environ.get("SITE", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    try:
        expect(ask("GET", f"{site}/health").status == 200, "a run that is healthy (start it with `make run`)")
        story = Story(site)
        found = ask("GET", f"{site}/catalogue/items?area={AREA}&q=spjyxk").body["items"]
        expect(found, "the item is found by its initials")
        item = ask("GET", f"{site}/catalogue/items/{found[0]['code']}?area={AREA}").body["item"]
        number = story.a_day_of_review(item)
        story.a_silent_window(item)
        if asked.data:
            real_items(story, asked.data)
        demo_disclosure.play(story, number, asked.data)
    except Failed as failed:
        print(f"demo: {failed}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"demo: no bureau at {site} ({error}); start it with `make run`", file=sys.stderr)
        return 1
    print(f"demo: {story.steps} steps, every expectation met")
    return 0


if __name__ == "__main__":
    sys.exit(main())
