"""Pathway: events folded deal by deal, deals grouped into cells, what was read kept in a folder.

To keep the operators' state instead, `OPERATOR_PERSISTING`, asks for a license key.
"""

from typing import Any, Final

import pathway as pw

from bench.stream.contest import Clock, Task, task
from bench.stream.folding import NOT_OPENED, answer_of, fold
from bench.stream.job import WON, Standing

SNAPSHOT_MS: Final = 5_000
COMMIT_MS: Final = 200
BACKLOG: Final = 20_000
"""Events under way at most; without a limit the whole topic comes into memory."""

Kept = tuple[int, str, str, int, str, str]
"""A standing as a value of Pathway."""
Row = tuple[tuple[pw.Json, bytes], int]
"""What is known of a record beside its value, the value; and that it came (1)."""


class Deal(pw.Schema):
    at: int
    owner: str
    line: str
    minor: int
    currency: str
    won_on: str


def main() -> None:
    asked = task()
    board: dict[str, int] = {}
    _graph(asked, board)
    persistence = pw.persistence.Config(
        pw.persistence.Backend.filesystem(asked.folder / "state"),
        snapshot_interval_ms=SNAPSHOT_MS,
    )
    clock = Clock()
    pw.run(persistence_config=persistence, monitoring_level=pw.MonitoringLevel.NONE)
    clock.stop(asked.events, answer_of(board))


def _graph(asked: Task, board: dict[str, int]) -> None:
    settings = {
        "bootstrap.servers": asked.bootstrap,
        "group.id": f"pathway-{asked.folder.name}",
        "auto.offset.reset": "earliest",
    }
    events = pw.io.kafka.read(
        settings,
        asked.topic,
        mode="static",
        format="raw",
        with_metadata=True,
        autogenerate_key=True,
        name="events",
        autocommit_duration_ms=COMMIT_MS,
        max_backlog_size=BACKLOG,
    )
    folded = events.groupby(pw.this.key).reduce(deal=_folded(pw.this["_metadata"], pw.this.data))
    fields = {name: pw.this.deal[number] for number, name in enumerate(Deal.column_names())}
    deals = folded.select(**fields).update_types(**Deal.typehints())

    standing = deals.groupby(pw.this.at).reduce(pw.this.at, value=pw.reducers.count())
    place = (pw.this.won_on, pw.this.owner, pw.this.line, pw.this.currency)
    won = deals.filter(pw.this.at == WON).groupby(*place).reduce(*place, value=pw.reducers.sum(pw.this.minor))
    _show(board, "standing", standing)
    _show(board, "won_amount", won)


@pw.reducers.stateful_many
def _folded(state: Kept | None, rows: list[Row]) -> Kept:
    """Rows of one commit come in no order."""
    deal = Standing(*state) if state else NOT_OPENED
    for (_, value), _ in sorted(rows, key=_offset):
        deal = fold(deal, value)
    return (deal.at, deal.owner, deal.line, deal.minor, deal.currency, deal.won_on)


def _offset(row: Row) -> int:
    offset: int = row[0][0].value["offset"]
    return offset


def _show(board: dict[str, int], measure: str, table: pw.Table) -> None:
    """Keep the latest of each cell; a commit may add the new value before it takes the old one away."""

    def changed(*, row: dict[str, Any], is_addition: bool, **_at: Any) -> None:
        value = row.pop("value")
        cell = "|".join((measure, *map(str, row.values())))
        if is_addition:
            board[cell] = value
        elif board.get(cell) == value:
            del board[cell]

    pw.io.subscribe(table, on_change=changed)


if __name__ == "__main__":
    main()
