"""GET /health: which commit runs at which stage, and whether its store answers."""
from pydantic import BaseModel

from . import now
from .http import Api, Call
from .observe import failure
from .settings import settings
from .table import Table

api = Api(__name__, "系统")


class Health(BaseModel, frozen=True):
    """`parts`: whether each lives."""

    commit: str
    stage: str
    now: str
    parts: dict[str, bool]


@api.get("", public=True)
def health(call: Call) -> Health:
    """Say which commit runs and which parts live."""
    try:
        Table(settings().figures_table).get("HEALTH", "PROBE")
        store = True
    except Exception as error:
        failure("health", error)
        store = False
    return Health(commit=settings().commit, stage=settings().stage, now=now.now().isoformat(), parts={"store": store})
