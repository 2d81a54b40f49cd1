"""Writes the page of the KPI catalogue: ``python -m services.performance.kpis``."""

from pathlib import Path

from services.performance.kpis.catalogue import KPIS
from services.performance.kpis.page import page

Path("docs/kpis.md").write_text(page(KPIS), encoding="utf-8")
