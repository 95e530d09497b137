"""Documents to be published, in the harnesses."""
from chalicelib.domains.disclosure import jobs as disclosure_jobs
from chalicelib.domains.disclosure.models import Shown
from tests.support.joining import MARKET_DESK, WATCH, Joined, Right, noted, plain
from tests.support.town import AREA
from tests.support.web import HEAD, LEADER, PUBLISHER, REVIEWER, bearer

PATH = "/disclosure/documents"
OWN, QUEUE, CLOSED = f"{PATH}/own", f"{PATH}/queue", f"{PATH}/closed?month=2026-03"
BODY = {"title": "办事大厅服务指南", "column": "guides", "formed_on": "2026-03-02",
        "topic": "政务服务", "text": "一、办理时间\n工作日上午九时至下午五时。\n二、联系方式\n电话：0731-88123456。"}
PUBLISHERS, LEADERS = {"publisher here", "publisher-one"}, {"leader here", "leader-one"}
READERS = MARKET_DESK | PUBLISHERS | LEADERS | WATCH
PASSED = ((REVIEWER, {"act": "submit"}), (HEAD, {"act": "approve"}), (PUBLISHER, {"act": "approve"}))
OUT = (*PASSED, (LEADER, {"act": "schedule"}))


def do(web, case, *acts):
    """Do acts on a document; return its id."""
    for who, body in acts:
        web.ok(who, "POST", f"{PATH}/{case}/acts", body)
    return case


def drafted(web, who=REVIEWER, **changes):
    return web.ok(who, "POST", PATH, BODY | changes)["case"]["id"]


def start(here):
    """A draft, one that waits for its hour, and one at each point of the publishing job's way."""
    web, disclosure = here.web, disclosure_jobs.publishing()
    draft, hour = drafted(web), web.hands.at.replace(year=2026, month=6)
    waiting = do(web, drafted(web), *PASSED, (LEADER, {"act": "schedule", "hour": hour.isoformat()}))
    published, withdrawn, withdrawing = (do(web, drafted(web), *OUT) for _ in range(3))
    disclosure.run()
    down = (PUBLISHER, {"act": "ask_withdrawal", "note": "内容有误"}), (LEADER, {"act": "approve_withdrawal"})
    do(web, withdrawn, *down)
    disclosure.run()
    do(web, withdrawing, *down)
    begun = do(web, drafted(web), *OUT)
    lease = disclosure.work.turns.take(AREA, "held up", web.hands.at)
    disclosure._act(lease, disclosure.work.store.get(begun), "begin", begun, {"serial": 99})
    return [draft, waiting, published, withdrawn, withdrawing, begun]


def rights(here):
    draft, waiting, published, *_ = start(here)
    second = do(here.web, drafted(here.web), *PASSED[:2])
    final = do(here.web, drafted(here.web), *PASSED)
    views, text = {Shown: READERS}, frozenset(READERS)

    def right(clock, **listed):
        return Right(views, "/text", text, clock, {OWN: MARKET_DESK, **listed})
    return {"draft": (draft, right("publish", **{PATH: MARKET_DESK})),
            "in the second review": (second, right("review", **{PATH: PUBLISHERS})),
            "in the final review": (final, right("publish", **{PATH: LEADERS})),
            "waiting for its hour": (waiting, right("publish", **{QUEUE: PUBLISHERS | LEADERS})),
            "published": (published, right("publish", **{CLOSED: PUBLISHERS | LEADERS}))}


def in_area(town):
    """A document of the area's market, and one that is out."""
    reviewer = town.staff["reviewer"]
    drafted(town.web, reviewer)
    staff = {REVIEWER: reviewer, HEAD: town.staff["head"], PUBLISHER: town.staff["publisher"],
             LEADER: town.staff["leader"]}
    case = drafted(town.web, bearer(f"second-of-{town.area}", ("clerk", f"{town.area}.market")), title=town.area)
    do(town.web, case, *((staff[who], body) for who, body in OUT))
    disclosure_jobs.publish()


def handler(here, case):
    return {"handler": {"draft": REVIEWER, "first": HEAD, "second": PUBLISHER}.get(case.state, LEADER).person}


BODIES = {
    "revise": lambda here, case: {name: value for name, value in BODY.items() if name != "formed_on"},
    "approve": lambda here, case: {"confirm": True, "note": "已核对"},
    "schedule": plain,
    **dict.fromkeys(("send_back", "recall", "ask_withdrawal", "deny_withdrawal", "annul"), noted),
    **dict.fromkeys(("submit", "claim", "discard", "approve_withdrawal", "retry"), plain),
    **dict.fromkeys(("assign", "hand_over"), handler),
}
JOINED = [Joined("DOCUMENT", PATH, start, BODIES, rights, {"act": "claim"}, ("/text",), (PATH, OWN, QUEUE, CLOSED),
                 in_area)]
