"""Everything that goes wrong, one after the other."""

from typing import Any, Final

from tests.chaos import breaking, killing, meddling
from tests.chaos.run import Fault
from tests.chaos.stage import clocked, embedded, on_apache, on_small_disk
from tests.house import SERVICES
from tests.small_disk import may_mount

SHORT: Final = (0.5, 3.0)
OVER_A_SESSION: Final = (7.0, 9.0)
"""Longer than a member of a group may be silent."""
AN_HOUR: Final = 3600


def disks_full(*, may_mount: bool) -> tuple[Fault[Any], ...]:
    """Where no disk can be mounted and filled, a limit stands in for it."""
    if not may_mount:
        return (Fault("disk full (simulated)", embedded, breaking.files_full, SHORT),)
    return (
        Fault("stores' disk full", on_small_disk("EVENTSTORE_URL"), breaking.disk_full, SHORT),
        Fault("read models' disk full", on_small_disk("DATABASE_URL"), breaking.disk_full, SHORT),
    )


FAULTS: Final[tuple[Fault[Any], ...]] = (
    *(Fault(f"{service} killed", embedded, killing.killed(service), SHORT) for service in SERVICES),
    Fault("embedded broker killed", embedded, killing.killed("kafka"), SHORT),
    Fault("all killed at once", embedded, killing.all_killed, (0.0, 1.0)),
    *disks_full(may_mount=may_mount()),
    Fault("clock jumps ahead", clocked, breaking.clock_jumps(AN_HOUR), SHORT),
    Fault("clock jumps back", clocked, breaking.clock_jumps(-AN_HOUR), SHORT),
    Fault("slow and half-open clients", embedded, meddling.slow_clients, SHORT),
    Fault("old records again", embedded, meddling.old_records_again, SHORT),
    Fault("Kafka killed", on_apache, breaking.broker_killed, SHORT),
    Fault("Kafka wiped", on_apache, breaking.broker_wiped, SHORT),
    Fault("Kafka frozen", on_apache, breaking.broker_paused, OVER_A_SESSION),
    Fault("network cut", on_apache, breaking.wire_cut, SHORT),
    Fault("network silent", on_apache, breaking.wire_held, OVER_A_SESSION),
    Fault("network slow", on_apache, breaking.wire_slow, SHORT),
)
