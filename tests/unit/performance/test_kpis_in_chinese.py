"""Definitions in 中文: nothing that any KPI says is left without it, and nothing is translated for nobody."""

import re
from dataclasses import replace
from typing import Final

import pytest

from services.performance.kpis.catalogue import FORMER, KPIS, terms
from services.performance.kpis.english import ENGLISH
from services.performance.kpis.formula import Customers, CustomerShare
from services.performance.kpis.kpi import Kpi
from services.performance.kpis.words import in_words
from services.performance.kpis.zh.clauses import CLAUSES, in_chinese
from services.performance.kpis.zh.edges import EDGES
from services.performance.kpis.zh.formulas import CHINESE
from services.performance.kpis.zh.measures import MEASURES
from services.performance.kpis.zh.periods import PERIODS
from services.performance.kpis.zh.sources import SOURCES
from services.performance.selection import under_version

ALL: Final = (*KPIS, *FORMER, *(replace(kpi, formula=under_version(kpi.formula, 2)) for kpi in KPIS))
"""Also as they are asked for under a version of the plan."""
NAMES: Final = {"Kaplan", "Meier", "Hyndman", "Fan", "Reichheld", "IFRS", "SCOR", "RL", "DSO", "CSAT", "MQL"}


def test_every_clause_has_its_chinese_and_every_chinese_its_clause() -> None:
    assert set(PERIODS) == {clause for kpi in ALL for clause in kpi.period.split("; ")}
    assert set(EDGES) == {clause for kpi in ALL for clause in kpi.edges.split("; ")}
    assert set(SOURCES) == {clause for kpi in ALL for clause in kpi.source.split("; ")}
    assert len(CLAUSES) == len(PERIODS) + len(EDGES) + len(SOURCES)


def test_every_measure_of_a_formula_has_its_chinese_and_no_other() -> None:
    assert set(MEASURES) == {term.measure for term in terms(ALL)}
    called = [name for name, _ in MEASURES.values()]
    assert len(set(called)) == len(called)


def test_every_shape_and_span_of_a_formula_has_its_chinese_and_no_other() -> None:
    about_customers = [kpi.formula for kpi in ALL if isinstance(kpi.formula, Customers | CustomerShare)]
    shapes = {type(kpi.formula) for kpi in ALL} - {Customers, CustomerShare}
    assert set(CHINESE.shapes) == set(ENGLISH.shapes) == shapes
    assert set(CHINESE.customers) == set(ENGLISH.customers) == {it.which for it in about_customers}
    assert set(CHINESE.spans) == set(ENGLISH.spans) == {term.span for term in terms(ALL)}


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: f"{kpi.name}{kpi.version}")
def test_a_definition_in_chinese_is_chinese_but_for_names(kpi: Kpi) -> None:
    told = [in_words(kpi.formula, CHINESE), *(in_chinese(it) for it in (kpi.period, kpi.edges, kpi.source))]
    assert [text for text in told if not re.search("[一-鿿]|^Kaplan|^Reichheld", text)] == []
    assert set(re.findall("[A-Za-z_]+", " ".join(told))) <= NAMES


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: f"{kpi.name}{kpi.version}")
def test_a_formula_in_chinese_reckons_with_the_same_signs(kpi: Kpi) -> None:
    english, chinese = (in_words(kpi.formula, wording) for wording in (ENGLISH, CHINESE))
    for sign in "×÷−Σ":
        assert chinese.count(sign) == english.count(sign)
    assert chinese.count("（") == chinese.count("）")


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("win_rate", "赢单数 ÷ （赢单数 + 输单数）"),
        ("cycle_p90", "90% 分位数（成交周期天数）"),
        ("conversion_won", "到达及以后商机数[赢单] ÷ 到达及以后商机数[商务谈判]"),
        ("overdue_pipeline", "期前预计成交的在途金额"),
        ("collection_rate", "（到账金额 − 退款金额） ÷ 到期应收"),
        (
            "on_time_in_full",
            "准时签收订单数 ÷ （准时签收订单数 + 逾期签收订单数 + 截至今日到期的未签收订单数）",
        ),
        ("complaints_per_100", "投诉数 ÷ 签收订单数 × 100"),
        ("pipeline_coverage", "当前在途商机金额 ÷ （（个人目标 + 计划目标） − 赢单金额）"),
    ],
)
def test_formulas_read_as_they_are_spoken(name: str, formula: str) -> None:
    (kpi,) = (it for it in KPIS if it.name == name)
    assert in_words(kpi.formula, CHINESE) == formula
