"""What somebody sees over HTTP, as ``orders/o-1``."""

from collections.abc import Iterable

import httpx


async def listed(client: httpx.AsyncClient, kinds: Iterable[str], who: dict[str, str]) -> set[str]:
    found = set()
    for kind in kinds:
        answer = await client.get(f"/{kind}", headers=who)
        assert answer.status_code == 200, answer.text
        found |= {f"{kind}/{item['id']}" for item in answer.json()["items"]}
    return found


async def told(client: httpx.AsyncClient, things: Iterable[str], who: dict[str, str]) -> set[str]:
    """Which of them are told by themselves and as a stream: both must be, or neither."""
    found = set()
    for thing in things:
        kind, _, key = thing.partition("/")
        by_itself = await client.get(f"/{thing}", headers=who)
        stream = await client.get(f"/streams/{kind.removesuffix('s')}-{key}", headers=who)
        assert by_itself.status_code == stream.status_code
        if by_itself.status_code == 200:
            found.add(thing)
    return found
