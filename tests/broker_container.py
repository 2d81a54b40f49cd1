"""Apache Kafka in a container, with the image and the settings of docker-compose.yml."""

from functools import cache
from typing import Any, Final

from docker.errors import DockerException  # type: ignore[import-untyped] # it ships no types
from testcontainers.core.container import DockerContainer

from baton.broker import HOST
from tests import compose
from tests.docker_engine import why_no_engine
from tests.local_broker import END_WITHIN, LocalBroker

IMAGE: Final[str] = compose.SERVICES["kafka"]["image"]
INSIDE: Final = "kafka"
"""Its name in compose, by which it reaches itself."""
OUTSIDE: Final = 29092
"""The port of the listener for who is outside of compose."""


class BrokerContainer(LocalBroker):
    """What it keeps is in the container, which is there until it is wiped."""

    def __init__(self, image: str = IMAGE, *, advertised: int | None = None) -> None:
        super().__init__()
        self._image = image
        self._advertised = advertised or self.port
        self._made: DockerContainer | None = None

    def launch(self) -> None:
        if self._made is None:
            self._made = self._new().start()
        else:
            self._container.start()

    def stop(self) -> None:
        if self._runs():
            self._container.stop(timeout=int(END_WITHIN))

    def kill(self) -> None:
        if self._runs():
            self._container.kill()
            self._container.wait(timeout=END_WITHIN)

    def pause(self) -> None:
        self._container.pause()

    def go_on(self) -> None:
        self._container.unpause()

    def wipe(self) -> None:
        self.remove()

    def remove(self) -> None:
        if self._made is not None:
            self._made.stop()
            self._made = None

    @property
    def _container(self) -> Any:
        assert self._made is not None
        return self._made.get_wrapped_container()

    def _runs(self) -> bool:
        if self._made is None:
            return False
        self._container.reload()
        return bool(self._container.attrs["State"]["Running"])

    def _new(self) -> DockerContainer:
        settings = {
            **compose.SERVICES["kafka"]["environment"],
            "KAFKA_ADVERTISED_LISTENERS": f"INSIDE://{INSIDE}:9092,OUTSIDE://{HOST}:{self._advertised}",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "true",  # as with any broker that nobody told otherwise
        }
        container = DockerContainer(self._image, env={name: str(it) for name, it in settings.items()})
        container.ports = {str(OUTSIDE): (HOST, self.port)}  # type: ignore[dict-item] # this machine's alone
        return container.with_kwargs(hostname=INSIDE)


@cache
def why_no_container() -> str:
    """Why it cannot run here; empty when it can. Pulls the image where the engine has none."""
    if why := why_no_engine():
        return why
    try:
        with DockerContainer(IMAGE, command="true"):
            return ""
    except DockerException as error:
        return f"Docker does not start {IMAGE}: {error}"
