"""One node: its settings, its storage, and the command line that runs it in the foreground."""

import re
import subprocess
from pathlib import Path
from typing import Final

from baton.apache_kafka.artefacts import classpath, program
from baton.broker import HOST, NoBroker

CLUSTER: Final = "YmF0b24tb25lLW1hY2hpbg"
"""The same for every node that is made here, as its id stands in no other place."""
JVM: Final = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-Dlog4j2.level=WARN")
SETTINGS: Final = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
controller.quorum.bootstrap.servers={host}:{controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={logs}
# one node has one copy of everything
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# nobody else is coming: a group need not wait
group.initial.rebalance.delay.ms=0
"""


def argv(data: Path, *, port: int, controller: int) -> list[str]:
    """The command line; all files under ``data``, which is made ready if it is new. Raises ``NoBroker``.

    ``controller`` is the port of the node's own quorum; a node that was there before keeps the one it had.
    """
    jars = classpath()
    settings, logs = data / "server.properties", data / "logs"
    data.mkdir(parents=True, exist_ok=True)
    known = re.search(r"CONTROLLER://[^:]+:(\d+)", settings.read_text()) if settings.is_file() else None
    kept = int(known[1]) if known else controller
    settings.write_text(SETTINGS.format(host=HOST, port=port, controller=kept, logs=logs.resolve()))
    if not (logs / "meta.properties").is_file():
        _format(jars, settings)
    return [program("java"), *JVM, "-cp", jars, "kafka.Kafka", str(settings)]


def _format(jars: str, settings: Path) -> None:
    asked = ("format", "--standalone", "--cluster-id", CLUSTER, "--config", str(settings))
    java = (program("java"), *JVM, "-cp", jars, "kafka.tools.StorageTool")
    done = subprocess.run([*java, *asked], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoBroker(f"Apache Kafka's storage could not be made: {(done.stdout + done.stderr)[-500:]}")
