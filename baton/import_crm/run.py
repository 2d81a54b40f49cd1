"""One import from end to end: read, send in order, report."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from baton.import_crm import commands
from baton.import_crm.commands import Chain, Ids, ids_of
from baton.import_crm.export import ACCOUNTS, PIPELINE, TEAMS, Export, understand
from baton.import_crm.note import Note
from baton.import_crm.send import send
from baton.remote import Remote, Unreachable

BUSINESS_ZONE: Final = ZoneInfo("Asia/Shanghai")


@dataclass
class Imported:
    """What came of an import; ``broken_off`` says why it did not reach its end."""

    notes: list[Note] = field(default_factory=list)
    commands: int = 0
    seconds: float = 0.0
    broken_off: str = ""


def read_export(folder: Path) -> Export:
    """Raises ``read.Unusable`` when the folder is not such an export."""
    return understand(folder, today=datetime.now(BUSINESS_ZONE).date())


async def import_crm(export: Export, remote: Remote, *, bar: Progress) -> Imported:
    imported = Imported(list(export.notes))
    started = time.monotonic()
    ids = ids_of(export)
    stages: tuple[tuple[str, Callable[[], Iterable[Chain]]], ...] = (
        ("teams", lambda: commands.teams(export, ids)),
        ("people", lambda: (commands.person(a, ids, export.first_day) for a in export.agents.values())),
        ("accounts", lambda: (commands.account(a, ids, export.first_day) for a in export.accounts.values())),
        ("deals", lambda: _deals(export, ids, imported.notes)),
    )
    try:
        for name, chains in stages:
            await _stage(name, list(chains()), remote, imported, bar)
    except* Unreachable as group:
        imported.broken_off = str(group.exceptions[0])
    imported.seconds = time.monotonic() - started
    return imported


async def _stage(name: str, chains: list[Chain], remote: Remote, imported: Imported, bar: Progress) -> None:
    task = bar.add_task(name, total=sum(len(chain.steps) for chain in chains))

    def sent(steps: int) -> None:
        imported.commands += steps
        bar.advance(task, steps)

    await send(remote, chains, into=imported.notes, sent=sent)


def _deals(export: Export, ids: Ids, notes: list[Note]) -> Iterator[Chain]:
    """The deals, as far as what they refer to was taken; adds notes on those that it was not."""
    refused = {(n.file, n.id) for n in notes if n.kind == "rejected" and n.field == "step"}
    known = replace(ids, accounts={**ids.accounts, **_existing(notes)})
    for deal in export.deals.values():
        if (TEAMS, deal.agent) in refused:
            notes.append(
                Note("rejected", PIPELINE, deal.row, deal.id, "sales_agent", deal.agent, "", "refused")
            )
        elif (ACCOUNTS, deal.account) in refused:
            was = deal.account or ""
            notes.append(Note("left without", PIPELINE, deal.row, deal.id, "account", was, "", "refused"))
            yield commands.deal(replace(deal, account=None), known, export.first_day)
        else:
            yield commands.deal(deal, known, export.first_day)


def _existing(notes: Iterable[Note]) -> dict[str, str]:
    """Accounts that were there under another id."""
    return {n.id: n.now for n in notes if n.file == ACCOUNTS and n.field == "id" and n.kind == "mended"}


def progress() -> Progress:
    return Progress(
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        refresh_per_second=4,
    )
