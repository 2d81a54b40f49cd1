"""Everything that goes wrong, one after the other."""

from typing import Any, Final

from tests.chaos import breaking, killing, meddling
from tests.chaos.run import Fault
from tests.chaos.stage import clocked, embedded, on_apache
from tests.house import SERVICES

SHORT: Final = (0.5, 3.0)
OVER_A_SESSION: Final = (7.0, 9.0)
"""Longer than a member of a group may be silent."""
AN_HOUR: Final = 3600

FAULTS: Final[tuple[Fault[Any], ...]] = (
    *(Fault(f"{service} killed", embedded, killing.killed(service), SHORT) for service in SERVICES),
    Fault("embedded broker killed", embedded, killing.killed("kafka"), SHORT),
    Fault("all killed at once", embedded, killing.all_killed, (0.0, 1.0)),
    Fault("disk full", embedded, breaking.disk_full, SHORT),
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
