"""Materials in the harnesses."""
from chalicelib.domains.materials.models import Shown
from tests.support.joining import DESKS, OWN, Joined, Right, noted, plain
from tests.support.web import CLERK, announced, uploaded

LIST = "/materials"


def start(here):
    """A file announced and in its place, by the citizen and by the window; one handed in."""
    return [announced(here.web, here.citizen), announced(here.web, CLERK, person=here.citizen.person),
            uploaded(here.web, CLERK, person=here.citizen.person), *list(here.files.values())[:1]]


def rights(here):
    own, _, window, handed_in = start(here)
    taker = OWN | {"clerk hall", "clerk-one"}
    return {
        "file of the holder": (own, Right({Shown: OWN}, clock="upload", listed={LIST: OWN})),
        "file of the window": (window, Right({Shown: taker}, "/file", frozenset(taker), "upload", {LIST: OWN})),
        "file handed in": (handed_in, Right({Shown: OWN | DESKS | {"supervisor here"}}, "/file",
                                            frozenset(OWN | DESKS), "upload", {LIST: OWN}))}


BODIES = {**dict.fromkeys(("confirm", "accept"), plain), **dict.fromkeys(("reject", "annul"), noted)}
JOINED = [Joined("MATERIAL", "/materials", start, BODIES, rights, {"act": "accept"}, ("/file",), (LIST,))]
