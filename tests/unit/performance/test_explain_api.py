"""Explanations over HTTP: every number down to the events it is made of."""

import csv
import io
from typing import Any

from services.performance.kpis.catalogue import KPIS
from services.performance.kpis.formula import parts
from shared.events.deal import DealReassigned, DealRepriced
from shared.events.examples.cast import at
from tests.unit.performance.asking import Service, problem
from tests.unit.performance.happenings import ordered, returned, shipped
from tests.unit.performance.test_rate import usd
from tests.unit.performance.world import (
    World,
    formed,
    joined,
    lost,
    money,
    moved,
    opened,
    reopened,
    target,
    won,
)

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}


def _three_deals(world: World) -> None:
    world.happened(opened("big", "03-02 10:00"), won("big", "03-10 10:00", amount=money(1000)))
    world.happened(opened("small", "03-02 10:00"), won("small", "03-12 10:00", amount=money(250)))
    world.happened(opened("gone", "03-02 10:00", amount=money(500)), lost("gone", "03-12 10:00"))


async def _explained(service: Service, kpi: str, **asked: str) -> Any:
    return await service.get("/explain", **MARCH, kpi=kpi, **asked)


async def test_a_number_is_told_with_its_definition_its_parts_and_what_they_are_made_of(
    service: Service,
) -> None:
    _three_deals(service.world)
    told = await _explained(service, "win_rate_value")
    assert told["definition"]["formula"] == "won_amount ÷ (won_amount + lost_amount)"
    assert [value["value"] for value in told["values"]] == [0.714286]
    assert told["parts"] == [
        {
            "name": "part",
            "terms": [_term("won_amount", "the price of a won deal, on the day it was won")],
            "entities": 2,
            "totals": [{"currency": "CNY", "value": 1250}],
        },
        {
            "name": "whole",
            "terms": [
                _term("won_amount", "the price of a won deal, on the day it was won"),
                _term("lost_amount", "the price of a lost deal, on the day it was lost"),
            ],
            "entities": 3,
            "totals": [{"currency": "CNY", "value": 1750}],
        },
    ]
    assert (told["part"], told["next"]) == ("part", None)
    assert [(it["entity"], it["value"]) for it in told["items"]] == [("deal-big", 1000), ("deal-small", 250)]
    whole = await _explained(service, "win_rate_value", part="whole")
    assert [it["value"] for it in whole["items"]] == [1000, 500, 250]


def _term(measure: str, means: str) -> dict[str, Any]:
    return {"measure": measure, "label": measure, "means": means, "span": "in", "bucket": None, "sign": 1}


async def test_in_chinese_the_definition_and_what_its_formula_names_are_chinese(service: Service) -> None:
    told = await _explained(service, "win_rate_value", part="whole", lang="zh")
    assert told["definition"]["lang"] == "zh"
    assert told["definition"]["formula"] == "赢单金额 ÷ （赢单金额 + 输单金额）"
    assert told["definition"]["edges"].startswith("每个币种各计一个；输单按其最后的金额计；")
    assert [(term["measure"], term["label"], term["means"]) for term in told["parts"][1]["terms"]] == [
        ("won_amount", "赢单金额", "赢单商机的金额，计入赢单日"),
        ("lost_amount", "输单金额", "输单商机的金额，计入输单日"),
    ]


async def test_a_target_under_a_version_of_the_plan_is_told_in_chinese_too(service: Service) -> None:
    told = await _explained(service, "attainment", plan_version="2", lang="zh")
    assert told["definition"]["formula"] == "赢单金额 ÷ （个人目标 + 指定版本的计划目标[2]）"


async def test_an_entity_has_a_link_and_its_events_with_their_ids_and_both_times(service: Service) -> None:
    _three_deals(service.world)
    service.world.happened(reopened("big", "03-20 10:00"), won("big", "03-25 10:00", amount=money(900)))
    (first, _) = (await _explained(service, "won_amount"))["items"]
    assert first["link"].endswith("/deals/big")
    assert (first["measure"], first["currency"], first["bucket"], first["value"]) == (
        "won_amount",
        "CNY",
        0,
        900,
    )
    assert [(event["type"], event["change"]) for event in first["events"]] == [
        ("deal-won.v1", 100_000),
        ("deal-reopened.v1", -100_000),
        ("deal-won.v1", 90_000),
    ]
    assert first["events"][0] == {
        "event_id": "deal-big/1",
        "type": "deal-won.v1",
        "stream": "deal-big",
        "revision": 1,
        "occurred_at": "2025-03-10T02:00:00Z",
        "recorded_at": "2025-03-10T02:00:00Z",
        "change": 100_000,
    }


