"""Who takes part: by which command line, in which versions, on what share of the events."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from baton.broker import NoBroker
from bench.stream import kafka_streams
from bench.stream.contest import Task

PEERS: Final = Path(__file__).with_name("peers") / ".venv" / "bin" / "python"


class CannotRun(Exception):
    """What a contestant needs is not installed here."""


class Contestant(NamedTuple):
    """``versions`` of what it is made of, by name, for the report; raises ``CannotRun``.

    ``share`` is the part of the events it is given, where all of them would take too long.
    """

    argv: Callable[[Task], Sequence[str]]
    versions: Callable[[], Mapping[str, str]]
    share: float = 1


def module(
    name: str, *options: str, of: Sequence[str], python: str = sys.executable, share: float = 1
) -> Contestant:
    """A module of this folder, made of these distributions."""
    return Contestant(partial(_argv, python, name, options), partial(_versions, python, of), share)


def _argv(python: str, name: str, options: Sequence[str], task: Task) -> Sequence[str]:
    asked = (task.bootstrap, task.topic, str(task.events), str(task.folder))
    return (python, "-m", f"bench.stream.{name}", *options, *asked)


def _versions(python: str, of: Sequence[str]) -> Mapping[str, str]:
    asked = "import json, sys; from importlib.metadata import version as v; "
    asked += "print(json.dumps({name: v(name) for name in sys.argv[1:]}))"
    try:
        done = subprocess.run([python, "-c", asked, *of], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise CannotRun("its virtual environment is not made") from error
    if done.returncode:
        raise CannotRun(done.stderr.strip().splitlines()[-1])
    found: Mapping[str, str] = json.loads(done.stdout)
    return found


def streams(*, tuned: bool) -> Contestant:
    return Contestant(partial(kafka_streams.argv, tuned=tuned), _streams_versions)


def _streams_versions() -> Mapping[str, str]:
    try:
        return kafka_streams.versions()
    except NoBroker as error:
        raise CannotRun(str(error)) from error


BATON: Final = "Baton's runner"
CONTESTANTS: Final[Mapping[str, Contestant]] = {
    BATON: module("baton_runner", of=("faust-streaming", "aiokafka", "sqlalchemy")),
    "aiokafka getmany": module("ceiling_aiokafka", of=("aiokafka",)),
    "aiokafka, decoded": module("ceiling_aiokafka", "--decode", of=("aiokafka",)),
    "librdkafka consume": module("ceiling_librdkafka", of=("confluent-kafka",)),
    "librdkafka, decoded": module("ceiling_librdkafka", "--decode", of=("confluent-kafka",)),
    "Faust with tables": module("faust_table", of=("faust-streaming", "aiokafka"), share=0.05),
    "Faust recovering its tables": module("faust_recovery", of=("faust-streaming",), share=0.02),
    "Quix Streams": module("quix", of=("quixstreams", "confluent-kafka"), python=str(PEERS)),
    "Bytewax": module("bytewax_peer", of=("bytewax", "confluent-kafka"), python=str(PEERS)),
    "Pathway": module("pathway_peer", of=("pathway",), python=str(PEERS)),
    "Kafka Streams": streams(tuned=False),
    "Kafka Streams, tuned": streams(tuned=True),
}
