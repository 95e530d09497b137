"""The rules of a material, one row per lawful act. Pure."""
from chalicelib.kernel.deskwork import ANNULLED, WORDS, anonymised, by_holder, own_area, recounted
from chalicelib.kernel.turns import Occasion, lapse, passed, start, stop
from chalicelib.kernel.workflow import Rule, Workflow

from .models import Material


def sender(case: Material, now: Occasion) -> str:
    """Only who reserved the upload may confirm it: the holder, or the window that took the paper."""
    return by_holder(case, now) if now.who.role == "citizen" else "" if now.who.unit == case.unit else "由收件窗口确认"


DESKS = ("clerk", "centre")
"""Those who take files from others: the window, the seats of the hotline."""
SENDERS = ("citizen", *DESKS, "reviewer", "head")
"""Who sends files: the holder, the window, and at the hotline those who take down and those who reply."""


def handed_in(case: Material, now: Occasion) -> str:
    return "" if case.applications else "该材料尚未随申请提交"


MATERIALS: Workflow[Material] = Workflow(
    Rule("reserve", "new",      "reserved",  SENDERS, "AY42", clocks=(start("upload"),)),
    Rule("confirm", "reserved", "stored",    SENDERS, "AY42", when=(sender,), clocks=stop("upload")),
    Rule("bind",    ("stored", "accepted", "defective"), "", "system", "XKF31"),
    Rule("accept",  "stored",   "accepted",  ("clerk", "reviewer"), "XKF32", when=(handed_in,)),
    Rule("reject",  "stored",   "defective", ("clerk", "reviewer"), "XKF32", when=(handed_in,)),
    Rule("annul",   ("stored", "accepted", "defective"), ANNULLED, "supervisor", "GZ1.7", when=(own_area,)),
    recounted("reserved"),
    anonymised("stored", "accepted", "defective", ANNULLED, "discarded"),
    Rule("lapse_upload", "reserved", "discarded", "system", "GZ1.3", when=(passed("upload"),),
         clocks=(lapse("upload"), *stop("upload"))),
    words=WORDS | {"reserved": "待上传", "stored": "已上传", "accepted": "合格", "defective": "有缺陷",
                   "discarded": "已作废", "reserve": "登记待传材料", "confirm": "确认上传",
                   "bind": "随申请提交", "accept": "认定合格", "reject": "认定有缺陷",
                   "lapse_upload": "逾期未上传作废"})
