"""Whatever is asked of a service, it answers as its OpenAPI document says, and is never broken by it."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from tests.house import SERVICES, House, house

SCHEMATHESIS: Final = Path(sys.executable).with_name("schemathesis")
FEEDS: Final = "^/(events|live)$"
"""They do not end."""
JOBS: Final = "^/(replay|verify)$"
"""Each starts work of minutes."""
EXAMPLES: Final = 8
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with house(tmp_path_factory.mktemp("standing") / "data") as it:
        yield it


@pytest.mark.parametrize("service", SERVICES)
async def test_no_answer_is_a_surprise(service: str, standing: House, tmp_path: Path) -> None:
    asked = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this test
        [
            *(str(SCHEMATHESIS), "run", f"{standing.url(service)}/openapi.json"),
            *("-H", f"Authorization: Bearer {standing.token('manager')}"),
            *("--exclude-path-regex", f"{FEEDS}|{JOBS}"),
            *("--max-examples", str(EXAMPLES), "--phases", "coverage,fuzzing", "--seed", "1"),
            *("--checks", ",".join(CHECKS), "--request-timeout", "20"),
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stdout[-6_000:]
    assert " passed" in asked.stdout
