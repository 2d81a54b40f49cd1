"""`baton ops build`: rules, alerts and dashboards, made from the objectives."""

from pathlib import Path
from typing import Annotated

import typer

from baton.asking import console, fail
from baton.ops.alert import Addresses

app = typer.Typer(no_args_is_help=True, help="What operations run by.")
HERE = Addresses()


@app.callback()
def ops() -> None:
    """A group, though of one command."""


@app.command()
def build(
    into: Annotated[Path, typer.Option(help="The root of the repository.")] = Path(),
    runbooks: Annotated[str, typer.Option(help="Where alerts find their runbooks.")] = HERE.runbooks,
    grafana: Annotated[str, typer.Option(help="Where alerts find the dashboards.")] = HERE.grafana,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when something differs.")
    ] = False,
) -> None:
    """Write the rules of Prometheus and the dashboards of Grafana."""
    try:
        from baton.ops import files  # noqa: PLC0415 - what it needs is an extra
    except ModuleNotFoundError as missing:
        fail(f"There is no {missing.name} here: install Baton with the extra `ops`.")
    made = files.files(Addresses(runbooks, grafana))
    if check:
        stale = files.stale(into, made)
        if stale:
            fail(f"Not as `baton ops build` writes it: {', '.join(map(str, stale))}.")
        return
    files.write(into, made)
    console.print(f"{len(made)} files written.")
