"""What follows from the tables of rules for every domain, without knowing any act."""
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.domains.applications.models import Act as ApplicationAct
from chalicelib.domains.applications.reactions import REACTIONS as OF_APPLICATIONS
from chalicelib.domains.applications.workflow import APPLICATIONS
from chalicelib.domains.calendars.models import Act as CalendarAct
from chalicelib.domains.calendars.reactions import REACTIONS as OF_CALENDARS
from chalicelib.domains.calendars.workflow import NOTICES
from chalicelib.domains.complaints.bodies import Act as ComplaintAct
from chalicelib.domains.complaints.workflow import COMPLAINTS
from chalicelib.domains.disclosure.models import Act as DocumentAct
from chalicelib.domains.disclosure.reactions import REACTIONS as OF_DISCLOSURE
from chalicelib.domains.disclosure.workflow import DOCUMENTS
from chalicelib.domains.hotline.bodies import Act as OrderAct
from chalicelib.domains.hotline.calls import CALLS, CallsAct
from chalicelib.domains.hotline.reactions import REACTIONS as OF_HOTLINE
from chalicelib.domains.hotline.workflow import HOTLINE
from chalicelib.domains.knowledge.models import Act as ArticleAct
from chalicelib.domains.knowledge.workflow import KNOWLEDGE
from chalicelib.domains.materials.models import Act as MaterialAct
from chalicelib.domains.materials.reactions import REACTIONS as OF_MATERIALS
from chalicelib.domains.materials.workflow import MATERIALS
from chalicelib.domains.messages.reactions import REACTIONS as OF_MESSAGES
from chalicelib.domains.notices.models import Act as NoticeAct
from chalicelib.domains.notices.reactions import REACTIONS as OF_NOTICES
from chalicelib.domains.notices.workflow import PAPERS
from chalicelib.domains.privacy.models import Act as RequestAct
from chalicelib.domains.privacy.reactions import REACTIONS as OF_PRIVACY
from chalicelib.domains.privacy.workflow import REQUESTS
from chalicelib.domains.ratings.correction_models import CorrectionAct
from chalicelib.domains.ratings.correction_workflow import CORRECTIONS
from chalicelib.domains.ratings.models import RatingAct
from chalicelib.domains.ratings.reactions import REACTIONS as OF_RATINGS
from chalicelib.domains.ratings.signal_models import SignalAct
from chalicelib.domains.ratings.signal_workflow import SIGNALS
from chalicelib.domains.ratings.workflow import RATINGS
from chalicelib.domains.supervision.dispatch_models import DispatchAct
from chalicelib.domains.supervision.dispatch_workflow import DISPATCHES
from chalicelib.domains.supervision.models import Act as CardAct
from chalicelib.domains.supervision.order_models import OrderAct as SupervisionOrderAct
from chalicelib.domains.supervision.order_workflow import ORDERS
from chalicelib.domains.supervision.reactions import REACTIONS as OF_SUPERVISION
from chalicelib.domains.supervision.workflow import CARDS
from chalicelib.domains.threads.models import Act as ThreadAct
from chalicelib.domains.threads.reactions import REACTIONS as OF_THREADS
from chalicelib.domains.threads.workflow import THREADS
from tools import data_classes

ROOT = Path(__file__).parents[2]
KINDS = {"APPLICATION": (APPLICATIONS, ApplicationAct, {"open", "register"}),
         "CARD": (CARDS, CardAct, {"find", "propose"}),
         "MATERIAL": (MATERIALS, MaterialAct, {"reserve"}), "NOTICE": (PAPERS, NoticeAct, set()),
         "RATING": (RATINGS, RatingAct, {"rate_at_window", "ask", "inspect"}),
         "CORRECTION": (CORRECTIONS, CorrectionAct, set()), "SIGNAL": (SIGNALS, SignalAct, set()),
         "ORDER": (HOTLINE, OrderAct, {"register"}), "DOCUMENT": (DOCUMENTS, DocumentAct, {"open"}),
         "CALENDAR": (NOTICES, CalendarAct, {"propose"}), "DISPATCH": (DISPATCHES, DispatchAct, set()),
         "SUPERVISE": (ORDERS, SupervisionOrderAct, {"issue"}), "SUBJECT": (REQUESTS, RequestAct, {"lodge"}),
         "COMPLAINT": (COMPLAINTS, ComplaintAct, {"register"}),
         "ARTICLE": (KNOWLEDGE, ArticleAct, {"draft"}), "CALLS": (CALLS, CallsAct, {"record"}),
         "THREAD": (THREADS, ThreadAct, {"open"})}
"""By kind: the rules, the body of its acts, and the acts that create."""
REACTIONS = [*OF_APPLICATIONS, *OF_MATERIALS, *OF_MESSAGES, *OF_NOTICES, *OF_RATINGS, *OF_SUPERVISION, *OF_DISCLOSURE,
             *OF_CALENDARS, *OF_PRIVACY, *OF_HOTLINE, *OF_THREADS]
every_kind = pytest.mark.parametrize("kind", KINDS)


def acts_of(body):
    """The acts that a request body can name."""
    union = get_args(body)[0] if get_args(body) else body
    return {act for model in get_args(union) or (union,) for act in get_args(model.model_fields["act"].annotation)}


