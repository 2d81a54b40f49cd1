"""The commands of runbooks, typed as they stand there, against a running Baton."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from tests.house import SERVICES, House
from tests.ops import expressions

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]


async def test_every_command_of_a_runbook_works(quiet: House) -> None:
    """But for those that ask Docker or Kubernetes, which are not here."""
    token = quiet.token("manager")
    environment = {
        **{f"{service.upper()}_URL": quiet.url(service) for service in SERVICES},
        "TOKEN": token,
        "BATON_TOKEN": token,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    for command, page in expressions.commands().items():
        process = await asyncio.create_subprocess_shell(
            command, env=environment, stdout=PIPE, stderr=STDOUT, cwd=quiet.data
        )
        said, _ = await asyncio.wait_for(process.communicate(), 300)
        assert process.returncode == 0, f"{page}: {command}\n{said.decode()}"
