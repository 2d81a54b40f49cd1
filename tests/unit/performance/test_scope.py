"""Filters: a person, a line, a team or region whose people come and go."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.performance.measures.people import Person, Team, evolve_person
from services.performance.scope import Filters, Period, slices
from shared.events.examples.cast import at, on
from shared.events.organisation import PersonLeft, TeamChanged
from tests.unit.performance.world import World, formed, joined, money, moved, opened, target, won


def _company(world: World) -> None:
    world.happened(formed("east"), formed("west", region="West"), joined("wang", "east"))
    world.happened(joined("li", "west"))


def _sold(world: World, key: str, day: str, amount: int, *, owner: str = "wang", line: str = "Atlas") -> None:
    """A deal sold by its owner (the win keeps the deal's owner and line)."""
    world.happened(opened(key, f"{day} 09:00", owner=owner, line=line))
    world.happened(won(key, f"{day} 18:00", amount=money(amount)))


def test_a_result_stays_with_the_team_where_it_was_earned(world: World) -> None:
    _company(world)
    _sold(world, "1", "03-14", 100)
    _sold(world, "2", "03-15", 40)
    world.happened(moved("wang", "west", "03-15"))
    assert world.value("won_amount", team="east") == 100
    assert world.value("won_amount", team="west") == 40
    assert world.value("won_amount", person="wang") == 140
    assert world.value("won_amount", person="wang", team="west") == 40


def test_a_region_is_the_sum_of_its_teams_of_those_days(world: World) -> None:
    _company(world)
    world.happened(formed("north-west", region="West"))
    _sold(world, "1", "03-02", 1)
    _sold(world, "2", "03-12", 10)
    _sold(world, "3", "03-22", 100)
    _sold(world, "4", "03-22", 1000, owner="li")
    world.happened(moved("wang", "west", "03-10"), moved("wang", "north-west", "03-20", previous="west"))
    assert world.value("won_amount", region="East") == 1
    assert world.value("won_amount", region="West") == 1110
    assert world.value("won_amount", region="West", team="west") == 1010
    assert world.value("won_amount", region="East", team="west") == 0


def test_who_comes_back_counts_for_the_team_in_both_spells(world: World) -> None:
    _company(world)
    for n, day in enumerate(("03-05", "03-15", "03-25")):
        _sold(world, f"{n}", day, 10**n)
    world.happened(moved("wang", "west", "03-10"), moved("wang", "east", "03-20", previous="west"))
    assert world.value("won_amount", team="east") == 101
    assert world.value("won_amount", team="west") == 10


def test_two_moves_on_one_day_leave_nothing_to_the_team_between(world: World) -> None:
    _company(world)
    world.happened(formed("north"))
    world.happened(moved("wang", "north", "03-10"), moved("wang", "west", "03-10", previous="north"))
    _sold(world, "1", "03-10", 7)
    assert [world.value("won_amount", team=team) for team in ("east", "north", "west")] == [0, 0, 7]


def test_who_left_counts_for_the_team_until_the_day(world: World) -> None:
    _company(world)
    _sold(world, "1", "03-09", 5)
    _sold(world, "2", "03-10", 50)
    world.happened(PersonLeft(person_id="wang", occurred_at=at("03-09 18:00"), on=on("03-10")))
    assert world.value("won_amount", team="east") == 5
    assert world.value("won_amount") == 55
    assert world.value("won_amount", person="wang") == 55


def test_history_before_somebody_joined_is_their_first_teams(world: World) -> None:
    world.happened(formed("east"), joined("wang", "east", "03-20"))
    _sold(world, "1", "03-02", 5)
    assert world.value("won_amount", team="east") == 5


def test_what_stands_open_goes_with_its_owner(world: World) -> None:
    _company(world)
    world.happened(opened("1", "03-02 10:00"), moved("wang", "west", "03-15"))
    assert world.value("open_pipeline", team="east", today="03-14") == 100
    assert world.value("open_pipeline", team="east", today="03-15") == 0
    assert world.value("open_pipeline", team="west", today="03-15") == 100
    assert world.value("open_pipeline", "01-01", "02-01", team="west", today="03-15") == 100


def test_a_target_moves_with_its_person(world: World) -> None:
    _company(world)
    world.happened(target("t", "wang", "03-01", "03-31", money(3000)))  # 30 days
    world.happened(moved("wang", "west", "03-11"))
    assert world.values("attainment", team="east")[0].denominator == 1000
    assert world.values("attainment", team="west")[0].denominator == 2000


def test_a_team_of_another_region_now_counts_there_with_its_past(world: World) -> None:
    _company(world)
    _sold(world, "1", "03-02", 5)
    world.happened(
        TeamChanged(
            team_id="east", occurred_at=at("03-20 09:00"), name="East", department="sales", region="South"
        )
    )
    assert world.value("won_amount", region="East") == 0
    assert world.value("won_amount", region="South") == 5


def test_a_line_filters_whoever_sold_it(world: World) -> None:
    _company(world)
    _sold(world, "1", "03-02", 5)
    _sold(world, "2", "03-02", 70, line="Vega")
    _sold(world, "3", "03-02", 900, owner="li", line="Vega")
    assert world.value("won_amount", line="Vega") == 970
    assert world.value("won_amount", line="Vega", team="east") == 70
    assert world.value("won_amount", line="Nothing") == 0


def test_somebody_unknown_has_results_but_a_team_unknown_has_none(world: World) -> None:
    _sold(world, "1", "03-02", 5, owner="ghost")
    assert world.value("won_amount", person="ghost") == 5
    assert world.value("won_amount", person="nobody") == 0
    assert world.value("won_amount", team="nowhere") == 0
    assert world.value("won_amount", region="nowhere") == 0


DAYS = st.dates(date(2025, 2, 20), date(2025, 4, 10))


@given(st.lists(st.tuples(DAYS, st.sampled_from("abc")), max_size=5), DAYS, DAYS)
def test_of_every_day_of_a_person_exactly_one_team_has_it(
    moves: list[tuple[date, str]], one: date, other: date
) -> None:
    period = Period(min(one, other), max(one, other))
    person = evolve_person(Person(), joined("wang", "a"))
    for day, team in sorted(moves):
        move = moved("wang", team, "03-01").model_copy(update={"on": day})
        person = evolve_person(person, move)
    teams = {team: Team(team, "sales", "East") for team in "abc"}
    days = [
        day
        for team in teams
        for part in slices(period, Filters(team=team), ({"wang": person}, teams))
        for day in range(part.period.start.toordinal(), part.period.end.toordinal())
    ]
    assert sorted(days) == list(range(period.start.toordinal(), period.end.toordinal()))
