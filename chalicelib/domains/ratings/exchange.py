"""One rating as the province's 好差评 takes it: the fields by their names, the key by which a repeat is told. Pure.

The names are those that provinces have published in part; of dates, codes of persons and the encryption no text was to
be had, so that a real exchange must be compared with the province's own paper before it is switched on. Three fields
stay empty: `handlerName`, because an official's name is sealed and `workNo` tells who it was; `acceptDate`, because a
rating does not hold when its case was accepted; `taskHandleItem`, because items have no finer parts here.
"""
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.kernel.calendar import CIVIL

from .correction_models import Correction
from .models import Rating, sort_of

STATUS = {"submit": "1", "accept": "2", "close": "3", "answer": "3", "before": "1", "after": "3"}
"""proStatus by node, or by when a code was scanned: 1 待受理, 2 已受理, 3 已办结."""
PERSONS = {"natural": ("1", "10"), "organisation": ("2", "")}
"""userType and certKey by kind of person: 10 is the resident ID."""
NOT_COUNTED = "3"
RECTIFIED = {"waiting": "0", "contacted": "0", "disputed": "0", "correcting": "1", "checking": "1", "calling": "2",
             "called": "2", "closed": "2", "excluded": NOT_COUNTED, "annulled": NOT_COUNTED}
"""rectifyStatus: 0 not begun, 1 being put right, 2 put right, 3 not counted (also of a rating that never was bad)."""
SECRET = ("userName", "certKeyGOV", "contactPhone")
"""The fields that are encrypted on their own."""


def key_of_push(case: Rating) -> tuple[str, int, int]:
    """Return what is pushed once: the case's number (of a code that hangs out, the rating's own id), which service of
    it, and the channel."""
    return case.number or case.id, case.service_number, case.channel


def pushed(case: Rating, words: str, office: str, rater: Mapping[str, str], correction: Correction | None,
           reply: str) -> dict[str, Any]:
    """Return the fields of a rating, those of the rater still in clear. Of a hidden rater there are none."""
    project, service, channel = key_of_push(case)
    known = {} if case.hidden or case.anonymous else rater
    user, paper = PERSONS.get(known.get("kind", ""), ("", ""))
    paper = paper if known.get("number") else ""       # a caller told no number
    return {
        "projectNo": project, "taskCode": case.item, "taskHandleItem": "",
        "taskName": "" if case.hidden else case.title, "deptCode": case.unit, "deptName": office,
        "areaCode": case.area, "proStatus": STATUS.get(case.node or case.handling, "2"), "serviceNumber": service,
        "pf": channel, "userType": user, "userName": known.get("name", ""), "certKey": paper,
        "certKeyGOV": known.get("number", ""), "contactPhone": known.get("phone", ""), "handlerName": "",
        "workNo": case.rated[-1] if case.rated else "", "windowNo": case.window,
        "hallCode": case.unit if sort_of(case) in ("visit", "general") else "", "acceptDate": "",
        "resultDate": written(case.opened_at) if case.node in ("close", "answer") else "",
        "satisfaction": case.level, "evalDetail": ",".join(str(tag) for tag in case.tags),
        "writingEvaluation": words, "assessTime": written(case.rated_at), "isReal": int(not case.anonymous),
        "isDefault": int(case.is_default), "isAnonymous": int(case.anonymous),
        **_rectification(case, correction, reply)}


def sealed(fields: Mapping[str, Any], seal: Callable[[str], str]) -> dict[str, Any]:
    """Return the fields with the rater's encrypted, each on its own; what is empty stays so."""
    return {name: seal(value) if name in SECRET and value else value for name, value in fields.items()}


def _rectification(case: Rating, correction: Correction | None, reply: str) -> dict[str, str]:
    if correction is None:
        return {"reply": "", "rectifyStatus": NOT_COUNTED if case.excluded else "", "rectifyTime": "",
                "callbackResult": "", "appealStatus": ""}
    appeal = "1" if correction.state == "excluded" else "0" if correction.judgement else ""
    content = {True: "1", False: "0", None: ""}[correction.satisfied]
    return {"reply": reply, "rectifyStatus": NOT_COUNTED if case.excluded else RECTIFIED[correction.state],
            "rectifyTime": written(correction.corrected_at), "callbackResult": content, "appealStatus": appeal}


def written(at: datetime | None) -> str:
    """Return an instant as the province writes it: Chinese time, to the second; "" where there is none."""
    return f"{at.astimezone(CIVIL):%Y-%m-%d %H:%M:%S}" if at else ""
