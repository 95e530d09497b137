"""What holds of the whole tree and of every kind that app.py registers, without knowing any of them."""
import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.domains.messages.models import OFFICES, concerns
from chalicelib.domains.messages.wiring import TEMPLATES
from chalicelib.kernel.record import Case

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]
MOST_LINES = 250
TIME = {"now", "utcnow", "today", "time"}
SOURCE_OF_TIME = ROOT / "chalicelib" / "kernel" / "now.py"


@pytest.fixture
def app(tables):
    import app
    return app


def test_every_kind_is_kept_by_a_store_of_that_kind(app):
    for kind, made in app.KINDS.items():
        work = made()
        assert work.store.kind == kind
        assert issubclass(work.store.model, Case)


def test_every_reaction_names_an_act_that_its_kind_has(app):
    reactions = list(app.RELAY.all())
    for reaction in reactions:
        assert reaction.acts and reaction.acts <= app.KINDS[reaction.kind]().workflow.names, reaction.name
    assert len(app.RELAY.reactions) == len(reactions), "names are for ever, and no two alike"


def test_every_template_names_acts_of_a_kind_and_nothing_personal(app):
    for template in TEMPLATES:
        assert set(template.acts) <= app.KINDS[template.kind]().workflow.names, template.code
        fields = {name for _, name, _, _ in Formatter().parse(template.text) if name}
        assert fields <= {"number", "title", "state", "word"}, template.code
        assert len(template.title) <= 20 and set(template.channels) <= {"wechat", "sms"}, template.code
    assert len({template.code for template in TEMPLATES}) == len(TEMPLATES)


def test_a_unit_s_messages_about_a_kind_are_for_the_offices_that_have_such_cases(app):
    apart = {"system", "citizen", "public", "supervisor"}
    for kind, offices in OFFICES.items():
        rules = app.KINDS[kind]().workflow.rules.values()
        having = {office for rule in rules for office in rule.offices} - apart
        assert set(offices) == (having & {"head"} if kind == "SIGNAL" else having), kind
    assert concerns("CORRECTION", "rectifier") and not concerns("ORDER", "rectifier")
    assert not concerns("CORRECTION", "clerk") and concerns("CARD", "rectifier") and concerns("ORDER", "supervisor")


def test_every_rule_rests_on_a_listed_source(app):
    listed = set(re.findall(r"^\| ([A-Z]+[0-9.]+) \|", (ROOT / "docs/sources.md").read_text("utf-8"), re.MULTILINE))
    cited = {rule.basis for made in app.KINDS.values() for rule in made().workflow.rules.values()}
    assert cited - listed == set()


def test_every_state_is_reached_and_every_word_is_chinese(app):
    for kind, made in app.KINDS.items():
        workflow = made().workflow
        reached, states = {"new"}, {state for (_, source), rule in workflow.rules.items()
                                    for state in (source, rule.target)}
        for _ in states:
            reached |= {rule.target for (_, source), rule in workflow.rules.items() if source in reached}
        codes = states | workflow.names | {office for rule in workflow.rules.values() for office in rule.offices}
        assert reached == states, kind
        assert {code for code in codes if not re.search(r"[一-鿿]", workflow.words.get(code, ""))} == set(), kind


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_takes_the_time_from_one_place(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    if path != SOURCE_OF_TIME:
        asked = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and told(node.func)]
        assert [f"{path.name}:{node.lineno}" for node in asked] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_digit_is_one_of_ten(path):
    r"""`\d` and the questions of str take the digits of every script, which no key and no number of ours has."""
    constants = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8")))
                 if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in constants if re.search(r"\\[dD]", text)] == []
    assert re.findall(r"\.is(?:digit|decimal|numeric)\(", path.read_text("utf-8")) == []


def told(function):
    """Whether this calls a clock of Python's: datetime.now, date.today, time.time."""
    return (isinstance(function, ast.Attribute) and function.attr in TIME
            and isinstance(function.value, ast.Name) and function.value.id in ("datetime", "date", "time"))
