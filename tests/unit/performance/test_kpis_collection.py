"""KPIs of money coming in: small stories, and the numbers worked out by hand."""

from fractions import Fraction

from shared.events.event import Money
from shared.events.examples.cast import at
from shared.events.receivable import ReceivableCredited, ReceivableWrittenOff, RefundPaid
from tests.unit.performance.happenings import invoiced, ordered, received, shipped
from tests.unit.performance.world import World, money, parts

APRIL = ("04-01", "05-01")


def _credited(key: str, when: str, amount: Money) -> ReceivableCredited:
    return ReceivableCredited(
        receivable_id=key, occurred_at=at(when), return_id="r-1", amount=amount, reason="退货"
    )


def _written_off(key: str, when: str, amount: Money) -> ReceivableWrittenOff:
    return ReceivableWrittenOff(receivable_id=key, occurred_at=at(when), amount=amount, reason="破产")


def _refunded(key: str, when: str, amount: Money) -> RefundPaid:
    return RefundPaid(receivable_id=key, occurred_at=at(when), refund_id="f-1", amount=amount)


def test_receipts_count_when_they_come_in_and_what_was_owed_when_it_falls_due(world: World) -> None:
    world.happened(invoiced("1", "02-20 10:00", money(1000), "03-10"))
    world.happened(invoiced("2", "02-20 10:00", money(600), "04-10"))
    world.happened(received("1", "03-11 10:00", money(300)), received("1", "04-02 10:00", money(700)))
    world.happened(received("2", "03-31 23:59", money(100)))
    assert world.value("receipts") == 400
    (rate,) = world.values("collection_rate")
    assert parts(rate) == (Fraction(2, 5), 400, 1000)
    assert world.value("collection_rate", *APRIL) == Fraction(700, 600)  # arrears came in


def test_what_is_paid_back_is_taken_off_on_its_day(world: World) -> None:
    world.happened(invoiced("1", "02-20 10:00", money(1000), "03-10"))
    world.happened(received("1", "03-11 10:00", money(1000)), _credited("1", "04-02 10:00", money(250)))
    world.happened(_refunded("1", "04-03 10:00", money(250)))
    assert world.value("receipts") == 1000
    assert world.value("receipts", *APRIL) == -250


def test_two_receipts_of_one_day_are_both_there(world: World) -> None:
    world.happened(invoiced("1", "02-20 10:00", money(1000), "03-10"))
    world.happened(received("1", "03-11 10:00", money(300)), received("1", "03-11 16:00", money(45)))
    assert world.value("receipts") == 345


def test_a_collection_rate_without_anything_due_is_undefined(world: World) -> None:
    world.happened(
        invoiced("1", "02-20 10:00", money(1000), "05-10"), received("1", "03-11 10:00", money(300))
    )
    assert world.value("receipts") == 300
    assert world.value("collection_rate") is None


def test_what_is_written_off_was_due_all_the_same(world: World) -> None:
    world.happened(
        invoiced("1", "02-20 10:00", money(1000), "03-10"), received("1", "03-11 10:00", money(900))
    )
    world.happened(_written_off("1", "03-12 10:00", money(100)))
    assert world.value("collection_rate") == Fraction(9, 10)


def test_receipts_in_two_currencies_are_two_numbers(world: World) -> None:
    world.happened(invoiced("1", "02-20 10:00", money(1000), "03-10"))
    world.happened(invoiced("2", "02-20 10:00", money(50, "EUR"), "03-10"))
    world.happened(received("1", "03-11 10:00", money(300)), received("2", "03-11 10:00", money(50, "EUR")))
    assert {value.unit: value.value for value in world.values("receipts")} == {"CNY": 300, "EUR": 50}
    rates = {value.currency: value.value for value in world.values("collection_rate")}
    assert rates == {"CNY": Fraction(3, 10), "EUR": 1}


def test_the_three_rates_answer_three_questions(world: World) -> None:
    # owed when March began: 1000 - 400 = 600; invoiced in March 1400; came in 900 of it all
    world.happened(invoiced("old", "02-10 10:00", money(1000), "03-10"))
    world.happened(received("old", "02-20 10:00", money(400)))
    world.happened(ordered("new", "03-01 10:00"), shipped("new", "03-02 10:00", money(1500)))
    world.happened(invoiced("new", "03-02 10:00", money(1400), "04-02"))
    world.happened(received("old", "03-12 10:00", money(600)), received("new", "03-20 10:00", money(300)))
    assert parts(world.values("collection_rate")[0]) == (Fraction(9, 10), 900, 1000)
    assert parts(world.values("collection_rate_sales")[0]) == (Fraction(3, 5), 900, 1500)
    assert parts(world.values("collection_rate_balance")[0]) == (Fraction(9, 20), 900, 2000)


def test_the_balance_method_agrees_with_its_textbook_form(world: World) -> None:
    # (opening + invoiced - closing - written off) by (opening + invoiced), a credit being invoiced less
    world.happened(invoiced("1", "02-10 10:00", money(1000), "03-10"))
    world.happened(invoiced("2", "03-05 10:00", money(800), "04-05"))
    world.happened(_credited("2", "03-06 10:00", money(100)), received("1", "03-12 10:00", money(550)))
    world.happened(_written_off("1", "03-20 10:00", money(450)))
    opening, billed, closing, gone = 1000, 800 - 100, 700, 450
    (value,) = world.values("collection_rate_balance")
    assert value.value == Fraction(opening + billed - closing - gone, opening + billed)
    assert parts(value) == (Fraction(11, 34), 550, 1700)
    assert world.value("owed") == closing


def test_rates_by_sales_and_by_balance_are_undefined_where_there_was_neither(world: World) -> None:
    assert world.value("collection_rate_sales") is None
    assert world.value("collection_rate_balance") is None


def test_owed_is_what_customers_still_have_to_pay_now_or_then(world: World) -> None:
    world.happened(invoiced("1", "02-20 10:00", money(1000), "03-10"))
    world.happened(invoiced("2", "03-20 10:00", money(80, "USD"), "04-10"))
    world.happened(received("1", "03-25 10:00", money(300)))
    owed = {value.currency: value.value for value in world.values("owed")}
    assert owed == {"CNY": 700, "USD": 80}
    assert world.value("owed", as_of="03-19 10:00") == 1000


def test_what_we_owe_back_is_not_taken_off_what_others_owe(world: World) -> None:
    world.happened(invoiced("1", "02-20 10:00", money(1000), "03-10"))
    world.happened(invoiced("2", "02-20 10:00", money(400), "03-10"))
    world.happened(received("1", "03-01 10:00", money(1000)), _credited("1", "03-05 10:00", money(300)))
    assert world.value("owed") == 400


def test_days_of_sales_that_are_owed_at_the_end_of_the_period(world: World) -> None:
    # owed at the end of March: 500 of February and 200 of March; March invoiced 1400, in 31 days
    world.happened(invoiced("1", "02-10 10:00", money(500), "04-10"))
    world.happened(invoiced("2", "03-10 10:00", money(1400), "04-10"))
    world.happened(received("2", "03-20 10:00", money(1200)), received("1", "04-02 10:00", money(500)))
    (value,) = world.values("dso")
    assert value.unit == "days"
    assert parts(value) == (Fraction(31, 2), 700, 1400)
    assert world.value("dso", *APRIL) is None
