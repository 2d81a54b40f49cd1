"""The Docker engine that testcontainers would use."""

import gc
import warnings
from functools import cache

import docker  # type: ignore[import-untyped] # it ships no types
from docker.errors import DockerException  # type: ignore[import-untyped] # it ships no types


@cache
def why_no_engine() -> str:
    """Why none answers; empty when one does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            docker.from_env().close()
        except DockerException:
            why = "No Docker engine answers."
        else:
            why = ""
        gc.collect()  # a client that finds no engine leaves its socket open, which is no warning of ours
    return why
