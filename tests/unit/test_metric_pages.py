"""The page about metrics says what there is, and the metrics keep to Prometheus's rules."""

import re
from pathlib import Path
from typing import Final

import pytest

from services import metric_pages
from services.metric_pages import AREAS, Metric, known, says

ROOT: Final = Path(__file__).parents[2]


def test_the_page_on_file_is_what_the_metrics_say() -> None:
    """When it is not, ``make docs`` writes it anew."""
    assert (ROOT / metric_pages.FILE).read_text(encoding="utf-8") == metric_pages.text()


def test_every_metric_is_in_one_area() -> None:
    page = metric_pages.text()
    assert [page.count(f"| `{metric.name}` |") for metric in known()] == [1] * len(known())
    words = [word for some in AREAS.values() for word in some]
    assert sorted(words) == sorted({metric.name.split("_")[1] for metric in known()})


@pytest.mark.parametrize("metric", known(), ids=lambda metric: metric.name)
def test_a_metric_is_named_by_the_rules_and_told_in_a_sentence(metric: Metric) -> None:
    assert re.fullmatch(r"baton(_[a-z]+)+", metric.name)
    assert (metric.kind == "counter") == metric.name.endswith("_total")
    assert (metric.kind == "info") == metric.name.endswith("_info")
    assert not re.search(r"_(ms|millis|milliseconds|minutes|hours|days|kb|mb|percent)(_|$)", metric.name)
    if metric.kind == "histogram":
        assert metric.unit
    assert re.fullmatch(r"[A-Z0-9].{20,}\.", metric.help, re.DOTALL)
    assert "|" not in metric.help
    assert "\n" not in metric.help


@pytest.mark.parametrize("metric", known(), ids=lambda metric: metric.name)
def test_every_label_is_explained_and_none_says_the_service(metric: Metric) -> None:
    assert "service" not in metric.labels
    assert all(says(metric, label) for label in metric.labels)


@pytest.mark.parametrize("bound", [0.1, 0.5, 1, 5, 60])
def test_ages_are_told_apart_where_goals_are(bound: float) -> None:
    for metric in known():
        if metric.name.endswith("_age_seconds") and metric.kind == "histogram":
            assert bound in metric.buckets, metric.name
