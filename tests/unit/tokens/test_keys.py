"""A provider's keys: asked for seldom, kept while it is away; no stranger can have it asked more often."""

import asyncio
from collections.abc import Mapping, Sequence

import aiohttp
import jwt
import pytest

from shared.service.tokens.discovery import usable
from shared.service.tokens.keys import FRESH_SECONDS, KEPT_SECONDS, PAUSE_SECONDS, ProviderKeys
from shared.service.tokens.refusals import NoKeys
from tests.counted import counting
from tests.unit.tokens.signing import Signer
from tests.waiting import until

OLD, NEW = Signer("old"), Signer("new")
KEYS_ASKED = "baton_tokens_keys_asked_total"


class World:
    """A provider that publishes keys, or is down; and the time."""

    def __init__(self) -> None:
        self.publishes: Sequence[Signer] = [OLD]
        self.down = False
        self.asked = 0
        self.now = 1_000.0
        self.answers = asyncio.Event()
        self.answers.set()
        self.keys = ProviderKeys(self._published, clock=lambda: self.now)

    async def _published(self) -> Mapping[str, jwt.PyJWK]:
        self.asked += 1
        await self.answers.wait()
        if self.down:
            raise aiohttp.ClientConnectionError
        return usable({"keys": [signer.published() for signer in self.publishes]})

    async def knows(self, kid: str) -> bool:
        return await self.keys.find(kid) is not None

    async def until_asked(self, times: int) -> None:
        await until(lambda: self.asked == times, what=f"the provider was asked {times} times")


@pytest.fixture
def world() -> World:
    return World()


async def test_keys_are_asked_for_when_the_first_token_comes_and_then_known(world: World) -> None:
    assert world.asked == 0
    with counting(KEYS_ASKED, 1, outcome="got"):
        assert all(await asyncio.gather(*(world.knows("old") for _ in range(50))))
    assert world.asked == 1


async def test_a_new_key_is_found_once_the_provider_may_be_asked_again(world: World) -> None:
    assert await world.knows("old")
    world.publishes = [NEW, OLD]
    world.now += PAUSE_SECONDS - 1
    assert not await world.knows("new")
    world.now += 1
    assert await world.knows("new")
    assert await world.knows("old")


async def test_a_flood_of_unknown_keys_is_one_question_in_ten_seconds(world: World) -> None:
    for second in range(100):
        world.now += 1
        found = await asyncio.gather(*(world.knows(f"made-up-{second}-{n}") for n in range(20)))
        assert not any(found)
    assert world.asked == 100 / PAUSE_SECONDS


async def test_a_flood_while_the_provider_is_down_is_no_more(world: World) -> None:
    world.down = True
    for _ in range(100):
        world.now += 1
        with pytest.raises(NoKeys):
            await world.knows("old")
    assert world.asked == 100 / PAUSE_SECONDS


async def test_a_withdrawn_key_is_forgotten_after_five_minutes(world: World) -> None:
    assert await world.knows("old")
    world.publishes = [NEW]
    world.now += FRESH_SECONDS + 1
    assert await world.knows("old"), "nobody waits for what is asked meanwhile"
    await world.until_asked(2)
    await until(lambda: _gone(world), what="the withdrawn key is gone")


async def _gone(world: World) -> bool:
    return not await world.knows("old")


async def test_keys_outlive_a_provider_that_is_down_for_a_day(world: World) -> None:
    assert await world.knows("old")
    world.down = True
    for _ in range(int(KEPT_SECONDS // 3600)):
        world.now += 3600
        with counting(KEYS_ASKED, 1, outcome="failed"):
            asked = world.asked
            assert await world.knows("old")
            await world.until_asked(asked + 1)
            await _settled(world)
    world.now += 1
    with pytest.raises(NoKeys):
        await world.knows("old")
    world.down = False
    world.now += PAUSE_SECONDS
    assert await world.knows("old")


async def _settled(world: World) -> None:
    asking = world.keys._asking
    assert asking is not None
    await asking


async def test_who_goes_away_does_not_take_the_answer_from_others(world: World) -> None:
    world.answers.clear()
    first, second = (asyncio.create_task(world.knows("old")) for _ in range(2))
    await world.until_asked(1)
    first.cancel()
    await asyncio.wait([first])
    world.answers.set()
    assert await second
    assert world.asked == 1
