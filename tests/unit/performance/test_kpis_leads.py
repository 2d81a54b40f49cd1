"""KPIs of leads: small stories, and the numbers worked out by hand."""

from fractions import Fraction

from shared.events.examples.cast import at
from shared.events.lead import LeadClaimed, LeadConverted, LeadReleased
from tests.unit.performance.happenings import assigned, contacted, disqualified, lead, qualified
from tests.unit.performance.world import World, parts


def test_leads_count_on_the_day_they_came_in(world: World) -> None:
    world.happened(lead("1", "03-01 00:00"), lead("2", "03-31 23:59"), lead("3", "04-01 00:00"))
    assert world.value("leads") == 2


def test_a_lead_counts_for_who_has_it_now_and_in_the_pool_for_nobody(world: World) -> None:
    world.happened(lead("1", "03-03 10:00"), assigned("1", "03-03 10:01", "wang"))
    assert world.value("leads", person="wang") == 1
    world.happened(LeadReleased(lead_id="1", occurred_at=at("03-10 10:00"), reason="七天未跟进"))
    assert world.value("leads", person="wang") == 0
    assert world.value("leads") == 1
    world.happened(LeadClaimed(lead_id="1", occurred_at=at("03-11 10:00"), owner="li"))
    assert world.value("leads", person="li") == 1


def test_qualification_is_of_the_leads_that_came_in_even_if_qualified_later(world: World) -> None:
    world.happened(*(lead(f"{n}", "03-30 10:00") for n in range(4)))
    world.happened(qualified("0", "04-09 10:00"))
    world.happened(
        LeadConverted(
            lead_id="1",
            occurred_at=at("03-31 10:00"),
            account_id="a",
            deal_id="d",
            owner="li",
            created_at=at("03-30 10:00"),
        )
    )
    (value,) = world.values("qualified_rate")
    assert parts(value) == (Fraction(1, 2), 2, 4)
    assert world.value("qualified_rate", "04-01", "05-01") is None


def test_a_lead_that_turned_out_bad_is_not_qualified_any_more(world: World) -> None:
    world.happened(lead("1", "03-02 10:00"), qualified("1", "03-03 10:00"), disqualified("1", "03-04 10:00"))
    assert world.value("qualified_rate") == 0


def _called_after(world: World, *minutes: int) -> None:
    """Leads of 3 March, 10:00, contacted after so many minutes (less than an hour)."""
    for n in minutes:
        world.happened(lead(f"called-{n}", "03-03 10:00"), contacted(f"called-{n}", f"03-03 10:{n:02}"))


def test_where_everybody_was_called_the_response_time_is_the_plain_median(world: World) -> None:
    _called_after(world, 7, 40, 20, 30)
    (value,) = world.values("lead_response_time")
    assert (value.unit, value.note) == ("minutes", None)
    assert parts(value) == (25, 4, 4)


def test_a_lead_nobody_called_is_not_forgotten_it_has_waited_until_now(world: World) -> None:
    # after 7 minutes 1/4 were called, after 30 it is 1 - 3/4 x 2/3 = 1/2; the two alone would say 18.5
    _called_after(world, 7, 30)
    world.happened(lead("nobody-called", "03-03 10:00"), lead("nor-this-one", "03-03 10:00"))
    (value,) = world.values("lead_response_time", now="03-03 12:30")
    assert parts(value) == (30, 2, 4)
    assert value.note == "waiting:2"


def test_while_too_few_were_called_the_median_is_not_known_yet(world: World) -> None:
    _called_after(world, 5)
    world.happened(*(lead(f"{n}", "03-03 10:00") for n in range(2)))
    (value,) = world.values("lead_response_time", now="03-03 11:00")
    assert parts(value) == (None, 1, 3)
    assert value.note == "waiting:2"


def test_a_lead_that_came_in_a_minute_ago_says_nothing_about_the_fifth_minute(world: World) -> None:
    _called_after(world, 5, 7)
    world.happened(lead("just-in", "03-03 12:00"))
    assert world.value("lead_response_time", now="03-03 12:01") == 5
    assert world.value("lead_response_time", now="03-03 13:00") == 7


def test_a_lead_given_up_without_a_call_waited_until_it_was_given_up(world: World) -> None:
    # after 10 minutes 1/3 were called; then one was given up, and after 30 it is 1 - 2/3 x 0/1 = 1;
    # without the one that was given up it would be 20
    _called_after(world, 10, 30)
    world.happened(lead("dropped", "03-03 10:00"), disqualified("dropped", "03-03 10:20"))
    (value,) = world.values("lead_response_time")
    assert parts(value) == (30, 2, 3)
    assert value.note is None


def test_a_second_contact_does_not_change_the_response_time(world: World) -> None:
    _called_after(world, 5)
    world.happened(contacted("called-5", "03-03 11:00", first=False))
    assert world.value("lead_response_time") == 5


def test_a_past_moment_shows_who_waited_then(world: World) -> None:
    _called_after(world, 5, 50)
    assert world.value("lead_response_time", as_of="03-03 10:30") == 5
    assert world.value("lead_response_time") == Fraction(55, 2)
