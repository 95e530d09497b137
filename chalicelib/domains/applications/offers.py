"""What an application depends on of its service item: the catalogue's word, in its own shape. Pure."""
from collections.abc import Mapping

from pydantic import BaseModel

from chalicelib.kernel.clocks import Limit
from chalicelib.kernel.identity import Level
from chalicelib.kernel.turns import published


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
    inspection: bool = False               # officials are sent to inspect on site
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

    def own_limits(self, rows: Mapping[str, Limit]) -> dict[str, Limit]:
        """Return the item's own two limits, as they go before the general ones of the published `rows`. Raise Refused.

        They may be extended as the general ones, unless they say how themselves or are in another unit; when they are
        reminded of is the thresholds' matter.
        """
        usual = published(rows, self.usual)
        statutory, found = self.statutory or usual, dict[str, Limit]()
        for name, own, general in (("statutory", statutory, usual), ("promised", self.promised or statutory,
                                    published(rows, "promised") if self.usual == "statutory" else usual)):
            longer = own if own.times or own.unit != general.unit else general    # ten days are not ten months
            found[name] = Limit(count=own.count, unit=own.unit, basis=own.basis, extra=longer.extra,
                                times=longer.times, warn_left=rows[name].warn_left, warn_used=rows[name].warn_used)
        return found

    def called(self, entry: str) -> str:
        """Return what people call an entry of the checklist."""
        return self.names.get(entry, entry)
