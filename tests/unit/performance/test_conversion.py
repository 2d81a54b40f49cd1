"""Conversion worked out by hand, and what must hold for any amounts and rates."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Final, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from services.performance.conversion import POLICY, Conversion, Missing, Rate, Rates, Used
from services.performance.measures.rates import RATES, DayRate, evolve
from shared.events.examples.cast import at, on
from shared.events.rate import RateEvent, RateWithdrawn
from tests.unit.performance.test_rate import usd

Amount = tuple[str, str, int]
"""Business day (empty for a standing), currency and minor units."""


class Converted(NamedTuple):
    """What amounts come to, how many of them have a rate, and what is said about it."""

    total: Fraction
    priced: int
    missing: Sequence[Missing]
    used: Sequence[Used]


def convert(amounts: Iterable[Amount], to: str, rates: Rates, *, standing_day: date) -> Converted:
    conversion = Conversion(to, rates, standing_day=standing_day)
    worth = [(minor, conversion.rate(currency, day)) for day, currency, minor in amounts]
    found = [minor * rate for minor, rate in worth if rate is not None]
    return Converted(sum(found, Fraction(0)), len(found), conversion.missing, conversion.used)


BANK: Final = "中国人民银行中间价"
TODAY: Final = on("03-31")


def rate(pair: str, day: str, value: str, *, source: str = BANK) -> DayRate:
    base, quote = pair.split("-")
    return DayRate(base, quote, on(day), Decimal(value), source)


def known(*events: RateEvent) -> Rates:
    """Rates as the events of one day leave them."""
    return Rates([reduce(evolve, events, RATES.initial)])


def total(amounts: list[Amount], to: str, *rates: DayRate) -> Fraction:
    """What they come to; all of them must have a rate."""
    found = convert(amounts, to, Rates(rates), standing_day=TODAY)
    assert (found.priced, found.missing) == (len(amounts), [])
    return found.total


MARCH: Final = (rate("USD-CNY", "03-01", "7.1738"), rate("USD-CNY", "03-16", "7.2"))


def test_each_amount_has_the_rate_of_its_day_across_a_change() -> None:
    """$100 at 7.1738, $100 on the last day of that rate, $100 at 7.2 from the 16th on, and 1 yuan."""
    amounts = [
        ("2025-03-01", "USD", 100_00),
        ("2025-03-15", "USD", 100_00),
        ("2025-03-16", "USD", 100_00),
        ("2025-03-02", "CNY", 1_00),
    ]
    assert total(amounts, "CNY", *MARCH) == 717_38 + 717_38 + 720_00 + 1_00


def test_a_standing_has_the_rate_of_the_day_it_is_asked_for() -> None:
    standing = [("", "USD", 100_00)]
    assert total(standing, "CNY", *MARCH) == 720_00
    earlier = convert(standing, "CNY", Rates(MARCH), standing_day=on("03-15"))
    assert earlier.total == 717_38


def test_yen_have_no_minor_unit() -> None:
    yen = (rate("JPY-CNY", "03-01", "0.0483"), rate("CNY-JPY", "03-01", "20.7"))
    assert total([("2025-03-05", "JPY", 10_000)], "CNY", *yen) == 483_00
    assert total([("2025-03-05", "CNY", 100_00)], "JPY", *yen) == 2_070


def test_dinars_of_kuwait_have_a_thousand_fils() -> None:
    dinar = (rate("KWD-CNY", "03-01", "23.25"), rate("CNY-KWD", "03-01", "0.043"))
    assert total([("2025-03-05", "KWD", 2_000)], "CNY", *dinar) == 46_50
    assert total([("2025-03-05", "CNY", 100_00)], "KWD", *dinar) == 4_300
    assert total([("2025-03-05", "JPY", 1_000)], "KWD", rate("JPY-KWD", "03-01", "0.00207")) == 2_070


def test_what_came_before_the_first_rate_is_counted_and_not_priced() -> None:
    amounts = [
        ("2025-02-28", "USD", 100_00),
        ("2025-02-03", "USD", -30_00),
        ("2025-03-01", "USD", 1_00),
        ("2025-03-01", "EUR", 5_00),
    ]
    found = convert(amounts, "CNY", Rates(MARCH), standing_day=TODAY)
    assert found.total == Fraction("717.38")
    assert found.priced == 1
    assert found.missing == [
        Missing("EUR", on("03-01"), on("03-01")),
        Missing("USD", on("02-03"), on("02-28")),
    ]


def test_nothing_is_zero_and_all_of_it_missing_is_not() -> None:
    assert convert([], "CNY", Rates([]), standing_day=TODAY) == Converted(Fraction(0), 0, [], [])
    found = convert([("", "USD", 1)], "CNY", Rates([]), standing_day=TODAY)
    assert found.total == found.priced == 0
    assert found.missing == [Missing("USD", TODAY, TODAY)]


def test_the_opposite_pair_serves_turned_round_and_says_so() -> None:
    """1 yuan is 0.125 dollars, so a dollar is 8 yuan."""
    found = convert(
        [("2025-03-05", "USD", 100_00)], "CNY", Rates([rate("CNY-USD", "03-01", "0.125")]), standing_day=TODAY
    )
    assert found.total == 800_00
    dollar = Rate("USD", "CNY", Fraction(8), on("03-01"), BANK, inverse=True)
    assert found.used == [Used(dollar, dollar, 1)]


def test_the_opposite_pair_serves_only_while_the_pair_itself_has_no_rate() -> None:
    both = Rates(
        [rate("USD-CNY", "03-10", "7.2"), rate("CNY-USD", "03-01", "0.125"), rate("CNY-USD", "03-20", "0.16")]
    )
    values = []
    for day in ("02-28", "03-01", "03-09", "03-10", "03-20", "03-31"):
        served = both.lookup("USD", "CNY", on(day))
        values.append(served and (served.value, served.inverse))
    direct, turned = (Fraction("7.2"), False), (Fraction(8), True)
    assert values == [None, turned, turned, direct, direct, direct]


def test_no_rate_is_made_through_a_third_currency() -> None:
    chain = Rates([rate("EUR-USD", "03-01", "1.05"), rate("USD-CNY", "03-01", "7.2")])
    assert chain.lookup("EUR", "CNY", TODAY) is None


def test_a_correction_replaces_and_a_withdrawal_takes_away() -> None:
    first, corrected = usd("03-01", "7.1"), usd("03-01", "7.2")
    gone = RateWithdrawn(rate_id="USD-CNY", on=on("03-01"), occurred_at=at("03-02 09:00"))
    dollar = [("2025-03-05", "USD", 1_00)]
    assert convert(dollar, "CNY", known(first, corrected), standing_day=TODAY).total == 7_20
    assert convert(dollar, "CNY", known(first, gone), standing_day=TODAY).missing
    assert convert(dollar, "CNY", known(first, gone, corrected), standing_day=TODAY).total == 7_20


def test_after_a_withdrawal_the_rate_before_it_goes_on() -> None:
    withdrawn = DayRate("USD", "CNY", None, Decimal("9.9"), BANK)
    assert total([("2025-03-20", "USD", 1_00)], "CNY", MARCH[0], withdrawn) == Fraction("717.38")


def test_an_answer_names_the_rates_it_used() -> None:
    rates = [*MARCH, rate("USD-CNY", "03-21", "7.25", source="财务部"), rate("CNY-EUR", "03-01", "0.125")]
    amounts = [(f"2025-03-{day:02}", "USD", 1) for day in range(1, 32)]
    found = convert([*amounts, ("", "EUR", 1), ("", "CNY", 1)], "CNY", Rates(rates), standing_day=TODAY)
    euro = Rate("EUR", "CNY", Fraction(8), on("03-01"), BANK, inverse=True)
    first = Rate("USD", "CNY", Fraction("7.1738"), on("03-01"), BANK)
    last = Rate("USD", "CNY", Fraction("7.2"), on("03-16"), BANK)
    finance = Rate("USD", "CNY", Fraction("7.25"), on("03-21"), "财务部")
    assert found.used == [Used(euro, euro, 1), Used(first, last, 2), Used(finance, finance, 1)]


def test_three_halves_of_a_cent_are_one_and_a_half_and_not_three_times_nothing() -> None:
    assert total([("", "USD", 1)] * 3, "CNY", rate("USD-CNY", "03-01", "0.5")) == Fraction(3, 2)


def test_the_policy_is_said_in_both_languages() -> None:
    zh, en = POLICY
    assert "业务日的汇率" in zh
    assert "rate of the business day" in en


CURRENCIES = st.sampled_from(("CNY", "USD", "JPY", "KWD"))
DAYS = st.dates(date(2025, 2, 20), date(2025, 3, 20))
VALUES = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(1, 10**12 - 1), st.integers(0, 11)
)
MINOR = st.integers(-(10**15), 10**15)
AMOUNTS = st.lists(st.tuples(DAYS.map(date.isoformat) | st.just(""), CURRENCIES, MINOR), max_size=20)
PAIRS = st.tuples(CURRENCIES, CURRENCIES).filter(lambda pair: pair[0] != pair[1])
TABLES = st.dictionaries(st.tuples(PAIRS, DAYS), VALUES, max_size=12).map(
    lambda table: [DayRate(*pair, day, value, BANK) for (pair, day), value in table.items()]
)


@given(parts=st.lists(MINOR, min_size=1, max_size=20), pair=PAIRS, value=VALUES)
def test_the_parts_converted_come_to_exactly_the_sum_converted(
    parts: list[int], pair: tuple[str, str], value: Decimal
) -> None:
    base, quote = pair
    for known_as in (DayRate(base, quote, TODAY, value, BANK), DayRate(quote, base, TODAY, value, BANK)):
        rates = Rates([known_as])
        each = [convert([("", base, minor)], quote, rates, standing_day=TODAY).total for minor in parts]
        whole = convert([("", base, sum(parts))], quote, rates, standing_day=TODAY).total
        assert sum(each) == whole


@given(amounts=AMOUNTS, rates=TABLES, currency=CURRENCIES)
def test_an_amount_in_its_own_currency_stays_what_it_is(
    amounts: list[Amount], rates: list[DayRate], currency: str
) -> None:
    own = [(day, currency, minor) for day, _, minor in amounts]
    found = convert(own, currency, Rates(rates), standing_day=TODAY)
    own_total = Fraction(sum(minor for _, _, minor in own))
    assert found == Converted(own_total, len(own), [], [])


@given(st.data(), AMOUNTS, TABLES, CURRENCIES)
def test_neither_the_order_of_amounts_nor_of_rates_matters(
    data: st.DataObject, amounts: list[Amount], rates: list[DayRate], to: str
) -> None:
    other = convert(
        data.draw(st.permutations(amounts)),
        to,
        Rates(data.draw(st.permutations(rates))),
        standing_day=TODAY,
    )
    assert convert(amounts, to, Rates(rates), standing_day=TODAY) == other


@given(AMOUNTS, TABLES, CURRENCIES)
def test_every_amount_is_either_priced_or_missing(
    amounts: list[Amount], rates: list[DayRate], to: str
) -> None:
    found = convert(amounts, to, Rates(rates), standing_day=TODAY)
    assert (found.priced < len(amounts)) == bool(found.missing)
    assert to not in {missing.currency for missing in found.missing}


@given(TABLES, PAIRS, DAYS)
def test_a_day_has_the_rate_of_a_plain_search_through_the_table(
    rates: list[DayRate], pair: tuple[str, str], day: date
) -> None:
    found = Rates(rates).lookup(*pair, day)
    by_day = {(it.base, it.quote, it.on): it.rate for it in rates}
    earlier = [day - timedelta(days=n) for n in range(60)]
    direct = [Fraction(by_day[*pair, d]) for d in earlier if (*pair, d) in by_day]
    turned = [1 / Fraction(by_day[*pair[::-1], d]) for d in earlier if (*pair[::-1], d) in by_day]
    assert (found and found.value) == next(iter([*direct, *turned]), None)
