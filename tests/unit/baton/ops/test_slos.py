"""What an objective becomes: rates, records, and alerts on how fast its budget goes."""

import re
from decimal import Decimal

import pytest

from baton.ops.burn_rate import burn_alerts
from baton.ops.rules import recordings
from baton.ops.slo import Counted, Slo, Timed, errors_a_second, events_a_second
from baton.ops.slos import COMMANDS_AVAILABLE, SLOS
from shared.ages import SECONDS

COUNTED = Counted(events="asked_total", errors='asked_total{status="500"}')
TIMED = Timed(histogram="age_seconds", matching='station="applied"', within=5.0)


def test_a_counter_that_never_counted_an_error_has_had_none() -> None:
    assert errors_a_second(COUNTED) == (
        'sum by (service) (rate(asked_total{status="500"}[5m]))\n'
        "or\n"
        "0 * sum by (service) (rate(asked_total[5m]))"
    )


def test_of_a_histogram_errors_are_what_is_above_the_bound() -> None:
    assert events_a_second(TIMED) == 'sum by (service) (rate(age_seconds_count{station="applied"}[5m]))'
    assert errors_a_second(TIMED) == (
        'sum by (service) (rate(age_seconds_count{station="applied"}[5m]))\n'
        "-\n"
        'sum by (service) (rate(age_seconds_bucket{station="applied", le="5.0"}[5m]))'
    )


def test_the_budget_is_what_the_objective_leaves() -> None:
    assert COMMANDS_AVAILABLE.budget == Decimal("0.001")


def test_ages_are_measured_where_they_are_promised() -> None:
    promised = {slo.indicator.within for slo in SLOS if isinstance(slo.indicator, Timed)}
    assert 5.0 in promised
    assert 5.0 in SECONDS


@pytest.mark.parametrize("slo", SLOS, ids=lambda slo: slo.name)
def test_every_record_is_named_by_level_metric_and_operation(slo: Slo) -> None:
    for it in recordings(slo):
        assert re.fullmatch(r"slo:[a-z_]+:[a-z0-9_]+", it.record)
        assert it.labels == {"slo": slo.name}


@pytest.mark.parametrize("slo", SLOS, ids=lambda slo: slo.name)
def test_records_build_only_on_those_before_them(slo: Slo) -> None:
    there: set[str] = set()
    for it in recordings(slo):
        assert set(re.findall(r"slo:\w+:\w+", it.expr)) <= there
        there.add(it.record)
    for alert in burn_alerts(slo):
        assert set(re.findall(r"slo:\w+:\w+", alert.expr)) <= there


def test_budgets_that_go_fast_wake_and_those_that_go_slowly_wait() -> None:
    page, ticket = burn_alerts(COMMANDS_AVAILABLE)
    assert (page.name, ticket.name) == ("BatonCommandsFailing", "BatonCommandsFailing")
    assert (page.severity, ticket.severity) == ("page", "ticket")
    assert _limits(page.expr) == [("1h", "0.0144"), ("5m", "0.0144"), ("6h", "0.006"), ("30m", "0.006")]
    assert _limits(ticket.expr) == [("1d", "0.003"), ("2h", "0.003"), ("3d", "0.001"), ("6h", "0.001")]


def test_few_errors_call_nobody() -> None:
    for alert in burn_alerts(COMMANDS_AVAILABLE):
        assert alert.expr.count(">= 10") == 2


def _limits(expr: str) -> list[tuple[str, str]]:
    found = re.findall(r"ratio_rate(\w+)\{slo=\"commands-available\"\} > ([\d.]+)", expr)
    return [(window, str(Decimal(limit).normalize())) for window, limit in found]
