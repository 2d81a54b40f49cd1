"""The page that lists every KPI, for people: English, and 中文 below it."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from services.performance.kpis.catalogue import terms
from services.performance.kpis.english import ENGLISH
from services.performance.kpis.kpi import Kpi
from services.performance.kpis.words import in_words
from services.performance.kpis.zh.clauses import in_chinese
from services.performance.kpis.zh.formulas import CHINESE
from services.performance.kpis.zh.measures import MEASURES as MEASURES_ZH
from services.performance.measures.catalogue import MEASURES
from shared.events.deal import STAGES


def page(kpis: Collection[Kpi]) -> str:
    """The KPI catalogue (Markdown)."""
    return "\n".join([_PAGE, *(_section(kpi) for kpi in kpis), *_measures(kpis), ""])


def _section(kpi: Kpi) -> str:
    lines = "\n".join(f"- {english}\\\n  {chinese}" for english, chinese in _told(kpi))
    return f"## {kpi.en} {kpi.zh}\n\n`{kpi.key}`, {kpi.unit}, {kpi.better} is better\n\n{lines}\n"


def _told(kpi: Kpi) -> Iterator[tuple[str, str]]:
    """What is said of a KPI, in English and in 中文."""
    yield f"Formula: {in_words(kpi.formula, ENGLISH)}", f"公式：{in_words(kpi.formula, CHINESE)}"
    yield f"Period: {kpi.period}", f"时段口径：{in_chinese(kpi.period)}"
    yield f"At the edges: {kpi.edges}", f"边界情况：{in_chinese(kpi.edges)}"
    yield f"Source: {kpi.source}", f"定义出处：{in_chinese(kpi.source)}"


def _measures(kpis: Iterable[Kpi]) -> Iterator[str]:
    used = {term.measure for term in terms(kpis)}
    yield "## Measures 计量\n\nWhat one unit of each is.\n"
    for name, measure in MEASURES.items():
        if name in used:
            called, means = MEASURES_ZH[name]
            yield f"- `{name}`: {measure.means}\\\n  {called}：{means}"


_PAGE: Final = f"""\
# KPIs 指标

Every number of the boards, as `services/performance/kpis/` declares it. `make docs` writes this page, and a
test fails when it says something else.

- A period is business days: `from` is the first, `to` the first no longer in it.
- An undefined number is `null`, never zero. Money is kept apart by currency, unless `currency` asks for one.
- `GET /kpis/definitions` answers what is below, and `GET /explain?kpi=NAME` what a number is made of, down to
  the events; both in 中文 with `lang=zh`. With `as_of`, boards show what was known at that moment.
- The names in formulas are measures; the last section says what they count. `[1]` is one bucket of a measure:
  for stages their place, from {STAGES[0]} 0 to {STAGES[-1]} {len(STAGES) - 1} and won {len(STAGES)}.
"""
