"""Lines and metrics: what stands on them, under which dimensions, and when there are none."""
import json
from io import StringIO

import pytest

from chalicelib.kernel import observe
from chalicelib.kernel.settings import settings


@pytest.fixture
def lines(monkeypatch):
    """The lines of the log so far, as objects."""
    written = StringIO()
    for handler in observe.log.handlers:
        monkeypatch.setattr(handler, "stream", written)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_metric_is_one_line_entered_under_service_and_stage_and_again_with_its_details(capsys):
    observe.count("Refusals", 2, kind="ORDER", code="refused")
    line, = map(json.loads, capsys.readouterr().out.splitlines())
    told, = line["_aws"]["CloudWatchMetrics"]
    assert told["Namespace"] == "Yiciban" and told["Metrics"] == [{"Name": "Refusals", "Unit": "Count"}]
    assert [set(one) for one in told["Dimensions"]] == [{"service", "stage"}, {"service", "stage", "kind", "code"}]
    assert {name: line[name] for name in ("service", "stage", "kind", "code")} == {
        "service": "yiciban", "stage": "test", "kind": "ORDER", "code": "refused"}
    assert line["Refusals"] == [2]


def test_a_metric_without_details_is_entered_once(capsys):
    observe.lasted("RelayLag", 1.5)
    line = json.loads(capsys.readouterr().out)
    told, = line["_aws"]["CloudWatchMetrics"]
    assert told["Dimensions"] == [["service", "stage"]] and told["Metrics"] == [{"Name": "RelayLag", "Unit": "Seconds"}]
    assert line["RelayLag"] == [1.5]


def test_where_metrics_are_switched_off_nothing_is_written(monkeypatch, capsys):
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "true")
    observe.count("Acts", kind="ORDER", act="sign")
    observe.lasted("RelayLag", 1.5)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("handler", "function"), [("app.relay", "relay"), ("app.app", "app"), ("", None)])
def test_a_process_counts_its_start_where_lambda_says_what_it_runs(monkeypatch, capsys, handler, function):
    monkeypatch.setenv("_HANDLER", handler)
    settings.cache_clear()
    observe.started()
    monkeypatch.undo()
    settings.cache_clear()
    written = [json.loads(line)["function"] for line in capsys.readouterr().out.splitlines()]
    assert written == ([function] if function else [])


def test_lines_of_a_request_name_it_and_its_case_and_later_ones_do_not(lines):
    route = "/orders/{case_id}"
    with observe.during("r-1", route):
        observe.about("ORDER", "a")
        observe.about("MATERIAL", "b")
        observe.failure("reading", KeyError("x"))
        observe.about("ORDER", "c", last=True)
        observe.access(status=200)
    observe.about("ORDER", "d")
    observe.done("sweep", shard=3)
    first, second, after = lines()
    assert (first["request"], first["route"], first["kind"], first["case"]) == ("r-1", route, "ORDER", "a")
    assert (second["request"], second["kind"], second["case"]) == ("r-1", "ORDER", "c")
    assert after["message"] == "sweep" and not {"request", "route", "kind", "case"} & set(after)


def test_a_request_that_breaks_off_leaves_nothing_behind(lines):
    with pytest.raises(ZeroDivisionError), observe.during("r-2", "/x"):
        raise ZeroDivisionError
    observe.done("recount")
    assert "request" not in lines()[0]


def test_a_failure_says_what_and_where_but_not_the_message(lines):
    try:
        raise ValueError("11010519491231002X")
    except ValueError as error:
        observe.failure("reaction", error, case="a")
    line, = lines()
    assert (line["message"], line["error"], line["case"]) == ("reaction", "ValueError", "a")
    assert "11010519491231002X" not in json.dumps(line) and line["at"][0].startswith("test_observe.py:")
