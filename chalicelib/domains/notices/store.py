"""Where notices are kept, and the series of their numbers: one for each office, sort and year."""
from datetime import date

from chalicelib.kernel.cases import CaseStore

from .models import Paper
from .workflow import BY_ACT


class PaperStore(CaseStore[Paper]):
    """Notices by id and by addressee; PAGE is what was issued, never made again."""

    kind, model = "NOTICE", Paper

    def take(self, unit: str, office: str, act: str, dated: date) -> str:
        """Take the next number for the notice that `act` calls for, `office` being the unit's name: unique, not
        gapless. It is `<office>〔2026〕受0001号`, without a blank.
        """
        sort = BY_ACT[act]
        counted = self.table.count_up(f"NUMBER#{unit}#{sort.code}", str(dated.year))
        return f"{''.join(office.split())}〔{dated.year}〕{sort.word}{counted:04d}号"
