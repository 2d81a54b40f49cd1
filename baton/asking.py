"""What the commands share: their options, who they ask as, and one clear line when something is wrong."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from baton.remote import Problem, Remote, Unreachable, connected
from baton.tokens import NoKey, signed, signing_key
from shared.events.catalogue import SERVICES
from shared.service.actor import Actor, Role

console: Final = Console()
LOCAL: Final = "http://127.0.0.1:8080"

Data = Annotated[Path, typer.Option(help="The folder that keeps everything.")]
Key = Annotated[Path | None, typer.Option("--data", help="The folder whose key signs the token.")]
To = Annotated[str, typer.Option(help="The address that `baton up` printed.")]
Directly = Annotated[bool, typer.Option("--directly", help="The address is that of the service itself.")]


def asking_service(
    service: str,
    to: str,
    data: Path | None,
    run: Callable[[Remote], Coroutine[Any, Any, None]],
    *,
    directly: bool = False,
) -> None:
    if service not in SERVICES:
        fail(f"There is no service {service}; the services are {', '.join(SERVICES)}.")

    async def ask() -> None:
        only = service if directly else None
        async with connected(to, bearer=bearer("manager", data), patience=10.0, only=only) as remote:
            await run(remote)

    asking(ask)


def asking(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run it; what the other side says against it becomes one clear line."""
    try:
        asyncio.run(run())
    except Problem as problem:
        fail(f"{problem.detail} ({problem.status})")
    except (Unreachable, NoKey) as error:
        fail(str(error))


def bearer(role: Role, data: Path | None) -> str:
    if given := os.environ.get("BATON_TOKEN"):
        return given
    return signed(signing_key(data, environment=os.environ), Actor(id=role, role=role), days=1)


def say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))  # noqa: T201 - for a file or a pipe


def fail(message: str) -> NoReturn:
    Console(stderr=True).print(f"[red]{escape(message)}[/]", highlight=False, soft_wrap=True)
    sys.exit(1)