async def test_an_event_is_one_cause_however_many_days_it_changed(service: Service) -> None:
    service.world.happened(target("t", "wang", "01-01", "04-01", money(900)))
    service.world.happened(target("t", "wang", "01-01", "04-01", money(1800)))
    (item,) = (await _explained(service, "target"))["items"]
    assert (item["entity"], item["value"], item["link"]) == ("target-t", 620, None)
    assert [(event["event_id"], event["change"]) for event in item["events"]] == [
        ("target-t/0", 31_000),
        ("target-t/1", 31_000),
    ]


async def test_it_is_one_cause_too_for_a_team_that_somebody_left_and_came_back_to(service: Service) -> None:
    world = service.world
    world.happened(formed("east"), formed("west"), joined("wang", "east"))
    world.happened(target("t", "wang", "03-01", "04-01", money(3100)))
    world.happened(moved("wang", "west", "03-11"), moved("wang", "east", "03-21", previous="west"))
    (item,) = (await _explained(service, "target", team="east"))["items"]
    assert item["value"] == 2100
    assert [event["change"] for event in item["events"]] == [210_000]


async def test_an_event_that_changed_nothing_of_it_is_no_cause(service: Service) -> None:
    world = service.world
    world.happened(opened("1", "03-02 10:00"))
    handed_over = DealReassigned(deal_id="1", occurred_at=at("03-03 10:00"), owner="li", previous="wang")
    dearer = DealRepriced(deal_id="1", occurred_at=at("03-04 10:00"), amount=money(150), previous=money(100))
    world.happened(handed_over, dearer)
    (all_of_it,) = (await _explained(service, "open_pipeline"))["items"]
    assert [event["change"] for event in all_of_it["events"]] == [10_000, 5000]
    (lis,) = (await _explained(service, "open_pipeline", person="li"))["items"]
    assert [event["change"] for event in lis["events"]] == [10_000, 5000]
    assert [event["type"] for event in lis["events"]] == ["deal-reassigned.v1", "deal-repriced.v1"]
    assert (await _explained(service, "open_pipeline", person="wang"))["items"] == []


async def test_each_bucket_has_its_own_events(service: Service) -> None:
    world = service.world
    world.happened(ordered("1", "03-02 10:00", account_id="acc"), shipped("1", "03-03 10:00", money(500)))
    world.happened(returned("1", "03-09 10:00", money(200)))
    sold, back = (await _explained(service, "revenue"))["items"]
    assert (sold["value"], [event["type"] for event in sold["events"]]) == (500, ["order-shipped.v1"])
    assert (back["value"], [event["type"] for event in back["events"]]) == (-200, ["order-returned.v1"])
    assert (sold["customer"], back["customer"]) == ("acc", "acc")


async def test_a_past_number_is_made_of_what_was_known_then(service: Service) -> None:
    _three_deals(service.world)
    told = await _explained(service, "won_amount", as_of="2025-03-11T00:00:00Z")
    assert [(it["entity"], it["value"]) for it in told["items"]] == [("deal-big", 1000)]


async def test_pages_go_on_where_the_last_one_ended(service: Service) -> None:
    for n in range(5):
        service.world.happened(opened(f"{n}", "03-02 10:00"), won(f"{n}", "03-10 10:00", amount=money(n + 1)))
    first = await _explained(service, "won_amount", limit="2")
    second = await _explained(service, "won_amount", limit="2", cursor=first["next"])
    last = await _explained(service, "won_amount", limit="2", cursor=second["next"])
    values = [[it["value"] for it in page["items"]] for page in (first, second, last)]
    assert values == [[5, 4], [3, 2], [1]]
    assert last["next"] is None
    assert {page["parts"][0]["totals"][0]["value"] for page in (first, second, last)} == {15}


