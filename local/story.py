"""What the parts of the demonstration share: the bureau's people, what they do, how it is printed and checked."""
import secrets
from datetime import datetime, timedelta
from typing import Any

from .client import Failed, Person, ask, until

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

    def move(self, **span: int | str) -> datetime:
        """Move the clock of the whole run forward, by a span or `to` an instant; everybody signs in again after that.
        """
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

    @staticmethod
    def key() -> str:
        """Return a fresh Idempotency-Key."""
        return secrets.token_hex(16)

    def now(self) -> datetime:
        return datetime.fromisoformat(ask("GET", f"{self.site}/local/clock").body["now"]) + timedelta(hours=8)

    def check_ledger(self, who: Person, path: str, name: str) -> None:
        """The ledger must add up: as many days counted as the limit has, the last of them the due day."""
        ledger = who.get(f"{path}/clocks/{name}")
        counted = [line for line in ledger["lines"] if line["counted"]]
        expect(counted and counted[-1]["day"] == ledger["due_on"] and counted[-1]["used"] == len(counted),
               f"the ledger of {name} adds up")
        self.say(who.word, "查看期限计算", f"{ledger['basis']}：第{len(counted)}个工作日为 {ledger['due_on']}")

    def card(self, case: str, rule: str, kind: str = "APPLICATION") -> str:
        """Wait for the card that a lapse raises, and return its id."""
        def found() -> str | None:
            cursor = ""
            while True:
                page = self.supervisor.get(f"/supervision/cards?limit=100{cursor}")
                for row in page["items"]:
                    if row["number"].startswith(f"{rule}-"):
                        card = self.supervisor.get(f"/supervision/cards/{row['id']}")["case"]
                        if card["source"] == f"{kind}#{case}" and card["state"] != "fired":   # the unit is told
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
