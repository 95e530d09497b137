"""The page of costs: counted where a test counts, priced once, current."""
import pytest

from tools import costs


def test_the_write_units_are_those_that_the_reference_paths_count():
    assert (costs.counted("path"), costs.counted("order")) == (46, 58)
    assert (costs.counted_in_figures("order"), costs.counted_in_figures("path")) == ((5, 60, 22), (0, 0, 0))


def test_a_million_cases_cost_a_million_times_one_and_every_price_is_used():
    used = [*costs.of_a_case("path", 6), *costs.of_a_case("order", 7), *costs.of_a_deployment()]
    assert {amount.price for amount in used} == set(costs.PRICES)
    writes = next(amount for amount in used if amount.price == "writes")
    assert writes.dollars * costs.MILLION == pytest.approx(46 * 0.625)


def test_the_page_is_current_and_marks_what_is_assumed():
    assert costs.PAGE.read_text("utf-8") == costs.page(), "make costs"
    assert sum(not price.source for price in costs.PRICES.values()) == costs.page().count(" | assumption |\n") - sum(
        amount.basis == "assumption" and bool(amount.amount) for amounts in (
            costs.of_a_case("path", 6), costs.of_a_case("order", 7), costs.of_a_deployment()) for amount in amounts)


def test_whoever_makes_the_page_is_told_where_it_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(costs, "ROOT", tmp_path)
    monkeypatch.setattr(costs, "PAGE", tmp_path / "costs.md")
    monkeypatch.setattr(costs, "page", lambda: "page")
    monkeypatch.setattr("sys.argv", ["costs"])
    assert costs.main() == 0 and (tmp_path / "costs.md").read_text("utf-8") == "page"
    assert capsys.readouterr().out.startswith("costs.md is written")
