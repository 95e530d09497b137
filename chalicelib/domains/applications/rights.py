"""What other domains may ask of an application at once: who may see it, its files, its acts, what to call it."""
from collections.abc import Iterable
from typing import Any

from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.identity import Actor
from chalicelib.kernel.record import Hands
from chalicelib.kernel.table import Table

from .store import ApplicationStore
from .workflow import APPLICATIONS, STAFF, standing


def standing_of(cases: Table, application: str, who: Actor) -> str:
    """Return in what quality `who` may see the application: holder, desk, supervisor; "" for a stranger."""
    case = ApplicationStore(cases).find(application)
    return standing(case, who) if case else ""


def papers_of(cases: Table, application: str) -> Iterable[str]:
    """Return the ids of the materials of which the application consists now. Raise Missing."""
    store = ApplicationStore(cases)
    return list(store.part(application, store.get(application).form)["materials"].values())


def all_papers_of(cases: Table, application: str) -> Iterable[str]:
    """Return the ids of all materials that were ever handed in with the application."""
    forms = cases.every(ApplicationStore(cases).pk(application), prefix="FORM#")
    return list(dict.fromkeys(material for form in forms for material in form["materials"].values()))


def erased(cases: Table, application: str) -> bool:
    """Say whether the application names nobody any more. Raise Missing."""
    return ApplicationStore(cases).get(application).erased


def acts_of(cases: Table, application: str) -> list[tuple[int, str]]:
    """Return the number and the act of each event of the application, oldest first; none for what there is not."""
    return [(event.number, event.act) for event in ApplicationStore(cases).timeline(application)]


def about(cases: Table, application: str, state: str) -> dict[str, str]:
    """Return what a message that it came into `state` may say, and whose it is. Raise Missing."""
    case = ApplicationStore(cases).get(application)
    return {"number": case.number, "title": case.title, "person": case.person,
            "state": APPLICATIONS.words[state]}


def service_of(cases: Table, application: str) -> dict[str, Any]:
    """Return what was done in an application, for whom, by which unit and officials. Raise Missing.

    `called`: whether the person is known by telephone only. `hidden`: whether whose it is must not be told.
    """
    store = ApplicationStore(cases)
    case = store.get(application)
    acted = {event.by.person: None for event in store.timeline(application) if event.by.role in STAFF}
    return {"person": case.person, "party": case.party, "area": case.area, "item": case.item, "number": case.number,
            "unit": case.department if case.accepted_at else case.hall, "title": case.title, "staff": list(acted),
            "hidden": False, "called": False}


def granted(cases: Table, application: str, number: int) -> dict[str, Any]:
    """Return what the public may know of what event `number` granted (行政许可法 40), and of which item. Raise Missing.

    A body stands there by its name, a person masked: `party` is so already.
    """
    store = ApplicationStore(cases)
    case, event = store.get(application), store.event(application, number)
    return {"number": case.number, "title": case.title, "party": case.party, "area": case.area,
            "unit": event.unit, "item": case.item, "item_version": case.item_version,
            "granted_on": civil_day(event.at).isoformat()}


def hands_of(cases: Table, application: str, number: int) -> Hands:
    """Return who had an application when its event `number` came, and who acted on it. Raise Missing."""
    return ApplicationStore(cases).hands(application, number)
