"""KPIs of complaints and of what customers say: small stories, and the numbers worked out by hand."""

from fractions import Fraction

from shared.events.complaint import ComplaintClosed, ComplaintReopened
from shared.events.examples.cast import at
from tests.unit.performance.happenings import answered, delivered, filed, ordered, resolved, said
from tests.unit.performance.world import World, parts

APRIL = ("04-01", "05-01")


def _closed(key: str, when: str, *, satisfaction: int | None = None) -> ComplaintClosed:
    return ComplaintClosed(complaint_id=key, occurred_at=at(when), satisfaction=satisfaction)


def _reopened(key: str, when: str) -> ComplaintReopened:
    return ComplaintReopened(complaint_id=key, occurred_at=at(when), reason="Again")


def test_complaints_open_are_those_of_now_whenever_they_were_filed(world: World) -> None:
    world.happened(filed("old", "01-05 10:00"), filed("1", "03-05 10:00"), filed("2", "03-05 10:00"))
    world.happened(resolved("1", "03-06 10:00"))
    assert world.value("complaints_open") == 2
    assert world.value("complaints_open", "06-01", "07-01") == 2
    world.happened(_reopened("1", "03-07 10:00"))
    assert world.value("complaints_open") == 3
    world.happened(resolved("1", "03-08 10:00"), _closed("1", "03-09 10:00"))
    assert world.value("complaints_open") == 2
    assert world.value("complaints_open", as_of="03-07 10:00") == 3


def test_complaints_are_weighed_by_the_orders_delivered_in_the_same_days(world: World) -> None:
    for n in range(8):
        world.happened(ordered(f"{n}", "02-20 10:00"), delivered(f"{n}", f"03-{10 + n} 10:00"))
    world.happened(filed("1", "03-05 10:00"), filed("2", "03-31 23:59"), filed("3", "04-01 00:00"))
    (value,) = world.values("complaints_per_100")
    assert parts(value) == (25, 2, 8)
    assert world.value("complaints_per_100", *APRIL) is None


def test_where_every_complaint_was_answered_the_response_time_is_the_plain_median(world: World) -> None:
    for key, answer in {"1": "10:10", "2": "10:20", "3": "10:45", "4": "23:00"}.items():
        world.happened(filed(key, "03-05 10:00"), answered(key, f"03-05 {answer}"))
    world.happened(answered("1", "03-06 10:00"))
    (value,) = world.values("complaint_response_time")
    assert parts(value) == (Fraction(65, 2), 4, 4)


def test_a_complaint_nobody_answered_has_waited_until_now(world: World) -> None:
    for key, answer in {"1": "10:10", "2": "10:20", "3": "10:45"}.items():
        world.happened(filed(key, "03-05 10:00"), answered(key, f"03-05 {answer}"))
    world.happened(filed("unheard", "03-05 10:00"), filed("nor-this", "03-05 10:00"))
    (value,) = world.values("complaint_response_time")  # the third of five is the one after 45 minutes
    assert parts(value) == (45, 3, 5)
    assert value.note == "waiting:2"
    assert world.value("complaint_response_time", as_of="03-05 10:30") is None


def test_resolution_is_the_median_until_the_last_time_it_was_solved(world: World) -> None:
    world.happened(filed("1", "03-05 10:00"), resolved("1", "03-05 11:00"))
    world.happened(filed("2", "03-05 10:00"), resolved("2", "03-05 13:00"))
    world.happened(filed("3", "03-05 10:00"), resolved("3", "03-05 10:30"))
    world.happened(filed("not-solved", "03-05 10:00"))
    assert world.value("complaint_resolution_time") == 60
    world.happened(_reopened("3", "03-06 10:00"))
    assert world.value("complaint_resolution_time") == 120
    world.happened(resolved("3", "03-07 10:00"))
    assert world.value("complaint_resolution_time") == 180
    assert world.value("complaint_resolution_time", *APRIL) is None


def test_four_and_five_are_satisfied(world: World) -> None:
    for n, score in enumerate((5, 4, 3, 1, 5)):
        world.happened(*said(f"{n}", "03-10 10:00", "csat", score))
    world.happened(*said("april", "04-01 00:00", "csat", 1))
    (value,) = world.values("csat")
    assert parts(value) == (Fraction(3, 5), 3, 5)
    assert world.value("csat", "02-01", "03-01") is None


def test_a_corrected_answer_replaces_the_first_whole(world: World) -> None:
    world.happened(*said("1", "03-10 10:00", "csat", 1))
    world.happened(said("1", "04-02 10:00", "csat", 5)[1])
    assert world.value("csat") is None
    assert world.value("csat", *APRIL) == 1
    assert world.value("csat", as_of="03-31 10:00") == 0


def test_what_is_said_at_the_closing_of_a_complaint_is_an_answer_about_nobodys_sale(world: World) -> None:
    world.happened(*said("1", "03-10 10:00", "csat", 5, owner="wang", line="Atlas"))
    world.happened(filed("c", "03-05 10:00"), resolved("c", "03-06 10:00"))
    world.happened(_closed("c", "03-09 10:00", satisfaction=2))
    assert world.value("csat") == Fraction(1, 2)
    assert world.value("csat", line="Atlas") == 1
    assert world.value("csat", person="wang") == 1


def test_promoters_less_detractors_and_how_many_answered(world: World) -> None:
    # five promoters, two passives, three detractors of ten: 50 - 30
    for n, score in enumerate((9, 10, 10, 9, 9, 7, 8, 6, 0, 3)):
        world.happened(*said(f"{n}", "03-10 10:00", "nps", score))
    world.happened(*said("csat", "03-10 10:00", "csat", 5))
    (value,) = world.values("nps")
    assert value.unit == "score"
    assert parts(value) == (20, 2, 10)


def test_the_score_reaches_from_minus_100_to_100(world: World) -> None:
    world.happened(*said("1", "03-10 10:00", "nps", 6), *said("2", "04-10 10:00", "nps", 9))
    assert world.value("nps") == -100
    assert world.value("nps", *APRIL) == 100
    assert world.value("nps", "05-01", "06-01") is None
