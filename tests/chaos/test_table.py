"""What the table says of some runs."""

from pathlib import Path

from tests.chaos.page import put
from tests.chaos.run import Run
from tests.chaos.table import Row, table

ROW = Row(
    "Kafka wiped",
    [
        Run(moment=0.5, lasted=1, operations=900, unanswered=3, recovery=2.04),
        Run(moment=0.5, lasted=1, operations=200, recovery=9.96),
        Run(moment=0.5, lasted=1, operations=100, violations={"done twice": ["one", "another"]}),
    ],
    left_behind=["process 42"],
)


def test_a_row_adds_its_runs_up_and_one_that_did_not_recover_has_no_time() -> None:
    assert table([ROW.told()]).splitlines()[-1] == "| Kafka wiped | 3 | 1,200 | 3 | 3 | 2.0 | 10.0 |"


def test_a_fault_that_no_run_recovered_from_has_no_times() -> None:
    assert table([Row("Kafka wiped").told()]).splitlines()[-1] == "| Kafka wiped | 0 | 0 | 0 | 0 | – | – |"


def test_the_page_has_the_last_table_only(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before\n<!-- made by x -->\nold\n<!-- /made -->\nAfter\n")
    machine = {"cores": 2, "processor": "EPYC", "platform": "Linux"}
    told = {"machine": machine, "versions": {"Python": "3.11"}, "date": "2026-11-27", "seed": "7"}
    told |= {"load": {"before": 0.04, "after": 3.21}, "faults": [ROW.told()]}
    put(told, page)
    once = page.read_text()
    put(told, page)
    assert page.read_text() == once
    assert "old" not in once
    assert once.startswith("Before\n<!-- made by x -->\n")
    assert once.endswith("| Kafka wiped | 3 | 1,200 | 3 | 3 | 2.0 | 10.0 |\n\n<!-- /made -->\nAfter\n")
    load = "load average over 5 minutes 0.0 before, 3.2 after"
    assert f"2026-11-27, 2 cores of EPYC, Linux; {load}; Python 3.11; seed `7`." in once
