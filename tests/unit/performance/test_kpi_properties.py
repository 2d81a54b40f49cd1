"""What holds for every KPI of any company: it adds up, is explained, and its past stays what it was."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.performance.boards import BYS, By, groups, sums
from services.performance.explain import caused, contributions
from services.performance.formulas import Frame, Value, evaluate
from services.performance.kpis.catalogue import KPIS, terms
from services.performance.kpis.formula import Amount, Count, Terms, parts
from services.performance.look import Look, Looks
from services.performance.measures.catalogue import MEASURES
from services.performance.scope import Filters, Period, Scope
from services.performance.selection import unanswerable
from services.performance.sums import Sums
from shared.events.examples.cast import at, on
from shared.events.lead import LeadAssigned
from shared.events.seen import Seen
from shared.projections.database import Database, open_database
from shared.projections.runner import Runner
from tests.unit.performance.companies import FEW, companies, moments, scopes
from tests.unit.performance.world import PROJECTIONS
from tests.unit.projections.reading import Reader, empty

EVER: Final = Scope(Period(on("03-01"), on("05-01")), today=on("04-30"))
PARTS: Final[frozenset[Terms]] = frozenset(it for kpi in KPIS for it in parts(kpi.formula).values())
ASKED_FOR: Final = frozenset(name for name, measure in MEASURES.items() if measure.employed)
GROUPED: Final = st.sampled_from(BYS)
ADDITIVE: Final = [
    kpi
    for kpi in KPIS
    if isinstance(kpi.formula, Count | Amount)
    and not any(term.measure in ASKED_FOR for term in kpi.formula.terms)
]
"""Numbers of what was done; what is asked for is pro-rated for a person, and need not be split to the end."""


@pytest.fixture(scope="module")
def used_again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('any-company')}/read.db")
    with database.connect() as tx:
        tx.connection.dbapi_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]  # it is open
    yield database
    database.dispose()


def _reader(database: Database) -> Reader:
    empty(database)
    return Reader(Runner(database, "performance", PROJECTIONS))


def _answers(look: Look, by: By) -> dict[str, list[list[Value]]]:
    """Every KPI, of the whole scope and of everybody or everything in it."""
    found = {"": _evaluated(sums(look, terms(KPIS)), look.scope)}
    for group in groups(look, by, terms(KPIS)):
        found[group.id] = _evaluated(group.sums, look.scope)
    return found


def _evaluated(found: Sums, scope: Scope) -> list[list[Value]]:
    frame = Frame(at("04-30 12:00"), scope.period.days, "CNY")
    return [evaluate(kpi, found, frame) for kpi in KPIS]


@FEW
@given(companies(), scopes(), st.data())
def test_what_entities_add_is_the_number_and_what_events_changed_is_what_entities_add(
    used_again: Database, company: Sequence[Seen], scope: Scope, data: st.DataObject
) -> None:
    _reader(used_again).take(*company)
    as_of = data.draw(moments(company) | st.none())
    with Looks(used_again).at(replace(scope, as_of=as_of)) as look:
        found = sums(look, terms(KPIS))
        for part in PARTS:
            made_of = contributions(look, part)
            totals = _added((one.share.currency, one.value) for one in made_of)
            for currency in {*totals, *found.in_currencies(part), ""}:
                assert totals.get(currency, 0) == found.total(part, currency)
            if scope.currency is None:
                causes = caused(look, part, {one.share.entity_id for one in made_of})
                changes = [
                    ((entity_id, event.measure, event.bucket), event.change)
                    for entity_id, events in causes.items()
                    for event in events
                ]
                shares = _added(((it.entity_id, it.measure, it.bucket), value) for *_, it, value in made_of)
                assert _added(changes) == shares


def _added(numbers: Iterable[tuple[Any, int | Fraction]]) -> Mapping[Any, int | Fraction]:
    """By their keys, without those that come to nothing."""
    found: dict[Any, int | Fraction] = defaultdict(int)
    for key, number in numbers:
        found[key] += number
    return {key: number for key, number in found.items() if number}


@FEW
@given(companies(), scopes(), GROUPED)
def test_the_latest_moment_is_now(
    used_again: Database, company: Sequence[Seen], scope: Scope, by: By
) -> None:
    _reader(used_again).take(*company)
    looks = Looks(used_again)
    with looks.at(scope) as look:
        now = _answers(look, by)
    with looks.at(replace(scope, as_of=company[-1].recorded_at)) as look:
        assert _answers(look, by) == now


@FEW
@given(companies(), scopes(), GROUPED, st.data())
def test_a_past_moment_stays_what_it_was_whatever_comes_later(
    used_again: Database, company: Sequence[Seen], scope: Scope, by: By, data: st.DataObject
) -> None:
    moment = data.draw(moments(company))
    reader, looks = _reader(used_again), Looks(used_again)
    reader.take(*(seen for seen in company if seen.recorded_at <= moment))
    with looks.at(scope) as look:
        then = _answers(look, by)
    reader.take(*(seen for seen in company if seen.recorded_at > moment))
    with looks.at(replace(scope, as_of=moment)) as look:
        assert _answers(look, by) == then


@FEW
@given(companies(), scopes())
def test_a_person_has_the_same_number_alone_as_among_all(
    used_again: Database, company: Sequence[Seen], scope: Scope
) -> None:
    _reader(used_again).take(*company)
    with Looks(used_again).at(scope) as look:
        for group in groups(look, "person", terms(KPIS)):
            filters = replace(scope.filters, person=group.id)
            alone = sums(look.of(replace(scope, filters=filters)), terms(KPIS))
            answers = zip(KPIS, _evaluated(group.sums, scope), _evaluated(alone, scope), strict=True)
            for kpi, among_all, by_filter in answers:
                if unanswerable(kpi.formula, filters) is None:
                    assert among_all == by_filter, kpi.name


def _all_leads_are_somebodys(company: Sequence[Seen]) -> list[Seen]:
    last = {seen.stream: seen for seen in company if seen.stream.startswith("lead-")}
    owned = []
    for name, seen in last.items():
        event = LeadAssigned(lead_id=name.removeprefix("lead-"), occurred_at=at("04-20 10:00"), owner="li")
        owned.append(
            seen._replace(
                id=f"{name}/owned",
                type=event.type,
                revision=seen.revision + 1,
                recorded_at=event.occurred_at,
                data=event.wire(),
            )
        )
    return [*company, *owned]


@FEW
@given(companies())
def test_what_was_done_adds_up_over_people_teams_departments_regions_lines_and_products(
    used_again: Database, company: Sequence[Seen]
) -> None:
    _reader(used_again).take(*_all_leads_are_somebodys(company))
    with Looks(used_again).at(EVER) as look:
        for by in BYS:
            kept = [kpi for kpi in ADDITIVE if unanswerable(kpi.formula, Filters(**{by: "anyone"})) is None]
            whole, each = sums(look, terms(kept)), list(groups(look, by, terms(kept)))
            for kpi in kept:
                (formula,) = parts(kpi.formula).values()
                for currency in {*whole.in_currencies(formula), ""}:
                    together = sum(group.sums.total(formula, currency) for group in each)
                    assert together == whole.total(formula, currency), (by, kpi.name)


def test_there_are_numbers_to_add_up() -> None:
    names = {kpi.name for kpi in ADDITIVE}
    assert {"leads", "won_amount", "won_count", "orders", "revenue", "receipts", "open_pipeline"} <= names
    assert "target" not in names
