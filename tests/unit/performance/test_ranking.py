"""Leaderboards: who is first, who shares a place, and who is not compared."""

from shared.events.examples.cast import at
from shared.events.lead import LeadAssigned, LeadContacted, LeadCreated
from tests.unit.performance.world import World, formed, joined, lost, money, moved, opened, target, won


def _sells(world: World, owner: str, *amounts: int, currency: str = "CNY") -> None:
    for n, amount in enumerate(amounts):
        key = f"{owner}-{currency}-{n}"
        world.happened(opened(key, "03-02 10:00", owner=owner))
        world.happened(won(key, "03-05 10:00", amount=money(amount, currency)))


def test_equals_share_a_rank_and_the_next_rank_counts_them_all(world: World) -> None:
    _sells(world, "li", 300)
    _sells(world, "chen", 100, 200)
    _sells(world, "wang", 50)
    rows = [(row.rank, row.id, row.value) for row in world.board("won_amount")]
    assert rows == [(1, "chen", 300), (1, "li", 300), (3, "wang", 50)]


def test_people_have_their_names_where_they_are_known(world: World) -> None:
    world.happened(formed("east"), joined("wang", "east"))
    _sells(world, "wang", 50)
    _sells(world, "ghost", 40)
    assert [row.name for row in world.board("won_amount")] == ["Wang", "ghost"]


def test_where_less_is_better_the_fastest_is_first(world: World) -> None:
    for owner, minute in {"slow": "45", "quick": "05", "middling": "20"}.items():
        world.happened(
            LeadCreated(lead_id=owner, occurred_at=at("03-03 10:00"), company="云帆科技", source="Fair"),
            LeadAssigned(lead_id=owner, occurred_at=at("03-03 10:01"), owner=owner),
            LeadContacted(lead_id=owner, occurred_at=at(f"03-03 10:{minute}"), by=owner, first=True),
        )
    rows = [(row.rank, row.id, row.value) for row in world.board("lead_response_time")]
    assert rows == [(1, "quick", 5), (2, "middling", 20), (3, "slow", 45)]


def test_currencies_race_apart(world: World) -> None:
    _sells(world, "wang", 100)
    _sells(world, "wang", 7, currency="USD")
    _sells(world, "li", 9, currency="USD")
    rows = [(row.unit, row.rank, row.id) for row in world.board("won_amount")]
    assert rows == [("CNY", 1, "wang"), ("USD", 1, "li"), ("USD", 2, "wang")]


def test_shares_of_different_currencies_race_apart_too(world: World) -> None:
    _sells(world, "wang", 100)
    _sells(world, "wang", 7, currency="USD")
    world.happened(opened("l", "03-02 10:00", owner="wang", amount=money(300)), lost("l", "03-06 10:00"))
    rows = [(row.unit, row.currency, row.rank, row.value) for row in world.board("win_rate_value")]
    assert rows == [("ratio", "CNY", 1, 0.25), ("ratio", "USD", 1, 1)]


def test_who_has_no_value_has_no_rank(world: World) -> None:
    _sells(world, "wang", 100)
    _sells(world, "li", 100)
    world.happened(target("t", "li", "03-01", "04-01", money(200)))
    assert [(row.id, row.value) for row in world.board("attainment")] == [("li", 0.5)]


def test_teams_are_ranked_by_what_was_earned_in_them_and_all_are_there(world: World) -> None:
    world.happened(formed("east"), formed("west", region="West"), formed("north"))
    world.happened(joined("wang", "east"), joined("li", "west"))
    _sells(world, "wang", 100)
    _sells(world, "li", 300)
    world.happened(moved("wang", "west", "03-20"))
    rows = [(row.rank, row.id, row.name, row.value) for row in world.board("won_amount", by="team")]
    assert rows == [(1, "west", "West", 300), (2, "east", "East", 100), (3, "north", "North", 0)]
    east = [row.id for row in world.board("won_amount", by="team", region="East")]
    assert east == ["east", "north"]


def test_a_board_of_one_team_has_its_people_alone(world: World) -> None:
    world.happened(formed("east"), formed("west"), joined("wang", "east"), joined("li", "west"))
    _sells(world, "wang", 100)
    _sells(world, "li", 300)
    assert [row.id for row in world.board("won_amount", team="east")] == ["wang"]
    assert [row.id for row in world.board("open_pipeline", team="east")] == []