@every_kind
def test_every_state_can_be_reached(kind):
    rules = KINDS[kind][0].rules
    reached, states = {"new"}, {state for (_, source), rule in rules.items() for state in (source, rule.target)}
    for _ in states:
        reached |= {rule.target for (_, source), rule in rules.items() if source in reached}
    assert reached == states


@every_kind
def test_every_act_of_a_person_has_a_body_and_every_body_a_rule(kind):
    workflow, body, creates = KINDS[kind]
    persons = {act for (act, _), rule in workflow.rules.items() if set(rule.offices) - {"system"}}
    assert acts_of(body) == persons - creates


@every_kind
def test_an_act_is_either_a_person_s_or_the_system_s(kind):
    for rule in KINDS[kind][0].rules.values():
        assert "system" not in rule.offices or rule.offices == ("system",), rule.act


@every_kind
def test_every_act_state_and_office_has_its_chinese_words(kind):
    workflow = KINDS[kind][0]
    codes = {code for (act, source), rule in workflow.rules.items()
             for code in (act, source, rule.target, *rule.offices)}
    assert [code for code in codes if not re.search(r"[\u4e00-\u9fff]", workflow.words.get(code, ""))] == []


@every_kind
def test_a_clock_that_is_turned_was_started_by_some_rule(kind):
    turns = [turn for rule in KINDS[kind][0].rules.values() for turn in rule.clocks]
    started = {turn.name for turn in turns if turn.verb == "start"}
    assert {turn.name for turn in turns} - {"*"} <= started


def running(rules):
    """The clocks that may run, by state: what the rules start and do not stop, followed until nothing new is found."""
    found = {"new": set()}
    while True:
        before = {state: set(clocks) for state, clocks in found.items()}
        for (_, source), rule in rules.items():
            clocks = set(before.get(source, ()))
            for turn in rule.clocks:
                if turn.verb == "start":
                    clocks.add(turn.name)
                elif turn.verb == "stop":
                    clocks = set() if turn.name == "*" else clocks - {turn.name}
            found.setdefault(rule.target, set()).update(clocks)
        if found == before:
            return found


@every_kind
def test_wherever_a_clock_may_run_a_new_calendar_is_counted_by(kind):
    rules = KINDS[kind][0].rules
    assert {state for state, clocks in running(rules).items() if clocks and ("recount", state) not in rules} == set()


def test_every_basis_is_listed_in_the_sources():
    listed = set(re.findall(r"^\| ([A-Z]+[0-9.]+) \|", (ROOT / "docs/sources.md").read_text("utf-8"), re.MULTILINE))
    items = json.loads((ROOT / "seeds/items.json").read_text("utf-8"))
    limits = [row["limit"] for name in ("limits", "rating-limits", "complaint-limits")
              for row in json.loads((ROOT / f"seeds/{name}.json").read_text("utf-8")) if "limit" in row]
    limits += [limit for row in json.loads((ROOT / "seeds/hotline-limits.json").read_text("utf-8"))
               for limit in row["limits"].values()]
    limits += [limit for item in items for limit in (item.get("statutory"), item.get("promised")) if limit]
    cited = {limit.partition("@")[2] for limit in limits}
    classes = json.loads((ROOT / "seeds/privacy-classes.json").read_text("utf-8"))
    cited |= {one["basis"] for one in classes} | {one["keep"].partition("@")[2] for one in classes if one["keep"]}
    cited |= {rule.basis for workflow, *_ in KINDS.values() for rule in workflow.rules.values()}
    cited |= {code for item in items for name, code in item["remedies"].items() if name.endswith("_basis")}
    cited |= set(json.loads((ROOT / "chalicelib/kernel/pauses.json").read_text("utf-8")).values())
    assert cited - listed == set()


def test_the_page_of_the_classes_of_data_is_current_and_every_kind_of_a_person_has_its_class():
    assert (ROOT / "docs/data-classes.md").read_text("utf-8") == data_classes.page()
    classes = json.loads((ROOT / "seeds/privacy-classes.json").read_text("utf-8"))
    anonymised = {kind for kind, (workflow, *_) in KINDS.items() if "anonymise" in workflow.names}
    assert {one["kind"] for one in classes} - {""} == anonymised


def test_every_test_that_the_table_of_limits_names_is_there():
    named = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", (ROOT / "docs/limits.md").read_text("utf-8"))
    assert len(named) > 40
    assert [name for file, name in named if f"\ndef {name}(" not in (ROOT / "tests" / file).read_text("utf-8")] == []


def test_the_project_s_own_defaults_are_marked_as_such():
    rows = [line for line in (ROOT / "docs/sources.md").read_text("utf-8").splitlines() if line.startswith("| GZ")]
    assert {row.split("|")[1].strip() for row in rows} == {
        "GZ1.3", "GZ1.7", "GZ2", "GZ3", "GZ4", "GZ4.6", "GZ5.5", "GZ6", "GZ8", "GZ9"}
    assert all("own default" in row for row in rows)


def test_no_reaction_waits_for_an_event_that_no_workflow_has():
    for reaction in REACTIONS:
        if reaction.kind in KINDS:
            assert reaction.acts and reaction.acts <= KINDS[reaction.kind][0].names, reaction.name
    assert len({reaction.name for reaction in REACTIONS}) == len(REACTIONS)


@every_kind
def test_the_diagram_names_every_act(kind):
    workflow = KINDS[kind][0]
    drawn = workflow.diagram()
    assert drawn.startswith("stateDiagram-v2") and all(workflow.words[act] in drawn for act in workflow.names)
