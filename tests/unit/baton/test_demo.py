"""The simulated company's history: believable, in order, the same every time."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

from baton.demo import company, market
from baton.demo.clock import ZONE, Clock, at_work
from baton.demo.history import Beginning, people, stories, teams
from baton.demo.life import story
from baton.demo.planning import plans
from baton.demo.telling import Step

MONDAY = datetime(2025, 6, 2, 10, 0, tzinfo=ZONE)
BEGINNING = Beginning(MONDAY, seed=8)


def test_a_story_is_the_same_every_time() -> None:
    assert story(7, start=MONDAY, seed=8) == story(7, start=MONDAY, seed=8)


def test_every_thing_s_steps_follow_one_another_in_time() -> None:
    for steps in stories(BEGINNING):
        last: dict[str, datetime] = defaultdict(lambda: datetime.min.replace(tzinfo=UTC))
        for step in steps:
            assert step.at >= last[_thing(step)], step
            last[_thing(step)] = step.at


def test_history_ends_when_the_company_begins_to_live() -> None:
    assert max(step.at for steps in stories(BEGINNING) for step in steps) <= MONDAY


def test_history_holds_a_few_hundred_leads_and_all_that_may_become_of_them() -> None:
    steps = [step for steps in stories(BEGINNING) for step in steps]
    paths: dict[str, int] = defaultdict(int)
    for step in steps:
        paths[step.path.rpartition("/")[2]] += 1
    assert paths["leads"] > 300
    assert paths["convert"] > 200
    assert min(paths["win"], paths["lose"], paths["orders"], paths["deliver"], paths["receipts"]) > 50
    assert min(paths["complaints"], paths["disqualify"], paths["return"]) > 20


def test_an_order_begins_at_the_very_moment_its_deal_is_won() -> None:
    for steps in stories(BEGINNING):
        won = [step.at for step in steps if step.path.endswith("/win")]
        ordered = [step.at for step in steps if step.path == "/orders"]
        assert won == ordered


def test_everybody_has_a_team() -> None:
    assert {person.team for person in company.PEOPLE} == {team.id for team in company.TEAMS}
    assert len(list(teams(BEGINNING))) == len(company.TEAMS)
    assert len(list(people(BEGINNING))) == len(company.PEOPLE)


def test_a_plan_for_each_year_is_split_down_to_every_seller_by_what_each_is_to_sell() -> None:
    first, last = BEGINNING.first_day(), BEGINNING.at.date()
    (steps,) = plans(first, last)
    assert len(list(plans(first.replace(year=2024), last))) == 2
    drawn, *splits = [step.body for step in steps]
    assert drawn["levels"]["target"] == 12 * 100 * sum(seller.target for seller in company.sellers())
    people = [part for split in splits if split["by"] == "person" for part in split["parts"]]
    assert {part["key"]: part["weight"] for part in people} == {p.id: p.target for p in company.sellers()}
    known = {"root"}
    for split in splits:
        assert split["node"] in known
        known |= {f"{split['node']}/{split['by']}:{part['key']}" for part in split["parts"]}


def test_no_two_companies_have_the_same_name() -> None:
    names = [market.customer(number) for number in range(5000)]
    assert len(set(names)) == len(names)


def test_people_work_from_monday_to_saturday_in_the_daytime() -> None:
    sunday = datetime(2025, 6, 1, 12, 30, tzinfo=ZONE)
    night = datetime(2025, 6, 2, 3, 15, tzinfo=ZONE)
    assert at_work(sunday) == datetime(2025, 6, 2, 9, 30, tzinfo=ZONE)
    assert at_work(night) == datetime(2025, 6, 2, 9, 15, tzinfo=ZONE)
    assert at_work(MONDAY) == MONDAY


def test_the_clock_only_goes_forward() -> None:
    clock = Clock(MONDAY, Random(1))
    before = clock.now
    for _ in range(200):
        assert clock.after(hours=0.001) > before
        before = clock.now
    assert before - MONDAY < timedelta(days=2)


def _thing(step: Step) -> str:
    """The stream a step is about."""
    kind, _, rest = step.path.strip("/").partition("/")
    return f"{kind}-{step.body['id'] if not rest else rest.partition('/')[0]}"
