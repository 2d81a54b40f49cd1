"""KPIs of targets and of the market: small stories, and the numbers worked out by hand."""

from datetime import date
from fractions import Fraction
from typing import Any

from services.performance.plan_parts import Wanted, Wish
from shared.events.examples.cast import at, on
from shared.events.market import MarketEstimated, MarketEstimateWithdrawn
from shared.events.organisation import PersonLeft
from shared.events.target import TargetWithdrawn
from tests.unit.performance.happenings import ordered, shipped
from tests.unit.performance.planning import drawn, happened, levels
from tests.unit.performance.world import World, formed, joined, money, opened, parts, target, won

MARCH_2025 = {"start": date(2025, 3, 1), "end": date(2025, 4, 1)}


def _sold(world: World, *amounts: int, owner: str = "wang") -> None:
    for n, amount in enumerate(amounts):
        key = f"{owner}-{n}"
        world.happened(opened(key, "03-02 10:00", owner=owner), won(key, "03-10 10:00", amount=money(amount)))


def test_the_target_of_some_days_is_their_part_of_it(world: World) -> None:
    world.happened(target("q1", "wang", "01-01", "04-01", money(9000)))  # 90 days
    assert world.value("target", "03-01", "03-16") == 1500
    assert world.value("target", "01-01", "04-01") == 9000
    assert world.value("target", "04-01", "05-01") == 0


def test_attainment_is_won_amount_out_of_target(world: World) -> None:
    _sold(world, 1000, 250)
    world.happened(target("t", "wang", "03-01", "04-01", money(2500)))
    (value,) = world.values("attainment")
    assert parts(value) == (Fraction(1, 2), 1250, 2500)


def test_attainment_may_exceed_its_target_and_without_one_is_undefined(world: World) -> None:
    _sold(world, 3000)
    assert world.value("attainment") is None
    world.happened(target("t", "wang", "03-01", "04-01", money(1000)))
    assert world.value("attainment") == 3


def test_a_withdrawn_target_counts_no_more_and_one_set_anew_replaces_the_old(world: World) -> None:
    _sold(world, 500)
    world.happened(target("t", "wang", "03-01", "04-01", money(1000)))
    world.happened(target("t", "wang", "03-01", "04-01", money(2000)))
    assert world.value("attainment") == Fraction(1, 4)
    world.happened(TargetWithdrawn(target_id="t", occurred_at=at("03-05 10:00")))
    assert world.value("attainment") is None


def test_a_target_in_another_currency_is_another_race(world: World) -> None:
    _sold(world, 500)
    world.happened(target("t", "wang", "03-01", "04-01", money(100, "USD")))
    assert {v.currency: v.value for v in world.values("attainment")} == {"CNY": None, "USD": 0}


def test_a_teams_attainment_is_over_its_peoples_targets(world: World) -> None:
    world.happened(formed("east"), joined("wang", "east"), joined("li", "east"))
    world.happened(target("t1", "wang", "03-01", "04-01", money(1000)))
    world.happened(target("t2", "li", "03-01", "04-01", money(3000)))
    _sold(world, 1000)
    assert world.value("attainment", team="east") == Fraction(1, 4)
    assert world.value("attainment", person="wang") == 1


def test_who_joined_or_left_within_the_month_is_asked_for_the_days_they_were_there(world: World) -> None:
    world.happened(formed("east"), joined("wang", "east", "03-17"), joined("li", "east"))
    world.happened(PersonLeft(person_id="li", occurred_at=at("03-07 18:00"), on=on("03-11")))
    world.happened(target("t1", "wang", "03-01", "04-01", money(3100)))  # 100 a day
    world.happened(target("t2", "li", "03-01", "04-01", money(6200)))  # 200 a day
    _sold(world, 750)
    assert parts(world.values("attainment", person="wang")[0]) == (Fraction(1, 2), 750, 1500)  # 15 days
    assert world.value("target", person="li") == 2000  # 10 days
    assert world.value("target") == 9300  # the company asks for the whole of it
    rows = [(row.id, row.value) for row in world.board("target")]
    assert rows == [("li", 2000), ("wang", 1500)]


def test_a_team_is_asked_for_a_newcomers_whole_target_and_for_nothing_after_somebody_left(
    world: World,
) -> None:
    world.happened(formed("east"), joined("wang", "east", "03-17"), joined("li", "east"))
    world.happened(PersonLeft(person_id="li", occurred_at=at("03-07 18:00"), on=on("03-11")))
    world.happened(target("t1", "wang", "03-01", "04-01", money(3100)))
    world.happened(target("t2", "li", "03-01", "04-01", money(6200)))
    assert world.value("target", team="east") == 3100 + 2000


