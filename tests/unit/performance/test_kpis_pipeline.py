"""KPIs of open deals and of the way there: small stories, and the numbers worked out by hand."""

from datetime import datetime, timedelta
from fractions import Fraction

from shared.events.deal import DealAdvanced, DealReassigned, DealRepriced, DealRescheduled, Stage
from shared.events.event import Event, Money
from shared.events.examples.cast import at, on
from tests.unit.performance.world import World, lost, money, opened, parts, reopened, won


def _advanced(deal: str, when: str, stage: Stage) -> DealAdvanced:
    return DealAdvanced(deal_id=deal, occurred_at=at(when), stage=stage, previous="prospecting")


def _expected(deal: str, day: str, amount: int, *, stage: Stage = "prospecting") -> Event:
    """An open deal of so many yuan, at a stage, expected to close on a day."""
    return opened(deal, "02-10 10:00", amount=money(amount), stage=stage, expected_close=on(day))


def test_open_pipeline_is_what_stands_open_now_whenever_it_was_opened(world: World) -> None:
    world.happened(opened("old", "01-05 10:00", amount=money(40)), opened("new", "03-05 10:00"))
    world.happened(opened("gone", "03-05 10:00"), lost("gone", "03-06 10:00"))
    assert world.value("open_pipeline") == 140
    assert world.value("open_pipeline", "06-01", "07-01") == 140


def test_the_pipeline_follows_price_and_owner(world: World) -> None:
    world.happened(opened("1", "03-05 10:00"))
    world.happened(
        DealRepriced(deal_id="1", occurred_at=at("03-06 10:00"), amount=money(60), previous=money(100)),
        DealReassigned(deal_id="1", occurred_at=at("03-06 11:00"), owner="li", previous="wang"),
    )
    assert world.value("open_pipeline", person="li") == 60
    assert world.value("open_pipeline", person="wang") == 0


def test_a_past_moment_shows_the_pipeline_of_then(world: World) -> None:
    world.happened(opened("1", "03-05 10:00"), won("1", "03-09 10:00"), reopened("1", "03-20 10:00"))
    moments = ("03-05 09:59", "03-05 10:00", "03-09 10:00", "03-20 10:00")
    assert [world.value("open_pipeline", as_of=moment) for moment in moments] == [0, 100, 0, 100]


def test_past_its_close_date_is_what_should_have_closed_before_the_period_and_is_still_open(
    world: World,
) -> None:
    world.happened(_expected("late", "02-28", 300), _expected("in-time", "03-01", 50))
    world.happened(opened("undated", "02-10 10:00", amount=money(7)))
    world.happened(_expected("gone", "02-20", 900), lost("gone", "02-25 10:00"))
    assert world.value("overdue_pipeline") == 300
    put_off = DealRescheduled(deal_id="late", occurred_at=at("03-02 10:00"), expected_close=on("04-15"))
    world.happened(put_off)
    assert world.value("overdue_pipeline") == 0
    assert world.value("overdue_pipeline", "05-01", "06-01") == 350


def _three_won_one_lost(world: World) -> None:
    """Won for 100, 200 and 300 yuan after 10, 20 and 30 days."""
    for n in (1, 2, 3):
        world.happened(
            opened(f"w{n}", "03-01 10:00"), won(f"w{n}", f"03-{10 * n + 1} 10:00", amount=money(100 * n))
        )
    world.happened(opened("l", "03-01 10:00"), lost("l", "03-09 10:00"))


def test_velocity_is_what_the_open_deals_will_bring_in_a_day(world: World) -> None:
    _three_won_one_lost(world)
    world.happened(*(opened(f"o{n}", "01-10 10:00", amount=money(9)) for n in range(6)))
    (value,) = world.values("velocity")  # 6 deals x 3/4 x 200 yuan / 20 days
    assert parts(value) == (45, 900, 20)


def test_velocity_without_wins_or_with_wins_on_the_first_day_is_undefined(world: World) -> None:
    world.happened(opened("o", "03-01 10:00"), opened("l", "03-01 10:00"), lost("l", "03-09 10:00"))
    assert world.value("velocity") is None
    world.happened(opened("w", "03-01 10:00"), won("w", "03-01 18:00"))
    assert world.value("velocity") is None


