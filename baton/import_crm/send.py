"""Sends chains of commands, a bounded number at a time, and tells what became of each."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from baton.import_crm.commands import Chain
from baton.import_crm.note import Note
from baton.remote import Problem, Remote

IN_FLIGHT: Final = 48


async def send(
    remote: Remote,
    chains: Iterable[Chain],
    *,
    into: list[Note],
    sent: Callable[[int], None],
    in_flight: int = IN_FLIGHT,
) -> None:
    """Put one note for each chain ``into``: accepted whole, or rejected with the service's reason.

    ``sent`` is told the number of steps dealt with. Raises a group of ``Unreachable`` when a service
    stays away; the chains that were not sent by then have no note.
    """
    waiting = iter(chains)

    async def work() -> None:
        for chain in waiting:
            into.append(await _send(remote, chain))
            sent(len(chain.steps))

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(work())


async def _send(remote: Remote, chain: Chain) -> Note:
    for step in chain.steps:
        try:
            await remote.command(step.service, step.path, step.body, key=step.key)
        except Problem as problem:
            return _refused(chain, step.key.rpartition("-")[2], problem)
    return Note("accepted", chain.file, chain.row, chain.id)


def _refused(chain: Chain, step: str, problem: Problem) -> Note:
    existing = problem.more.get("existing")
    if problem.code == "duplicate" and isinstance(existing, str):
        reason = "the company is known already; its deals go there"
        return Note("mended", chain.file, chain.row, chain.id, "id", "", existing, reason)
    reason = f"refused to {step}: {problem.detail}"
    return Note("rejected", chain.file, chain.row, chain.id, "step", step, "", reason)
