"""What other domains may ask of a request at once: what to call it, who had it."""
from chalicelib.kernel.record import Hands
from chalicelib.kernel.table import Table

from .store import RequestStore
from .workflow import REQUESTS


def about(cases: Table, request: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say of the request, and whose it is. Raise Missing."""
    case = RequestStore(cases).get(request)
    return {"number": case.number, "title": case.title, "person": case.person, "state": REQUESTS.words[state]}


def hands_of(cases: Table, request: str, number: int) -> Hands:
    """Return who had a request when its event `number` came, and who acted on it. Raise Missing."""
    return RequestStore(cases).hands(request, number)
