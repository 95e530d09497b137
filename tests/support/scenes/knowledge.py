"""Articles of the knowledge base in the harnesses."""
from chalicelib.domains.knowledge.models import Shown
from tests.support.joining import CENTRES, HALL_DESK, HEALTH_DESK, MARKET_DESK, Joined, Right, noted, plain
from tests.support.web import HEAD, REVIEWER, bearer

LIST = "/knowledge/articles"
WORDING = {"title": "夜间施工怎样投诉", "keywords": ["噪音"], "text": "夜间二十二时至次日六时不得施工，拨打12345"}
HOTLINE_STAFF = {"clerk hotline", "reviewer hotline"}


def drafted(here, who=REVIEWER):
    return here.web.ok(who, "POST", LIST, WORDING)["case"]["id"]


def act(here, case, who, act, **fields):
    return here.web.ok(who, "POST", f"{LIST}/{case}/acts", {"act": act, **fields})


def start(here):
    """A draft of the market's reviewer."""
    return [drafted(here)]


def rights(here):
    draft, published = drafted(here), drafted(here)
    act(here, published, HEAD, "approve", wording=1)
    ours = MARKET_DESK | CENTRES | HOTLINE_STAFF
    return {"article drafted": (draft, Right({Shown: ours}, listed={LIST: MARKET_DESK})),
            "article published": (published, Right({Shown: ours | HALL_DESK | HEALTH_DESK}, "/text",
                                                   frozenset(ours | HALL_DESK | HEALTH_DESK), "review",
                                                   {LIST: MARKET_DESK}))}


def in_area(town):
    """A draft of a unit of the town."""
    unit = f"{town.area}.market"
    town.web.ok(bearer(f"reviewer-{unit}", ("reviewer", unit)), "POST", LIST, WORDING)


BODIES = {"revise": lambda here, case: WORDING, "approve": lambda here, case: {"wording": case.text}, "renew": plain,
          **dict.fromkeys(("send_back", "withdraw"), noted)}
JOINED = [Joined("ARTICLE", LIST, start, BODIES, rights, {"act": "approve", "wording": 1}, ("/text",), (LIST,),
                 in_area)]
