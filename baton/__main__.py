"""The `baton` command line."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import ValidationError
from rich.markup import escape

from baton import audit, kpi_diff, operations, show_events
from baton.asking import (
    LOCAL,
    Data,
    Directly,
    Key,
    To,
    asking,
    asking_service,
    bearer,
    console,
    fail,
    print_json,
    say,
)
from baton.demo.company import DEFAULT_SEED
from baton.import_crm import report
from baton.import_crm.read import Unusable
from baton.import_crm.run import import_crm, progress, read_export
from baton.ops import command as ops
from baton.places import CannotStart
from baton.remote import Remote, connected
from baton.tokens import DEFAULT_DATA, NoKey, signed, signing_key
from shared.events.asyncapi import asyncapi
from shared.events.catalogue import EVENTS, SERVICES
from shared.events.documents import json_schema
from shared.service.actor import ROLES, Actor

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Baton: a sales organisation, live.")
importing = typer.Typer(no_args_is_help=True, help="Bring history in from elsewhere.")
app.add_typer(importing, name="import")
kpi = typer.Typer(no_args_is_help=True, help="Look at KPIs.")
app.add_typer(kpi, name="kpi")
app.add_typer(ops.app, name="ops")
app.add_typer(audit.app, name="audit")


@app.command()
def up(
    data: Data = DEFAULT_DATA,
    port: Annotated[int, typer.Option(help="The wallboard's; the others take the next three.")] = 8080,
    demo: Annotated[bool, typer.Option(help="Let a simulated company work.")] = False,
    broker: Annotated[
        Literal["embedded", "apache"],
        typer.Option(help="`apache` is Apache Kafka itself: Maven fetches it once; it wants Java 17."),
    ] = "embedded",
) -> None:
    """Run everything on this machine until Ctrl-C."""
    from baton.up import up as run  # noqa: PLC0415 - it loads Kafka's client, which others need not wait for

    try:
        run(data, port=port, demo=demo, environment=os.environ, console=console, broker=broker)
    except CannotStart as error:
        fail(str(error))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new one; with --check, one that is there.")],
    data: Data = DEFAULT_DATA,
    secrets: Annotated[
        bool, typer.Option("--with-secrets", help="master.key and token.key, too: keep it safe.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only see whether a backup is whole.")] = False,
) -> None:
    """Copy event stores and keys, consistent while everything runs."""
    from baton.backup import asked  # noqa: PLC0415 - it loads the database's library, which others need not wait for

    asked.check(folder) if check else asked.backup(folder, data, secrets=secrets)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="A backup.")],
    data: Data = DEFAULT_DATA,
    replace: Annotated[bool, typer.Option("--replace", help="Move aside what is there.")] = False,
    erased: Annotated[
        Path | None, typer.Option(help="Names who was erased since, one a line (lead-42).")
    ] = None,
) -> None:
    """Put a backup in place; topics and read models are then made anew by `baton up`."""
    from baton.backup import asked  # noqa: PLC0415 - as above

    asked.restore(folder, data, replace=replace, erased=erased)


@app.command()
def demo(
    to: To = LOCAL,
    data: Data = DEFAULT_DATA,
    pace: Annotated[float, typer.Option(min=0.01, help="2 is twice as fast.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed is another company.")] = DEFAULT_SEED,
) -> None:
    """A simulated company: a dozen weeks of history, then work at a believable pace."""
    from baton.demo.run import demo as run  # noqa: PLC0415 - only this command needs it

    with suppress(KeyboardInterrupt):
        asking(lambda: run(to, data=data, pace=pace, seed=seed, say=say))


@app.command()
def token(
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")],
    person: Annotated[str | None, typer.Option(help="The person's id; the role's name when absent.")] = None,
    department: Annotated[str | None, typer.Option(help="Such as sales, or finance.")] = None,
    data: Key = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good.")] = 30,
) -> None:
    """Print a token that the services accept."""
    if role not in ROLES:
        fail(f"There is no role {role}; the roles are {', '.join(ROLES)}.")
    try:
        actor = Actor(id=person or role, role=role, department=department)
        print(signed(signing_key(data, environment=os.environ), actor, days=days))  # noqa: T201 - for $(…)
    except ValidationError as error:
        fail("; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()))
    except NoKey as error:
        fail(str(error))


@importing.command("crm")
def crm(
    folder: Annotated[Path, typer.Argument(help="Has accounts.csv, sales_pipeline.csv, …")],
    to: To = LOCAL,
    data: Key = None,
    report_file: Annotated[Path | None, typer.Option("--report", help="Where the report goes (CSV).")] = None,
) -> None:
    """Bring a CRM export in: sends it with its own dates and reports on every row."""
    report_file = report_file or Path(f"import-crm-{datetime.now():%Y%m%d-%H%M%S}.csv")  # noqa: DTZ005 - local time names a file

    try:
        export = read_export(folder)
    except Unusable as error:
        fail(str(error))

    async def run() -> None:
        async with connected(to, bearer=bearer("importer", data)) as remote:
            with progress() as bar:
                done = await import_crm(export, remote, bar=bar)
        report.write(report_file, done.notes)
        console.print(report.summary(done.notes))
        took = f"{done.commands:,} commands in {done.seconds:.1f} s"
        console.print(f"{took}. Report: {report_file}", soft_wrap=True)
        if done.broken_off:
            fail(f"Broken off: {done.broken_off}\nThe same command again goes on from there.")

    asking(run)


@app.command()
def events(
    asyncapi_document: Annotated[bool, typer.Option("--asyncapi", help="As an AsyncAPI 3 document.")] = False,
    schema: Annotated[str | None, typer.Option(help="The JSON Schema of one, such as deal-won.v1.")] = None,
) -> None:
    """What Baton publishes."""
    if schema is not None:
        if schema not in EVENTS:
            fail(f"There is no event {schema}; `baton events` lists them.")
        print_json(json_schema(EVENTS[schema]))
    elif asyncapi_document:
        print_json(asyncapi())
    else:
        console.print(show_events.listed())


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")],
    to: To = LOCAL,
    data: Key = None,
    directly: Directly = False,
    workers: Annotated[int, typer.Option(min=1, max=16, help="In how many processes (SQLite).")] = 1,
    within: Annotated[float, typer.Option(help="Seconds to wait at most.")] = 600.0,
) -> None:
    """Have a service build its read models anew from the log; the old ones are shown until then."""

    async def run(remote: Remote) -> None:
        seconds, were = await operations.replay(remote, service, workers=workers, within=within)
        console.print(f"{service} shows what was built anew after {seconds:.1f} s.")
        if were < workers:
            console.print(operations.fewer_in_words(were, workers))

    try:
        asking_service(service, to, data, run, directly=directly)
    except operations.NotDone as error:
        fail(str(error))
    except TimeoutError:
        fail(f"{service} was not done within {within:.0f} s.")


@app.command()
def verify(
    services: Annotated[list[str] | None, typer.Argument(help="All of them when none is named.")] = None,
    to: To = LOCAL,
    data: Key = None,
    within: Annotated[float, typer.Option(help="Seconds to wait for each at most.")] = 3600.0,
) -> None:
    """Compare what services show with a rebuild from the log, row by row."""
    unequal = []
    for service in services or SERVICES:

        async def run(remote: Remote, service: str = service) -> None:
            found = await operations.verify(remote, service, within=within)
            for line in operations.found_in_words(service, found):
                say(line)
            if found["differences"]:
                unequal.append(service)

        try:
            asking_service(service, to, data, run)
        except operations.NotDone as error:
            fail(str(error))
        except TimeoutError:
            fail(f"{service} was not done within {within:.0f} s.")
    if unequal:
        fail(f"Not equal to a rebuild: {', '.join(unequal)}.")


@app.command()
def redrive(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}.")],
    to: To = LOCAL,
    data: Key = None,
    directly: Directly = False,
    drop: Annotated[bool, typer.Option("--drop", help="Leave out events that still cannot be read.")] = False,
) -> None:
    """Take parked streams up again."""

    async def run(remote: Remote) -> None:
        done = await operations.redrive(remote, service, drop=drop)
        console.print(f"{done['applied']:,} events taken up.")
        for stream in done["streams"]:
            console.print(f"still parked: {escape(stream)}", highlight=False)

    asking_service(service, to, data, run, directly=directly)


@kpi.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="A KPI under one definition, such as win_rate@1.")],
    new: Annotated[str, typer.Argument(help="And under another; without a version the present one.")],
    start: Annotated[str, typer.Option("--from", help="The first day, such as 2026-01-01.")],
    end: Annotated[str, typer.Option("--to", help="The first day no longer in.")],
    by: Annotated[str, typer.Option(help="day, week, month, quarter or year.")] = "month",
    to: Annotated[str, typer.Option("--at", help="The address that `baton up` printed.")] = LOCAL,
    data: Key = None,
) -> None:
    """The history of a KPI under two definitions, and the difference."""

    async def run(remote: Remote) -> None:
        period = {"from": start, "to": end, "by": by}
        console.print(kpi_diff.table(await kpi_diff.diff(remote, old, new, **period)))

    try:
        asking_service("performance", to, data, run)
    except kpi_diff.Incomparable as error:
        fail(str(error))


if __name__ == "__main__":
    app()
