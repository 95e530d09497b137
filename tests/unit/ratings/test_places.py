"""Codes of places, nodes, and who may not rate. Pure."""
import json

import pytest

from chalicelib.domains.ratings.models import Rating, sort_of
from chalicelib.domains.ratings.nodes import EVENTS, FIRST_VISIT, node_of
from chalicelib.domains.ratings.place_models import Place
from chalicelib.domains.ratings.place_service import place_code
from chalicelib.domains.ratings.service import holds, key_of
from chalicelib.kernel.calendar import civil_day
from chalicelib.kernel.problems import Refused
from chalicelib.kernel.vault import digest
from tests.support.town import CITIZEN, HALL, MARKET, MONDAY, SEEDS, SUPERVISOR
from tests.unit.ratings.test_workflow import OPENED, RATINGS, do, occasion

NODES = json.loads((SEEDS / "rating-nodes.json").read_text("utf-8"))


def test_every_published_node_is_one_that_a_reaction_hears_of():
    for row in NODES:
        assert set(row["acts"]) <= EVENTS[row["kind"]] and row["number"] < FIRST_VISIT
    assert {act for row in NODES for act in row["acts"]} == set().union(*EVENTS.values())
    assert len({row["name"] for row in NODES}) == len(NODES)


@pytest.mark.parametrize("kind, act, node", [
    ("APPLICATION", "close", "close"), ("APPLICATION", "decline", "close"), ("ORDER", "answer", "answer"),
    ("APPLICATION", "submit", None), ("APPLICATION", "accept", None), ("ORDER", "submit", None)])
def test_only_the_nodes_that_an_area_asks_for_are_asked(kind, act, node):
    assert (node_of(NODES, kind, act) or {"name": None})["name"] == node
    everywhere = [row | {"asked": True} for row in NODES]
    assert node_of(everywhere, "APPLICATION", "deem")["name"] == "accept"


def test_the_last_node_has_the_key_it_always_had():
    assert key_of("ORDER", "a" * 26).value == digest("invite", "ORDER", "a" * 26, length=10)
    assert key_of("ORDER", "a" * 26, "accept") != key_of("ORDER", "a" * 26)


def test_each_place_has_its_own_code_and_printed_window_codes_stay_good():
    codes = [place_code(unit, place) for unit in (HALL, MARKET) for place in (
        Place(), Place(window="3"), Place(window="4"), Place(item="3"))]
    assert len(set(codes)) == len(codes)
    assert place_code(HALL, Place(window="3")) == digest("rating window", HALL, "3", length=8)
    with pytest.raises(ValueError):
        Place(window="3", item="A1")


def test_tags_hold_in_their_time():
    row = {"valid_from": "2026-03-02", "valid_to": "2026-03-31"}
    assert holds(row, civil_day(MONDAY))
    assert not holds(row | {"valid_to": "2026-03-01"}, civil_day(MONDAY))


@pytest.mark.parametrize("field", ["window", ""])
def test_a_rating_of_before_there_were_sorts_is_told_by_its_window(field):
    case = Rating(id="a" * 26, opened_at=OPENED, **({field: "3"} if field else {}))
    assert sort_of(case) == ("general" if field else "case")


def test_nobody_rates_the_unit_they_serve_in_and_silence_is_marked_once():
    case = Rating(id="a" * 26, area=SUPERVISOR.area, unit=MARKET, person="p-zhang", state="invited", opened_at=OPENED)
    with pytest.raises(Refused, match="本单位的工作人员"):
        RATINGS.rule(case, "rate", occasion(CITIZEN, "2026-03-03", of_unit=True))
    silent = case.model_copy(update={"state": "unrated"})
    marked = do(RATINGS, silent, SUPERVISOR, "note_default", "2026-05-01")
    assert (marked.is_default, marked.state, marked.level) == (True, "unrated", 0), "praise by default is no praise"
    with pytest.raises(Refused, match="默认好评"):
        do(RATINGS, marked, SUPERVISOR, "note_default", "2026-05-02")
