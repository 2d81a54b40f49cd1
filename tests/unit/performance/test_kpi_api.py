"""KPIs over HTTP: of a period, converted, span by span, and how they are defined."""

from decimal import Decimal
from typing import Any, Final

import pytest

from services.performance.kpis.catalogue import KPIS
from shared.events.examples.cast import at
from shared.events.market import MarketEstimated
from tests.unit.performance.asking import Service, problem
from tests.unit.performance.happenings import contacted, lead, ordered, shipped
from tests.unit.performance.test_rate import usd
from tests.unit.performance.world import World, lost, money, opened, won

MARCH = {"from": "2025-03-01", "to": "2025-04-01"}
NOTHING: Final[dict[str, Any]] = {
    "version": 1,
    "currency": None,
    "numerator": None,
    "denominator": None,
    "better": "more",
    "stands": False,
    "note": None,
    "sources": [],
}


async def _asked(service: Service, *kpis: str, **asked: Any) -> Any:
    answer = await service.client.get("/kpis", params={**MARCH, **asked, "kpi": list(kpis)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _two_won_one_lost(world: World) -> None:
    world.happened(opened("1", "03-02 10:00"), won("1", "03-10 10:00", amount=money(1000)))
    world.happened(opened("2", "03-02 10:00"), won("2", "03-12 10:00", amount=money(250)))
    world.happened(opened("3", "03-02 10:00", amount=money(500)), lost("3", "03-12 10:00"))


async def test_kpis_answer_every_kpi_in_its_unit(service: Service) -> None:
    _two_won_one_lost(service.world)
    board = await service.get("/kpis", **MARCH)
    found = {kpi["name"]: kpi for kpi in board["kpis"]}
    assert list(found) == [kpi.name for kpi in KPIS]
    assert {kpi["unit"] for kpi in found.values()} == {
        "count",
        "ratio",
        "CNY",
        "minutes",
        "days",
        "score",
        "per-100",
    }
    assert found["won_amount"] == NOTHING | {
        "name": "won_amount",
        "label": "Won amount",
        "unit": "CNY",
        "currency": "CNY",
        "value": 1250,
        "numerator": 1250,
    }
    assert found["win_rate"] == NOTHING | {
        "name": "win_rate",
        "label": "Win rate (count)",
        "unit": "ratio",
        "value": 0.666667,
        "numerator": 2,
        "denominator": 3,
    }
    assert found["cycle_median"] == NOTHING | {
        "name": "cycle_median",
        "label": "Sales cycle (median)",
        "unit": "days",
        "value": 9,
        "denominator": 2,
        "better": "less",
    }
    assert found["qualified_rate"]["value"] is None


async def test_only_what_is_asked_for_is_answered_once_and_by_version_too(service: Service) -> None:
    _two_won_one_lost(service.world)
    board = await _asked(service, "win_rate", "won_count@1", "win_rate")
    assert [(kpi["name"], kpi["value"]) for kpi in board["kpis"]] == [
        ("win_rate", 0.666667),
        ("won_count", 2),
    ]


@pytest.mark.parametrize("path", ["/kpis", "/kpis/history", "/kpis/definitions", "/leaderboard", "/explain"])
async def test_a_kpi_that_there_is_not_is_refused_by_name(service: Service, path: str) -> None:
    for name in ("luck", "win_rate@2"):
        said = problem(await service.client.get(path, params={"kpi": name}), 422)
        assert name in said["detail"]


async def test_two_currencies_are_two_values_of_one_kpi(service: Service) -> None:
    _two_won_one_lost(service.world)
    service.world.happened(opened("4", "03-02 10:00"), won("4", "03-05 10:00", amount=money(8, "USD")))
    board = await _asked(service, "won_amount")
    assert [(kpi["unit"], kpi["value"]) for kpi in board["kpis"]] == [("CNY", 1250), ("USD", 8)]
    assert board["conversion"] is None


async def test_told_in_one_currency_a_missing_rate_is_shown_and_nothing_is_guessed(service: Service) -> None:
    _two_won_one_lost(service.world)
    service.world.happened(usd("03-04", "7"), usd("03-06", "7.1"))
    for key, day, amount in (
        ("4", "03-03", "USD"),
        ("5", "03-04", "USD"),
        ("6", "03-09", "USD"),
        ("7", "03-07", "EUR"),
    ):
        service.world.happened(opened(key, "03-02 10:00"), won(key, f"{day} 10:00", amount=money(10, amount)))
    board = await _asked(service, "won_amount", currency="CNY")
    worth = 1250 + 10 * 7 + float(10 * Decimal("7.1"))
    assert [(kpi["unit"], kpi["value"]) for kpi in board["kpis"]] == [
        ("CNY", worth),
        ("EUR", 10),
        ("USD", 10),
    ]
    conversion = board["conversion"]
    assert conversion["to"] == "CNY"
    assert "half to even" in conversion["policy"]
    assert conversion["missing"] == [
        {"currency": "EUR", "first_day": "2025-03-07", "last_day": "2025-03-07"},
        {"currency": "USD", "first_day": "2025-03-03", "last_day": "2025-03-03"},
    ]
    (used,) = conversion["used"]
    assert {name: used[name] for name in ("base", "first", "first_on", "last", "last_on", "inverse")} == {
        "base": "USD",
        "first": 7,
        "first_on": "2025-03-04",
        "last": 7.1,
        "last_on": "2025-03-06",
        "inverse": False,
    }
    assert "折算" in (await _asked(service, "won_amount", currency="CNY", lang="zh"))["conversion"]["policy"]


async def test_a_board_looks_back(service: Service) -> None:
    _two_won_one_lost(service.world)
    then = await _asked(service, "won_count", "win_rate", as_of="2025-03-12T01:59:59Z")
    assert [kpi["value"] for kpi in then["kpis"]] == [1, 1]
    assert then["as_of"] == "2025-03-12T01:59:59Z"


async def test_what_a_number_is_not_kept_by_it_does_not_answer(service: Service) -> None:
    board = await _asked(service, "complaints_open", "leads", "won_count", person="wang", product="Atlas 200")
    told = {kpi["name"]: (kpi["value"], kpi["note"]) for kpi in board["kpis"]}
    assert told == {
        "complaints_open": (None, "not-kept-by:product"),
        "leads": (None, "not-kept-by:product"),
        "won_count": (0, None),
    }
    (share,) = (await _asked(service, "market_share", person="wang"))["kpis"]
    assert (share["value"], share["note"]) == (None, "not-kept-by:person")


async def test_notes_say_what_is_special_about_a_number(service: Service) -> None:
    service.world.happened(lead("1", "03-03 10:00"), contacted("1", "03-03 10:30"), lead("2", "03-03 10:00"))
    (kpi,) = (await _asked(service, "lead_response_time"))["kpis"]
    assert (kpi["value"], kpi["note"]) == (30, "waiting:1")


async def test_a_figure_from_outside_names_its_source_and_its_day(service: Service) -> None:
    service.world.happened(ordered("1", "03-02 10:00"), shipped("1", "03-03 10:00", money(1000)))
    for key, line, source in (("all", None, "工信部 2025"), ("atlas", "Atlas", "Another")):
        service.world.happened(
            MarketEstimated(
                market_id=key,
                occurred_at=at("02-15 10:00"),
                line=line,
                start="2025-03-01",
                end="2025-04-01",
                size=money(8000),
                source=source,
                estimated_on="2025-02-14",
            )
        )
    (share,) = (await _asked(service, "market_share"))["kpis"]
    assert (share["value"], share["sources"]) == (0.125, ["工信部 2025, 2025-02-14"])


async def test_a_history_is_told_span_by_span(service: Service) -> None:
    _two_won_one_lost(service.world)
    asked = {"from": "2025-02-10", "to": "2025-04-10", "kpi": "won_amount"}
    history = await service.get("/kpis/history", **asked)
    assert (history["by"], history["from"], history["to"]) == ("month", "2025-02-10", "2025-04-10")
    spans = [(span["from"], span["to"], [kpi["value"] for kpi in span["kpis"]]) for span in history["spans"]]
    assert spans == [
        ("2025-02-10", "2025-03-01", [0]),
        ("2025-03-01", "2025-04-01", [1250]),
        ("2025-04-01", "2025-04-10", [0]),
    ]
    quarters = await service.get("/kpis/history", **asked, by="quarter")
    assert [span["kpis"][0]["value"] for span in quarters["spans"]] == [1250, 0]


async def test_a_history_tells_how_things_stood_when_each_span_ended(service: Service) -> None:
    service.world.happened(opened("1", "02-20 10:00", amount=money(500)), won("1", "03-12 10:00"))
    service.world.happened(opened("2", "03-02 10:00", amount=money(70)))
    asked: Any = {"from": "2025-01-01", "to": "2025-04-10", "kpi": ["won_count", "open_pipeline"]}
    spans = (await service.get("/kpis/history", **asked))["spans"]
    assert [kpi["stands"] for kpi in spans[0]["kpis"]] == [False, True]
    assert [[kpi["value"] for kpi in span["kpis"]] for span in spans] == [[0, 0], [0, 500], [1, 70], [0, 70]]
    told = (await service.get("/kpis/history", **asked, as_of="2025-03-10T12:00:00+08:00"))["spans"]
    assert [[kpi["value"] for kpi in span["kpis"]] for span in told] == [[0, 0], [0, 500], [0, 570], [0, 570]]
    assert [span["over_at"] for span in told] == [
        "2025-02-01T00:00:00+08:00",
        "2025-03-01T00:00:00+08:00",
        None,
        None,
    ]


async def test_a_week_begins_on_monday(service: Service) -> None:
    weeks = await service.get(
        "/kpis/history", **{"from": "2025-03-05", "to": "2025-03-18"}, by="week", kpi="leads"
    )
    starts = [span["from"] for span in weeks["spans"]]
    assert starts == ["2025-03-05", "2025-03-10", "2025-03-17"]


async def test_too_many_spans_are_refused(service: Service) -> None:
    asked = {"from": "2024-01-01", "by": "day", "kpi": "leads"}
    assert len((await service.get("/kpis/history", to="2025-02-04", **asked))["spans"]) == 400
    said = problem(await service.client.get("/kpis/history", params={"to": "2025-02-05", **asked}), 422)
    assert "401 spans" in said["detail"]
    problem(await service.client.get("/kpis/history", params={"by": "decade"}), 422)


async def test_every_kpi_says_how_it_is_defined(service: Service) -> None:
    definitions = await service.get("/kpis/definitions")
    assert [it["name"] for it in definitions] == [kpi.name for kpi in KPIS]
    (one,) = await service.get("/kpis/definitions", kpi="win_rate@1")
    assert one == {
        "name": "win_rate",
        "version": 1,
        "label_zh": "赢单率（数量）",
        "label_en": "Win rate (count)",
        "unit": "ratio",
        "better": "more",
        "measures": ["won_count", "lost_count"],
        "lang": "en",
        "formula": "won_count ÷ (won_count + lost_count)",
        "period": "deals closed in the period",
        "edges": "undefined when nothing was closed; open deals are not in it; reopening takes the win or "
        "loss back, and the final close counts",
        "source": "trade usage: won ÷ (won + lost)",
    }


async def test_it_says_so_in_chinese_to_who_asks_in_chinese(service: Service) -> None:
    (one,) = await service.get("/kpis/definitions", kpi="win_rate", lang="zh")
    assert one == {
        "name": "win_rate",
        "version": 1,
        "label_zh": "赢单率（数量）",
        "label_en": "Win rate (count)",
        "unit": "ratio",
        "better": "more",
        "measures": ["won_count", "lost_count"],
        "lang": "zh",
        "formula": "赢单数 ÷ （赢单数 + 输单数）",
        "period": "本期结案（赢单或输单）的商机",
        "edges": "没有结案商机时无定义；未结商机不计入；重新打开即撤销赢单或输单，以最后一次结案为准",
        "source": "行业惯例：赢单 ÷ （赢单 + 输单）",
    }
    problem(await service.client.get("/kpis/definitions", params={"lang": "fr"}), 422)
