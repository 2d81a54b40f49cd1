"""The funnel: the deals opened in a period, each counted once at every stage it reached."""

from typing import Any

from shared.events.deal import DealAdvanced, DealReassigned, Stage
from shared.events.examples.cast import at
from tests.unit.performance.asking import Service
from tests.unit.performance.world import World, lost, money, opened, reopened, won

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}


def _moved(world: World, deal: str, when: str, stage: Stage) -> None:
    world.happened(DealAdvanced(deal_id=deal, occurred_at=at(when), stage=stage, previous="prospecting"))


async def _bars(service: Service, field: str = "reached", **filters: str) -> list[Any]:
    board = await service.get("/funnel", **(MARCH | filters))
    return [stage[field] for stage in board["stages"]]


async def test_an_empty_funnel_has_all_its_stages(service: Service) -> None:
    board = await service.get("/funnel", **MARCH)
    assert [stage["stage"] for stage in board["stages"]] == [
        "prospecting",
        "engaging",
        "proposing",
        "negotiating",
    ]
    assert board["stages"][1] == {
        "stage": "engaging",
        "label": "Engaging",
        "reached": 0,
        "standing": 0,
        "amount": [],
        "conversion": None,
    }
    assert (board["opened"], board["won"], board["lost"]) == (0, 0, 0)


async def test_skipped_stages_count_as_reached(service: Service) -> None:
    service.world.happened(opened("1", "03-02 10:00"))
    _moved(service.world, "1", "03-03 10:00", "negotiating")
    assert await _bars(service) == [1, 1, 1, 1]
    assert await _bars(service, "standing") == [0, 0, 0, 1]


async def test_a_deal_taken_up_further_on_reached_what_lies_before(service: Service) -> None:
    service.world.happened(opened("1", "03-02 10:00", stage="proposing"))
    assert await _bars(service) == [1, 1, 1, 0]


async def test_a_step_back_moves_the_deal_and_leaves_what_it_reached(service: Service) -> None:
    service.world.happened(opened("1", "03-02 10:00"))
    _moved(service.world, "1", "03-03 10:00", "proposing")
    _moved(service.world, "1", "03-04 10:00", "engaging")
    assert await _bars(service) == [1, 1, 1, 0]
    assert await _bars(service, "standing") == [0, 1, 0, 0]
    _moved(service.world, "1", "03-05 10:00", "proposing")
    assert await _bars(service) == [1, 1, 1, 0]


async def test_conversion_is_out_of_the_stage_before(service: Service) -> None:
    for key in "abc":
        service.world.happened(opened(key, "03-02 10:00"))
    _moved(service.world, "a", "03-03 10:00", "engaging")
    _moved(service.world, "b", "03-03 10:00", "proposing")
    assert await _bars(service) == [3, 2, 1, 0]
    assert await _bars(service, "conversion") == [None, 0.666667, 0.5, 0]


async def test_won_and_lost_stay_in_the_cohort_of_the_day_they_were_opened(service: Service) -> None:
    service.world.happened(opened("1", "03-31 23:59"), opened("2", "03-31 10:00"), opened("3", "04-01 00:00"))
    _moved(service.world, "1", "04-02 10:00", "engaging")
    service.world.happened(won("1", "04-10 10:00"), lost("2", "04-11 10:00"))
    march = await service.get("/funnel", **MARCH)
    assert (march["opened"], march["won"], march["lost"]) == (2, 1, 1)
    assert await _bars(service) == [2, 1, 0, 0]
    assert await _bars(service, "standing") == [0, 0, 0, 0]
    april = await service.get("/funnel", **{"from": "2025-04-01", "to": "2025-05-01"})
    assert (april["opened"], april["won"], april["lost"]) == (1, 0, 0)


async def test_a_reopened_deal_stands_where_it_stood_and_is_not_counted_again(service: Service) -> None:
    service.world.happened(opened("1", "03-02 10:00"))
    _moved(service.world, "1", "03-03 10:00", "proposing")
    service.world.happened(lost("1", "03-04 10:00"), reopened("1", "03-09 10:00", stage="proposing"))
    board = await service.get("/funnel", **MARCH)
    assert (board["opened"], board["won"], board["lost"]) == (1, 0, 0)
    assert await _bars(service, "standing") == [0, 0, 1, 0]


async def test_amounts_are_of_what_stands_there_for_each_currency(service: Service) -> None:
    service.world.happened(opened("1", "03-02 10:00"), opened("2", "03-02 10:00", amount=money(70)))
    service.world.happened(opened("3", "03-02 10:00", amount=money(5, "USD"), stage="engaging"))
    service.world.happened(opened("4", "03-02 10:00"), lost("4", "03-03 10:00"))
    amounts = await _bars(service, "amount")
    assert amounts[0] == [{"unit": "CNY", "value": 170}, {"unit": "USD", "value": 0}]
    assert amounts[1] == [{"unit": "CNY", "value": 0}, {"unit": "USD", "value": 5}]


async def test_a_bar_moves_with_its_owner_and_is_filtered_by_line(service: Service) -> None:
    service.world.happened(opened("1", "03-02 10:00"), opened("2", "03-02 10:00", line="Vega"))
    assert await _bars(service, line="Vega") == [1, 0, 0, 0]
    assert await _bars(service, person="wang") == [2, 0, 0, 0]
    service.world.happened(
        DealReassigned(deal_id="1", occurred_at=at("03-03 10:00"), owner="li", previous="wang")
    )
    assert await _bars(service, person="wang") == [1, 0, 0, 0]
    assert await _bars(service, person="li") == [1, 0, 0, 0]
