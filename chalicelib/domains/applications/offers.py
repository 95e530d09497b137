"""What an application depends on of its service item: the catalogue's word, in its own shape. Shapes only."""
from pydantic import BaseModel

from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import Level


class Offer(BaseModel, frozen=True):
    """What the catalogue says of a service item, as far as an application depends on it."""

    area: str
    code: str
    version: int
    name: str
    department: str                        # the unit that decides
    hall: str                              # the unit that receives and delivers
    statutory: Limit | None
    promised: Limit | None
    joint: bool = False                    # handled by several offices together
    first_review: bool = False             # reviewed here, decided by an office above
    renewal: bool = False                  # it renews a licence
    lead: Limit | None = None              # how long before its expiry; None: as published for all
    level: Level                           # real-name level required
    published: bool                        # still open to applications
    why_not: str = ""                      # if it is not
    checklist: dict[str, bool]             # entries of the checklist, and whether each is necessary
    names: dict[str, str] = {}             # what the entries are called

    @property
    def usual(self) -> str:
        """Return the name of the published limit that holds where the item states none of its own."""
        return "first_review" if self.first_review else "joint" if self.joint else "statutory"

    def called(self, entry: str) -> str:
        """Return what people call an entry of the checklist."""
        return self.names.get(entry, entry)
