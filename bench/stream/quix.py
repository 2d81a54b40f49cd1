"""Quix Streams: folded deal by deal, grouped by cell through its own topic, summed; state in RocksDB."""

from collections.abc import Iterable
from typing import Final

from msgspec.json import Decoder, encode
from quixstreams import Application, State

from bench.stream.contest import Clock, Task, task
from bench.stream.folding import NOT_OPENED, answer_of, changes, fold
from bench.stream.job import Standing

decode: Final = Decoder(Standing).decode

Change = tuple[str, int]


class Job:
    """The steps of the stream; it ends when all events are read and no change is on its way any more."""

    def __init__(self, asked: Task) -> None:
        self.sums: dict[str, int] = {}
        self._unread = asked.events
        self._under_way = 0
        self._app = Application(
            asked.bootstrap,
            consumer_group=f"quix-{asked.folder.name}",
            auto_offset_reset="earliest",
            state_dir=asked.folder / "state",
            processing_guarantee="exactly-once",
            loglevel="WARNING",
        )
        topic = self._app.topic(asked.topic, key_deserializer="str", value_deserializer="bytes")
        moved = self._app.dataframe(topic).apply(self._moved, stateful=True, expand=True)
        by_cell = moved.group_by(_cell, "cell", key_serializer="str", key_deserializer="str")
        by_cell.update(self._summed, stateful=True)

    def run(self) -> None:
        """Until everything is committed."""
        self._app.run()

    def _moved(self, value: bytes, state: State) -> Iterable[Change]:
        kept = state.get_bytes("deal")
        before = decode(kept) if kept else NOT_OPENED
        after = fold(before, value)
        if after != before:
            state.set_bytes("deal", encode(after))
        found = changes(before, after)
        self._unread -= 1
        self._under_way += len(found)
        return found

    def _summed(self, change: Change, state: State) -> None:
        cell, value = change
        self.sums[cell] = total = state.get("sum", 0) + value
        state.set("sum", total)
        self._under_way -= 1
        if not self._unread and not self._under_way:
            self._app.stop()


def _cell(change: Change) -> str:
    return change[0]


def main() -> None:
    asked = task()
    job = Job(asked)
    clock = Clock()
    job.run()
    clock.stop(asked.events, answer_of(job.sums))


if __name__ == "__main__":
    main()
