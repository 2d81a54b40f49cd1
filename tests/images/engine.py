"""The Docker engine, by its own command line."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
BUILD_SECONDS: Final = 900


class Failed(Exception):
    """The engine, or what it ran, said no; the message is what it said."""


def docker(*arguments: str, within: float = 120) -> str:
    """What the command printed; raises ``Failed``."""
    done = attempt(*arguments, within=within)
    if done.returncode:
        raise Failed(f"docker {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def attempt(*arguments: str, within: float = 120) -> subprocess.CompletedProcess[str]:
    """The command, which may fail."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, timeout=within)


def why_no_engine() -> str:
    """Why no engine answers; empty when one does."""
    try:
        asked = attempt("version", "--format", "{{.Server.Version}}")
    except FileNotFoundError:
        return "docker is not installed"
    return asked.stderr.strip() if asked.returncode else ""


def has_image(tag: str) -> bool:
    return attempt("image", "inspect", tag).returncode == 0


def build(tag: str, *, context: Path, file: Path, target: str, arguments: Mapping[str, str]) -> None:
    """``docker build`` with whatever builder this engine has."""
    given = [part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")]
    asked = ("--quiet", "--tag", tag, "--file", str(file), "--target", target, *given, str(context))
    docker("build", *asked, within=BUILD_SECONDS)


def size(tag: str) -> int:
    """Bytes."""
    return int(docker("image", "inspect", "--format", "{{.Size}}", tag))
