"""The four images, built once; of official base images where the engine has them, else of stand-ins."""

import os
import re
from collections.abc import Mapping
from typing import Final

import pytest

from shared.events.catalogue import SERVICES
from tests.images.engine import ROOT, build, has_image, why_no_engine
from tests.images.stand_ins import stand_in
from tests.integration.conftest import _the_broker_can_run, own_broker

__all__ = ["_the_broker_can_run", "own_broker"]

REQUIRED: Final = bool(os.environ.get("REQUIRE_DOCKER"))


@pytest.fixture(scope="session", autouse=True)
def _an_engine_answers() -> None:
    why = why_no_engine()
    if why and REQUIRED:
        pytest.fail(f"REQUIRE_DOCKER is set: {why}")
    if why:
        pytest.skip(f"THE IMAGES WERE NOT BUILT OR RUN: {why}")


@pytest.fixture(scope="session")
def bases() -> Mapping[str, str]:
    """The build arguments that name the base images."""
    wanted = dict(re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    return {
        name: tag if has_image(tag) else stand_in(name.removesuffix("_IMAGE").lower())
        for name, tag in wanted.items()
    }


@pytest.fixture(scope="session")
def images(_an_engine_answers: None, bases: Mapping[str, str]) -> Mapping[str, str]:
    """The tag of each service's image."""
    tags = {service: f"baton-{service}:test" for service in SERVICES}
    for service, tag in tags.items():
        arguments = {**bases, "SERVICE": service}
        build(tag, context=ROOT, file=ROOT / "Dockerfile", target="image", arguments=arguments)
    return tags
