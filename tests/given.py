"""Given some events, when a decision is made, then these events: for one aggregate without any store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

import pytest

from shared.events.event import Event
from shared.eventstore.decider import Aggregate, Refused

S = TypeVar("S")
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Given(Generic[S, E]):
    state: S

    def when(self, decide: Callable[[S], Sequence[E]]) -> "When[S, E]":
        return When(self.state, decide)


@dataclass(frozen=True)
class When(Generic[S, E]):
    state: S
    decide: Callable[[S], Sequence[E]]

    def then(self, *events: E) -> None:
        assert list(self.decide(self.state)) == list(events)

    def then_refused(self, code: str) -> None:
        with pytest.raises(Refused) as refused:
            self.decide(self.state)
        assert refused.value.code == code


def given(aggregate: Aggregate[S, E], *events: E) -> Given[S, E]:
    return Given(reduce(aggregate.evolve, events, aggregate.initial))
