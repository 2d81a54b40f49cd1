"""Base images of this machine's own packages, where the official ones cannot be pulled; never published."""

import shutil
import ssl
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.images.engine import ROOT, build, docker, has_image

ROOT_IMAGE: Final = "baton-stand-in/root"
PACKAGES: Final = ("ca-certificates", "netbase", "tzdata", "python3", "python3-venv")
LEFT_OUT: Final = ("usr/share/doc", "usr/share/man", "usr/share/locale", "var/cache/apt", "var/lib/apt/lists")
"""What the official slim images leave out of Debian, too."""


class NoStandIn(Exception):
    """This machine cannot make one; the message says what is missing."""


def stand_in(name: str) -> str:
    """The tag of the stand-in for ``python`` or ``node``, which is made where the engine has none."""
    tag = f"baton-stand-in/{name}"
    if not has_image(tag):
        with TemporaryDirectory() as context:
            _gather(Path(context))
            file = ROOT / "tests/images/stand-ins.Dockerfile"
            build(tag, context=Path(context), file=file, target=name, arguments={"ROOT": root()})
    return tag


def root() -> str:
    """The tag of what all stand-ins are built on, made where the engine has none."""
    if not has_image(ROOT_IMAGE):
        _make_root()
    return ROOT_IMAGE


def _make_root() -> None:
    """Debian 12 with its Python, from the mirror that this machine's own packages come from."""
    with TemporaryDirectory() as made:
        root = Path(made) / "root"
        include = f"--include={','.join(PACKAGES)}"
        _run(_program("debootstrap"), "--variant=minbase", include, "bookworm", str(root), _mirror())
        for folder in LEFT_OUT:
            shutil.rmtree(root / folder, ignore_errors=True)
        _run("tar", "--create", "--file", f"{made}/root.tar", "--directory", str(root), ".")
        docker("import", f"{made}/root.tar", ROOT_IMAGE)


def _mirror() -> str:
    """Where apt has Debian's own packages from."""
    asked = ("indextargets", "--format", "$(REPO_URI)", "Identifier: Packages", "Codename: bookworm")
    mirrors = _run(_program("apt-get"), *asked).split()
    if not mirrors:
        raise NoStandIn("apt has no packages of Debian 12 (bookworm); apt-get update may help")
    return mirrors[0]


def _gather(context: Path) -> None:
    """What the stand-ins get from this machine: whom it trusts, its Node, and pip."""
    trusted = ssl.get_default_verify_paths().cafile
    if trusted is None:
        raise NoStandIn("this machine has no file of certificates that it trusts")
    shutil.copy(trusted, context / "ca-certificates.crt")
    shutil.copy(Path(_program("node")).resolve(), context / "node")
    packages = Path(_run(_program("npm"), "root", "--global").strip())
    shutil.copytree(packages / "npm", context / "npm", symlinks=True)
    wheels = ("pip", "download", "--quiet", "--dest", str(context / "wheels"))
    _run(str(ROOT / ".uv/bin/python"), "-m", *wheels, "pip", "setuptools", "wheel")


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{sys.exec_prefix}/bin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin")
    if found is None:
        raise NoStandIn(f"{name} is not installed")
    return found


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoStandIn(f"{command[0]} failed: {(done.stderr or done.stdout)[-1000:]}")
    return done.stdout
