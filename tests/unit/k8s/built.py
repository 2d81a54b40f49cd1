"""What `kubectl apply -k` would send to a cluster, built once."""

import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[3]
K8S: Final = ROOT / "deploy/k8s"
OVERLAYS: Final = ("dev", "prod")
DATABASES: Final = ROOT / "deploy/postgres"
ROLES: Final = ("api", "stream", "relay")
every_overlay: Final = pytest.mark.parametrize("name", OVERLAYS)

Thing = dict[str, Any]
"""One object of a cluster, as its manifest."""


def overlay(name: str) -> Sequence[Thing]:
    return built(K8S / "overlays" / name)


@lru_cache
def built(folder: Path) -> Sequence[Thing]:
    """Skips the test where there is no kubectl."""
    if shutil.which("kubectl") is None:
        pytest.skip(f"kubectl is not installed, so {folder} cannot be built here")
    made = subprocess.run(
        ["kubectl", "kustomize", folder], capture_output=True, text=True, timeout=60, check=False
    )
    assert made.returncode == 0, made.stderr
    assert not made.stderr
    return list(yaml.safe_load_all(made.stdout))


def component(name: str) -> Sequence[Thing]:
    """What a component makes by itself."""
    folder = K8S / "components" / name
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert kustomization["kind"] == "Component"
    return [
        thing
        for path in kustomization["resources"]
        for thing in yaml.safe_load_all((folder / path).read_text())
    ]


def of_kind(things: Sequence[Thing], kind: str) -> dict[str, Thing]:
    return {thing["metadata"]["name"]: thing for thing in things if thing["kind"] == kind}


def deployments(things: Sequence[Thing]) -> dict[str, Thing]:
    return of_kind(things, "Deployment")


def pods(things: Sequence[Thing]) -> dict[str, Thing]:
    """The template of every pod, by the name of what makes it."""
    return {
        thing["metadata"]["name"]: pod_of(thing)
        for thing in things
        if thing["kind"] in {"Deployment", "Job", "CronJob"}
    }


def pod_of(thing: Thing) -> Thing:
    job = thing["spec"].get("jobTemplate", thing)
    return dict(job["spec"]["template"])


def container(thing: Thing) -> Thing:
    """The only one of a pod, or of what makes pods."""
    pod = thing if "containers" in thing["spec"] else pod_of(thing)
    [only] = pod["spec"]["containers"]
    return dict(only)


def label(thing: Thing, name: str) -> str:
    """One of Kubernetes' recommended labels, such as ``component``."""
    return str(thing["metadata"]["labels"][f"app.kubernetes.io/{name}"])
