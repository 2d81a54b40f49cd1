"""The catalogue itself: every KPI is declared whole, worked out by hand somewhere, and on the page."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from services.performance.kpis.catalogue import BY_KEY, BY_NAME, FORMER, KPIS, terms
from services.performance.kpis.english import ENGLISH
from services.performance.kpis.kpi import Kpi
from services.performance.kpis.page import page
from services.performance.kpis.words import in_words
from services.performance.measures.catalogue import MEASURES

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parents[2] / "docs/kpis.md"


def test_every_kpi_has_a_name_of_its_own_and_every_version_a_key() -> None:
    assert len(BY_NAME) == len(KPIS)
    assert len(BY_KEY) == 2 * len(KPIS) + len(FORMER)
    assert BY_KEY["win_rate"] is BY_KEY["win_rate@1"]


def test_every_kpi_is_worked_out_by_hand() -> None:
    examples = {name for path in HERE.glob("test_kpis_*.py") for name in _asked(path)}
    assert [kpi.name for kpi in KPIS if kpi.name not in examples] == []


def _asked(path: Path) -> Iterator[str]:
    """The names that a test asks a world for: ``world.value("leads")``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="value" | "values"), args=[ast.Constant(value=str(name)), *_]
            ):
                yield name


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_a_kpi_says_all_that_its_reader_needs(kpi: Kpi) -> None:
    assert all((kpi.zh, kpi.en, kpi.period, kpi.edges, kpi.source))
    assert any("一" <= sign <= "鿿" for sign in kpi.zh)
    assert kpi.en.isascii()
    words = in_words(kpi.formula, ENGLISH)
    assert [it.measure for it in terms([kpi]) if it.measure not in words] == []


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_what_stands_now_is_never_asked_of_days(kpi: Kpi) -> None:
    for term in terms([kpi]):
        assert MEASURES[term.measure].standing == (term.span == "now")


def test_the_page_is_what_the_declarations_say() -> None:
    """When it is not, ``make docs`` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page(KPIS)
