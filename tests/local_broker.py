"""A broker that a test starts, whatever runs it (``brokers.py`` chooses)."""

from abc import ABC, abstractmethod
from typing import Final

from baton import broker as embedded
from shared.kafka.brokers import Brokers
from tests.ports import free_ports

START_WITHIN: Final = 60.0
END_WITHIN: Final = 30.0


class LocalBroker(ABC):
    """A broker at one address; it may be ended, stand still, come back, or lose everything."""

    def __init__(self) -> None:
        self.port = free_ports(2)
        """Its own, and the next one for whatever else it needs."""
        self.bootstrap = f"{embedded.HOST}:{self.port}"

    @property
    def brokers(self) -> Brokers:
        return Brokers(self.bootstrap)

    async def start(self) -> None:
        self.launch()
        await embedded.until_it_answers(self.brokers, within=START_WITHIN)

    @abstractmethod
    def launch(self) -> None:
        """It starts, and need not answer yet."""

    @abstractmethod
    def stop(self) -> None:
        """Ends saved."""

    @abstractmethod
    def kill(self) -> None:
        """Ends at once, with whatever was not saved lost."""

    @abstractmethod
    def pause(self) -> None:
        """It neither answers nor closes a connection, until it goes on."""

    @abstractmethod
    def go_on(self) -> None: ...

    @abstractmethod
    def wipe(self) -> None:
        """What it kept is gone; it has ended before."""

    def remove(self) -> None:
        """Ends for good."""
        self.kill()