def _plan(world: World, *wishes: Wish) -> None:
    """March is to bring 3100 yuan, 1550 at least, 6200 at best."""
    march = drawn(levels(1550_00, 3100_00, 6200_00), **MARCH_2025)
    world.happened(*happened(march, *wishes))


def test_floor_target_and_stretch_are_three_lines_to_cross(world: World) -> None:
    _plan(world)
    _sold(world, 1550)
    assert parts(world.values("attainment_floor")[0]) == (1, 1550, 1550)
    assert parts(world.values("attainment")[0]) == (Fraction(1, 2), 1550, 3100)
    assert parts(world.values("attainment_stretch")[0]) == (Fraction(1, 4), 1550, 6200)
    assert world.value("attainment_floor", "04-01", "05-01") is None


def test_a_plans_parts_are_asked_of_those_they_name_and_their_own_targets_add_to_them(world: World) -> None:
    world.happened(formed("east"), joined("wang", "east", "03-17"), joined("li", "east"))
    people = [Wanted("wang", weight=1), Wanted("li", weight=1)]
    _plan(
        world,
        Wish("team", "root", parts=[Wanted("east", weight=1)]),
        Wish("person", "root/team:east", parts=people),
    )
    assert world.value("target") == world.value("target", team="east") == 3100
    assert world.value("target", person="li") == 1550
    assert world.value("target", person="wang") == 750  # 50 a day, and 15 days
    assert [(row.id, row.value) for row in world.board("target", team="east")] == [
        ("li", 1550),
        ("wang", 750),
    ]
    world.happened(target("own", "li", "03-01", "04-01", money(100)))
    assert world.value("target") == 3200
    assert world.value("target", person="li") == 1650


def test_what_nobody_in_particular_is_asked_for_counts_where_the_plan_names_it(world: World) -> None:
    world.happened(formed("east"), formed("west", region="West"), joined("wang", "east"))
    _plan(world, Wish("region", "root", parts=[Wanted("East", weight=3), Wanted("West", weight=1)]))
    _sold(world, 1550)
    assert world.value("attainment") == Fraction(1, 2)
    assert world.value("attainment", region="East") == Fraction(2, 3)
    assert world.value("attainment", person="wang") is None
    assert world.value("attainment", team="east") is None


def test_coverage_is_the_open_pipeline_by_what_is_left_to_win(world: World) -> None:
    world.happened(opened("open", "01-10 10:00", amount=money(900)))
    assert world.value("pipeline_coverage") is None
    world.happened(target("t", "wang", "03-01", "04-01", money(1000)))
    _sold(world, 700)
    (value,) = world.values("pipeline_coverage")
    assert parts(value) == (3, 900, 300)
    _sold(world, 300, owner="li")
    (met,) = world.values("pipeline_coverage")
    assert parts(met) == (None, 900, 0)
    assert met.note == "met"


def _market(key: str, size: int, *, source: str = "工信部", **about: Any) -> MarketEstimated:
    """Of the first half of 2025: 181 days."""
    half_year = {"start": on("01-01"), "end": on("07-01"), "estimated_on": on("02-15")}
    return MarketEstimated(
        market_id=key, occurred_at=at("02-15 10:00"), size=money(size), source=source, **half_year, **about
    )


def _revenue(world: World, key: str, amount: int, *, owner: str = "wang", line: str = "Atlas") -> None:
    world.happened(ordered(key, "03-01 10:00", money(amount), owner=owner, line=line))
    world.happened(shipped(key, "03-05 10:00", money(amount)))


def test_market_share_is_our_revenue_by_the_days_part_of_the_markets_size(world: World) -> None:
    _revenue(world, "1", 3100)
    (value,) = world.values("market_share")
    assert parts(value) == (None, 3100, 0)
    assert value.note == "no-estimate"
    world.happened(_market("all", 181_000))  # 1000 a day
    (value,) = world.values("market_share")
    assert parts(value) == (Fraction(1, 10), 3100, 31_000)
    assert value.note is None
    world.happened(MarketEstimateWithdrawn(market_id="all", occurred_at=at("03-20 10:00")))
    assert world.value("market_share") is None


def test_a_part_of_the_market_has_its_own_estimate_and_never_another_ones(world: World) -> None:
    world.happened(
        formed("east"), formed("west", region="West"), joined("wang", "east"), joined("li", "west")
    )
    _revenue(world, "1", 3100)
    _revenue(world, "2", 310, owner="li", line="Vega")
    world.happened(
        _market("all", 181_000), _market("east", 90_500, region="East"), _market("vega", 18_100, line="Vega")
    )
    assert world.value("market_share") == Fraction(11, 100)
    assert world.value("market_share", region="East") == Fraction(1, 5)
    assert world.value("market_share", line="Vega") == Fraction(1, 10)
    assert world.value("market_share", region="West") is None
    assert world.value("market_share", region="East", line="Atlas") is None