def test_velocity_in_two_currencies_has_one_rate_and_one_cycle_and_two_sizes(world: World) -> None:
    _three_won_one_lost(world)
    dollars: Money = money(50, "USD")
    world.happened(opened("usd", "03-01 10:00"), won("usd", "03-21 10:00", amount=dollars))
    world.happened(*(opened(f"o{n}", "01-10 10:00") for n in range(5)))
    values = {value.currency: value.value for value in world.values("velocity")}
    assert values == {"CNY": Fraction(5 * 4 * 200, 5 * 20), "USD": Fraction(5 * 4 * 50, 5 * 20)}


def test_conversion_follows_the_deals_opened_in_the_period_and_a_skipped_stage_counts(world: World) -> None:
    world.happened(opened("waits", "03-02 10:00"))
    world.happened(
        opened("2", "03-02 10:00"), _advanced("2", "03-03 10:00", "engaging"), lost("2", "03-04 10:00")
    )
    world.happened(opened("3", "03-02 10:00"), _advanced("3", "03-03 10:00", "engaging"))
    world.happened(_advanced("3", "03-04 10:00", "proposing"), _advanced("3", "03-05 10:00", "prospecting"))
    world.happened(opened("4", "03-02 10:00"), _advanced("4", "03-03 10:00", "negotiating"))
    world.happened(opened("5", "03-02 10:00"), won("5", "04-20 10:00"))
    world.happened(opened("another-month", "02-27 10:00"))
    conversion = [
        parts(world.values("conversion_engaging")[0]),
        parts(world.values("conversion_proposing")[0]),
        parts(world.values("conversion_negotiating")[0]),
        parts(world.values("conversion_won")[0]),
    ]
    assert conversion == [
        (Fraction(4, 5), 4, 5),
        (Fraction(3, 4), 3, 4),
        (Fraction(2, 3), 2, 3),
        (Fraction(1, 2), 1, 2),
    ]
    assert world.value("conversion_engaging", "04-01", "05-01") is None


def test_the_forecast_is_what_was_won_and_what_is_open_at_the_chance_of_its_stage(world: World) -> None:
    # closed in the year: won (it came to every stage), won in March, lost at proposing, lost at once; so of
    # those that came to prospecting 2/4 were won, of those that came to proposing 2/3
    world.happened(opened("1", "01-05 10:00"), won("1", "01-20 10:00"))
    world.happened(_expected("2", "03-20", 800), won("2", "03-10 10:00", amount=money(1000)))
    world.happened(_expected("3", "03-20", 5000, stage="proposing"), lost("3", "03-15 10:00"))
    world.happened(_expected("4", "03-20", 9000), lost("4", "02-15 10:00"))
    world.happened(_expected("5", "03-31", 300), _expected("6", "03-01", 600, stage="proposing"))
    world.happened(_expected("next-month", "04-01", 700), opened("undated", "03-01 10:00"))
    (value,) = world.values("weighted_forecast")
    assert value.value == 1000 + 300 * Fraction(2, 4) + 600 * Fraction(2, 3) == 1550
    assert value.numerator == 1000
    assert value.note is None


def test_a_stage_without_history_has_no_chance_and_is_named(world: World) -> None:
    world.happened(opened("1", "03-05 10:00"), lost("1", "03-09 10:00"))
    world.happened(_expected("2", "03-20", 100), _expected("3", "03-20", 400, stage="engaging"))
    (value,) = world.values("weighted_forecast")
    assert value.value == 0
    assert value.note == "no-history:engaging"


def test_history_is_a_year_old_at_most(world: World) -> None:
    world.happened(_expected("open", "03-20", 100))
    a_year_ago = datetime.fromisoformat("2024-04-01T00:00+08:00")
    for key, when in (("1", a_year_ago - timedelta(minutes=1)), ("2", a_year_ago)):
        assert world.values("weighted_forecast")[0].note == "no-history:prospecting"
        closed = (opened(key, "01-01 10:00"), won(key, "01-01 10:00"))
        world.happened(*(event.model_copy(update={"occurred_at": when}) for event in closed))
    assert world.value("weighted_forecast") == 100
