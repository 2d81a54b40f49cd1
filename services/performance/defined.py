"""How KPIs and measures are defined, in the language that is asked for."""

from services.performance.kpis.english import ENGLISH
from services.performance.kpis.formula import parts
from services.performance.kpis.kpi import Kpi
from services.performance.kpis.words import in_words
from services.performance.kpis.zh.clauses import in_chinese
from services.performance.kpis.zh.formulas import CHINESE
from services.performance.kpis.zh.measures import MEASURES as MEASURES_ZH
from services.performance.measures.catalogue import MEASURES
from services.performance.question import Lang
from services.performance.views import Definition


def definition(kpi: Kpi, lang: Lang) -> Definition:
    chinese = lang == "zh"
    said = in_chinese if chinese else str
    measures = [term.measure for terms in parts(kpi.formula).values() for term in terms]
    return Definition(
        name=kpi.name,
        version=kpi.version,
        label_zh=kpi.zh,
        label_en=kpi.en,
        unit=kpi.unit,
        better=kpi.better,
        measures=list(dict.fromkeys(measures)),
        lang=lang,
        formula=in_words(kpi.formula, CHINESE if chinese else ENGLISH),
        period=said(kpi.period),
        edges=said(kpi.edges),
        source=said(kpi.source),
    )


def measured(measure: str, lang: Lang) -> tuple[str, str]:
    """What formulas call a measure, and what one unit of it is."""
    own = (measure, MEASURES[measure].means)
    return MEASURES_ZH.get(measure, own) if lang == "zh" else own
