"""The same job with Kafka Streams (bench/kafka-streams), built once by Maven."""

import subprocess
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

from baton.apache_kafka.artefacts import program
from baton.broker import NoBroker
from bench.stream.contest import Task

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final = ROOT / "bench" / "kafka-streams"
BUILD_SECONDS: Final = 300


def argv(task: Task, *, tuned: bool) -> Sequence[str]:
    """The command line. Raises ``NoBroker`` where it cannot be built."""
    java = (program("java"), "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", _classpath())
    asked = (task.bootstrap, task.topic, str(task.events), str(task.folder))
    return (*java, "bench.Contestant", *(["--tuned"] if tuned else []), *asked)


def versions() -> Mapping[str, str]:
    """Of Kafka Streams; builds the program if it is new. Raises ``NoBroker`` where it cannot be built."""
    (jar,) = Path(_classpath().rpartition(":")[2]).parent.glob("kafka-streams-*.jar")
    return {"kafka-streams": jar.stem.removeprefix("kafka-streams-")}


def _classpath() -> str:
    """Of the program and what it needs; built when it is new. Raises ``NoBroker``."""
    sources = (PROJECT / "pom.xml", *sorted(PROJECT.rglob("src/**/*.java")))
    digest = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    built = ROOT / "build" / f"kafka-streams-{digest}"
    if not built.is_dir():
        _build(built)
    return f"{built}/classes:{built}/jars/*"


def _build(built: Path) -> None:
    built.parent.mkdir(exist_ok=True)
    folder = Path(mkdtemp(dir=built.parent))
    maven = (program("mvn"), "-q", "-B", "-f", str(PROJECT / "pom.xml"), f"-Dfolder={folder}")
    goals = ("compile", "dependency:copy-dependencies", f"-DoutputDirectory={folder}/jars")
    try:
        done = subprocess.run(
            [*maven, *goals], capture_output=True, text=True, check=False, timeout=BUILD_SECONDS
        )
        if done.returncode:
            raise NoBroker(f"Maven could not build it: {(done.stdout + done.stderr).strip()[:500]}")
        folder.rename(built)
    except subprocess.TimeoutExpired as error:
        raise NoBroker(f"Maven did not build it within {BUILD_SECONDS} s.") from error
    finally:
        rmtree(folder, ignore_errors=True)
