"""What the four files say together, and what is said about their slips."""

from datetime import date
from pathlib import Path

import pytest

from baton.import_crm.export import Export, understand
from baton.import_crm.note import Note
from tests.unit.baton import crm_export

TODAY = date(2025, 6, 1)


def test_good_rows_are_understood(tmp_path: Path) -> None:
    export = understand(crm_export.write(tmp_path), today=TODAY)
    assert (list(export.deals), list(export.agents)) == (
        ["W1", "L1", "E1", "P1"],
        ["Moses Frase", "Anna Snelling", "Boris Faz"],
    )
    won = export.deals["W1"]
    assert (won.minor, won.product.minor, won.product.line) == (451_400, 482_100, "GTX")
    assert export.deals["L1"].product.minor == 5550
    assert export.first_day == date(2016, 10, 20)


def test_slips_are_mended_and_told(tmp_path: Path) -> None:
    notes = understand(crm_export.write(tmp_path), today=TODAY).notes
    mended = [(n.file, n.row, n.field, n.was, n.now) for n in notes if n.kind == "mended"]
    assert mended == [
        ("accounts.csv", 2, "sector", "technolgy", "technology"),
        ("sales_pipeline.csv", 2, "product", "GTXPro", "GTX Pro"),
        ("sales_pipeline.csv", 5, "engage_date", "", "2017-03-11"),
    ]


def test_what_is_missing_is_left_out_and_told(tmp_path: Path) -> None:
    export = understand(crm_export.write(tmp_path), today=TODAY)
    without = [(n.file, n.row, n.field, n.was) for n in export.notes if n.kind == "left without"]
    assert without == [
        ("accounts.csv", 3, "employees", "many"),
        ("sales_pipeline.csv", 4, "account", ""),
        ("sales_pipeline.csv", 5, "account", ""),
    ]
    assert export.accounts["Betatech"].employees is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("X1,Moses Frase,GTX Pro", "it has 3 fields instead of 8"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2017-02-30,1", "close_date is not a date"),
        ("X1,Moses Frase,GTX Pro,,Won,20161020,2017-02-03,1", "engage_date is not a date"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2017-03-01,-5", "close_value is negative"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2017-03-01,a lot", "close_value is not a number"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2017-03-01,NaN", "close_value is not a number"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2017-03-01,sNaN", "close_value is not a number"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2017-03-01,1e999999", "close_value is"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2017-03-01,1.001", "finer than a cent"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2017-03-01,", "won without a close_value"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,,5", "won without a close_date"),
        ("X1,Moses Frase,GTX Pro,,Engaging,,,", "engaging without an engage_date"),
        ("X1,Moses Frase,GTX Pro,,Engaging,2016-10-20,2017-03-01,", "engaging and has a close_date"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2016-10-19,5", "before it is engaged"),
        ("X1,Moses Frase,GTX Pro,,Won,2016-10-20,2099-10-19,5", "in the future"),
        ("X1,Nobody,GTX Pro,,Engaging,2016-10-20,,", "sales_agent is not known"),
        ("X1,,GTX Pro,,Engaging,2016-10-20,,", "it has no sales_agent"),
        ("X1,Moses Frase,GTX Max,,Engaging,2016-10-20,,", "product is not known"),
        ("X1,Moses Frase,GTX Pro,Unheard Of,Engaging,2016-10-20,,", "account is not known"),
        ("X1,Moses Frase,GTX Pro,,Dreaming,2016-10-20,,", "deal_stage is not known"),
        ("X 1/2,Moses Frase,GTX Pro,,Engaging,2016-10-20,,", "opportunity_id may have"),
        (",Moses Frase,GTX Pro,,Engaging,2016-10-20,,", "it has no opportunity_id"),
        ("W1,Moses Frase,GTX Pro,,Engaging,2016-10-20,,", "earlier row has the same"),
    ],
)
def test_a_broken_row_is_rejected_and_the_rest_goes_on(tmp_path: Path, row: str, reason: str) -> None:
    lines = crm_export.PIPELINE.splitlines()
    folder = crm_export.write(tmp_path, sales_pipeline="\n".join([*lines[:2], row, *lines[2:]]))
    export = understand(folder, today=TODAY)
    (rejected,) = _rejected(export)
    assert (rejected.file, rejected.row) == ("sales_pipeline.csv", 3)
    assert reason in rejected.reason
    assert list(export.deals) == ["W1", "L1", "E1", "P1"]


def test_deals_of_a_rejected_product_are_rejected_too(tmp_path: Path) -> None:
    products = crm_export.PRODUCTS.replace("55.50", "free")
    export = understand(crm_export.write(tmp_path, products=products), today=TODAY)
    assert [(n.file, n.row) for n in _rejected(export)] == [
        ("products.csv", 3),
        ("sales_pipeline.csv", 3),
        ("sales_pipeline.csv", 4),
    ]


def test_an_export_without_any_deal_is_no_error(tmp_path: Path) -> None:
    export = understand(crm_export.write(tmp_path, sales_pipeline=crm_export.PIPELINE_HEAD), today=TODAY)
    assert (export.deals, export.first_day) == ({}, TODAY)


def _rejected(export: Export) -> list[Note]:
    return [note for note in export.notes if note.kind == "rejected"]
