"""The broker that a test gets: the embedded one, or, where ``TEST_BROKER`` says so, Apache Kafka.

``apache`` is on Java from what Maven fetched, else in a container; ``container`` is in a container. Where it
cannot run, the test is skipped, or fails with ``REQUIRE_KAFKA=1``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

import pytest

from tests.broker_container import BrokerContainer, why_no_container
from tests.broker_process import ApacheProcess, BrokerProcess, why_no_java
from tests.local_broker import LocalBroker

Kind = Literal["embedded", "apache", "container"]
ASKED: Final = os.environ.get("TEST_BROKER", "embedded")
APACHE: Final = ASKED if ASKED != "embedded" else "apache"
"""What is asked for where only Apache Kafka will do."""


@contextmanager
def local_broker(data: Path, asked: str = ASKED, *, advertised: int | None = None) -> Iterator[LocalBroker]:
    """One that is not started yet, and ended with the block.

    Apache Kafka tells its clients to come by the port ``advertised``, where something stands before it.
    """
    broker: LocalBroker
    match chosen(asked):
        case "embedded":
            broker = BrokerProcess(data)
        case "apache":
            broker = ApacheProcess(data, advertised=advertised)
        case "container":
            broker = BrokerContainer(advertised=advertised)
    try:
        yield broker
    finally:
        broker.remove()


def chosen(asked: str = ASKED) -> Kind:
    """What the test runs on here."""
    match asked:
        case "embedded":
            return "embedded"
        case "apache" if not why_no_java():
            return "apache"
        case "apache" | "container" if not why_no_container():
            return "container"
        case "apache":
            why = f"{why_no_java()} {why_no_container()}"
        case "container":
            why = why_no_container()
        case _:
            raise ValueError(f"TEST_BROKER is embedded, apache or container, not {asked}.")
    said = f"APACHE KAFKA WAS NOT TRIED: {why}"
    if os.environ.get("REQUIRE_KAFKA"):
        pytest.fail(said)
    pytest.skip(said)
