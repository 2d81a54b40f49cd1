"""The broker's jars, as Maven fetches them."""

from pathlib import Path
from shutil import which
from typing import Final

from baton.broker import NoBroker
from baton.maven import NotFetched, fetched

POM: Final = Path(__file__).with_name("pom.xml")


def classpath() -> str:
    """What the JVM is to load; fetched when it is not there yet. Raises ``NoBroker``."""
    try:
        return f"{fetched(POM, 'apache-kafka')}/*"
    except NotFetched as error:
        raise NoBroker(str(error)) from error


def program(name: str) -> str:
    """Where it is installed. Raises ``NoBroker``."""
    found = which(name)
    if found is None:
        raise NoBroker(f"Apache Kafka needs `{name}`: install Java 17 or later and Maven.")
    return found
