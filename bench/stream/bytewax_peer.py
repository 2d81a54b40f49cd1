"""Bytewax: from its Kafka input, folded deal by deal, summed cell by cell, kept by its recovery system."""

from collections.abc import Sequence
from typing import Any, Final

from bytewax import operators as op
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main

from bench.stream.contest import Clock, Task, task
from bench.stream.folding import NOT_OPENED, answer_of, changes, fold
from bench.stream.job import Standing

RECOVERY_PARTITIONS: Final = 1
"""One for each worker."""

Changes = list[tuple[str, int]]
Message = KafkaSourceMessage[bytes | None, bytes | None]


def main() -> None:
    asked = task()
    recovery = asked.folder / "recovery"
    recovery.mkdir()
    init_db_dir(recovery, RECOVERY_PARTITIONS)
    board = Board()
    flow = _flow(asked, board)
    clock = Clock()
    cli_main(flow, recovery_config=RecoveryConfig(recovery))
    clock.stop(asked.events, answer_of(board.sums))


def _flow(asked: Task, board: "Board") -> Dataflow:
    flow = Dataflow("job")
    messages = op.input("topic", flow, KafkaSource([asked.bootstrap], [asked.topic], tail=False))
    deals = op.key_on("deal", messages, lambda message: message.key.decode())
    moved = op.stateful_flat_map("standing", deals, _moved)
    cells = op.map("cell", moved, lambda keyed: keyed[1])
    op.output("board", op.stateful_map("sum", cells, _summed), board)
    return flow


def _moved(deal: Standing | None, message: Message) -> tuple[Standing, Changes]:
    before = deal or NOT_OPENED
    after = fold(before, message.value or b"")
    return after, changes(before, after)


def _summed(total: int | None, change: int) -> tuple[int, int]:
    now = (total or 0) + change
    return now, now


class Board(DynamicSink[tuple[str, int]], StatelessSinkPartition[tuple[str, int]]):
    """What a board would show: the latest of each cell."""

    def __init__(self) -> None:
        self.sums: dict[str, int] = {}

    def build(self, *_at: Any) -> "Board":
        return self

    def write_batch(self, items: Sequence[tuple[str, int]]) -> None:
        self.sums.update(items)


if __name__ == "__main__":
    main()
