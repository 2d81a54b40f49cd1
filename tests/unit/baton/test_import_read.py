"""Reading CSV files as people really export them."""

from pathlib import Path

import pytest

from baton.import_crm.read import Unusable, read

COLUMNS = ("name", "town")


def test_a_file_with_a_mark_and_windows_line_ends_reads_like_any_other(tmp_path: Path) -> None:
    path = _file(tmp_path, "name,town\r\n王晓峰, 上海 \r\n".encode("utf-8-sig"))
    rows, notes = read(path, COLUMNS)
    assert [(row.number, row.fields) for row in rows] == [(2, {"name": "王晓峰", "town": "上海"})]
    assert notes == []


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-16"])
def test_chinese_names_are_read_in_every_encoding_in_use(tmp_path: Path, encoding: str) -> None:
    rows, _ = read(_file(tmp_path, "name,town\n李静,深圳\n".encode(encoding)), COLUMNS)
    assert rows[0].fields == {"name": "李静", "town": "深圳"}


def test_columns_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    rows, _ = read(_file(tmp_path, b"More,Town,Name\n1,Ulm,Ann\n"), COLUMNS)
    assert rows[0].fields["name"] == "Ann"


def test_a_row_with_too_few_or_too_many_fields_is_told_with_its_line(tmp_path: Path) -> None:
    rows, notes = read(_file(tmp_path, b"name,town\nAnn,Ulm\nBob\nCem,Bonn,x\nDan,Kiel\n"), COLUMNS)
    assert [row.fields["name"] for row in rows] == ["Ann", "Dan"]
    assert [(n.kind, n.row, n.reason) for n in notes] == [
        ("rejected", 3, "it has 1 fields instead of 2"),
        ("rejected", 4, "it has 3 fields instead of 2"),
    ]


def test_an_open_quotation_mark_costs_its_own_row_only(tmp_path: Path) -> None:
    lines = [b"name,town", b'"Ann,Ulm'] + [b"Bob,Bonn"] * 30
    rows, notes = read(_file(tmp_path, b"\n".join(lines)), COLUMNS)
    assert len(rows) == 30
    assert [(n.row, "quotation mark" in n.reason) for n in notes] == [(2, True)]


def test_a_field_may_go_over_two_lines(tmp_path: Path) -> None:
    rows, notes = read(_file(tmp_path, b'name,town\n"Ann\nLee",Ulm\nBob,Bonn\n'), COLUMNS)
    assert [(row.number, row.fields["name"]) for row in rows] == [(2, "Ann\nLee"), (4, "Bob")]
    assert notes == []


def test_bytes_that_are_no_text_cost_their_row_only(tmp_path: Path) -> None:
    rows, notes = read(_file(tmp_path, b"name,town\nAnn,Ulm\n\xff\xff\xff,Bonn\n"), COLUMNS)
    assert [row.fields["name"] for row in rows] == ["Ann"]
    assert [n.row for n in notes] == [3]


def test_blank_lines_are_nothing(tmp_path: Path) -> None:
    rows, notes = read(_file(tmp_path, b"name,town\n\nAnn,Ulm\n\n"), COLUMNS)
    assert (len(rows), notes) == (1, [])


def test_a_missing_column_or_file_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="has no column town"):
        read(_file(tmp_path, b"name\nAnn\n"), COLUMNS)
    with pytest.raises(Unusable, match="has no column name, town"):
        read(_file(tmp_path, b""), COLUMNS)
    with pytest.raises(Unusable, match="cannot be read"):
        read(tmp_path / "none.csv", COLUMNS)


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(content)
    return path
