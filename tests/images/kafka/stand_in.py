"""Apache Kafka's image: the one that compose names, or a stand-in of what Maven fetches."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from baton.apache_kafka import artefacts
from tests.broker_container import IMAGE
from tests.images.engine import build, has_image
from tests.images.stand_ins import root

STAND_IN: Final = "baton-stand-in/kafka"
HERE: Final = Path(__file__).parent


def image() -> str:
    """Its tag."""
    if has_image(IMAGE):
        return IMAGE
    if not has_image(STAND_IN):
        with TemporaryDirectory() as context:
            _gather(Path(context))
            file, arguments = HERE / "Dockerfile", {"ROOT": root()}
            build(STAND_IN, context=Path(context), file=file, target="kafka", arguments=arguments)
    return STAND_IN


def _gather(context: Path) -> None:
    """This machine's Java, Kafka's jars, and how both are started."""
    java = Path(artefacts.program("java")).resolve().parents[1]
    shutil.copytree(java, context / "java", ignore_dangling_symlinks=True)
    shutil.copytree(Path(artefacts.classpath()).parent, context / "jars")
    shutil.copy(HERE / "launch", context)