async def test_customers_are_explained_by_their_purchases(service: Service) -> None:
    for key, customer, day in (
        ("1", "old", "01-10"),
        ("2", "old", "03-10"),
        ("3", "new", "03-10"),
        ("4", "new", "03-11"),
    ):
        service.world.happened(
            opened(key, "01-05 10:00", account_id=customer), won(key, f"{day} 10:00", amount=money(9))
        )
    told = await _explained(service, "new_customers")
    assert [value["value"] for value in told["values"]] == [1]
    assert [(it["customer"], it["entity"]) for it in told["items"]] == [("new", "deal-3"), ("new", "deal-4")]


async def test_converted_amounts_are_explained_in_what_they_are_told_in(service: Service) -> None:
    service.world.happened(usd("03-05", "7"))
    for key, day in (("1", "03-04"), ("2", "03-06")):
        service.world.happened(opened(key, "03-02 10:00"), won(key, f"{day} 10:00", amount=money(10, "USD")))
    told = await _explained(service, "won_amount", currency="CNY")
    assert told["parts"][0]["totals"] == [{"currency": "CNY", "value": 70}, {"currency": "USD", "value": 10}]
    assert [(it["entity"], it["currency"], it["value"]) for it in told["items"]] == [
        ("deal-2", "CNY", 70),
        ("deal-1", "USD", 10),
    ]
    assert told["conversion"]["missing"] == [
        {"currency": "USD", "first_day": "2025-03-04", "last_day": "2025-03-04"}
    ]


async def test_every_part_of_every_kpi_can_be_asked_for_and_no_other(service: Service) -> None:
    _three_deals(service.world)
    for kpi in KPIS:
        for part in parts(kpi.formula):
            assert (await _explained(service, kpi.name, part=part))["part"] == part
    said = problem(await service.client.get("/explain", params={"kpi": "win_rate", "part": "half"}), 422)
    assert "part, whole" in said["detail"]
    problem(await service.client.get("/explain"), 422)
    problem(await service.client.get("/explain", params={"kpi": "win_rate", "cursor": "-1"}), 422)
    problem(await service.client.get("/explain", params={"kpi": "win_rate", "limit": "0"}), 422)


async def _table(service: Service, kpi: str, **asked: str) -> tuple[Any, list[list[str]]]:
    answer = await service.client.get("/explain.csv", params={**MARCH, "kpi": kpi, **asked})
    assert answer.status_code == 200, answer.text
    return answer, list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_the_same_comes_as_a_table_that_excel_reads(service: Service) -> None:
    _three_deals(service.world)
    answer, (headings, *rows) = await _table(service, "won_amount")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = 'attachment; filename="won_amount-terms-2025-03-01-2025-04-01.csv"'
    assert answer.headers["content-disposition"] == name
    assert headings == ["entity", "customer", "measure", "currency", "bucket", "value", "link"]
    assert [row[:6] for row in rows] == [
        ["deal-big", "", "won_amount", "CNY", "0", "1000"],
        ["deal-small", "", "won_amount", "CNY", "0", "250"],
    ]
    assert problem(await service.client.get("/explain.csv", params={"kpi": "leads", "part": "half"}), 422)


async def test_no_text_in_it_can_be_a_formula_and_a_number_below_zero_stays_one(service: Service) -> None:
    world = service.world
    world.happened(ordered("1", "03-02 10:00", account_id="-2_3"), shipped("1", "02-03 10:00", money(500)))
    world.happened(returned("1", "03-09 10:00", money(200)))
    _, (_, *rows) = await _table(service, "revenue")
    assert [row[1] for row in rows] == ["'-2_3"]
    assert [row[5] for row in rows] == ["-200"]


async def test_lines_and_regions_are_asked_for_in_chinese(service: Service) -> None:
    world = service.world
    world.happened(formed("east", region="华东"), joined("wang", "east"))
    world.happened(opened("1", "03-02 10:00", line="机床"), won("1", "03-10 10:00"))
    _three_deals(world)
    told = await _explained(service, "won_amount", region="华东", line="机床", lang="zh")
    assert [it["entity"] for it in told["items"]] == ["deal-1"]
    assert told["values"][0]["label"] == told["definition"]["label_zh"] == "赢单金额"
    _, (_, *rows) = await _table(service, "won_amount", region="华东", line="机床")
    assert [row[0] for row in rows] == ["deal-1"]
