"""Which part of the log each of several processes reads, so that what they build can be added together."""

from collections.abc import Sequence
from typing import Any, Final

from shared.events.catalogue import topic
from shared.projections.projection import Projection, own_stream
from shared.projections.runner import Position, Source
from shared.service.intake import OWN_STORE
from shared.service.whole_log import Positions

FOR_ANOTHER: Final = 25_000
"""With so many events, another process gains more than the two seconds that it takes to start."""


def in_shares(to: Positions, folds: Sequence[Projection[Any]], *, workers: int) -> list[Positions]:
    """So many shares of about as many events, or fewer where there is less to share; the first may be empty.

    All events of one entity are in one share. A stream is in one partition, so partitions can be shared
    out. The first share has what cannot: the own store, which only its service may read, and the topics
    of projections whose entities are fed by several streams.
    """
    whole = {topic(event.service) for fold in folds if fold.entity is not own_stream for event in fold.events}
    apart = {source for source in to if source != OWN_STORE and source.name not in whole}
    workers = min(workers, 1 + sum(to[source].position for source in apart) // FOR_ANOTHER)
    shares: list[dict[Source, Position]] = [{} for _ in range(workers)]
    shares[0] = {source: at for source, at in to.items() if source not in apart}
    for source in sorted(apart, key=lambda it: (-to[it].position, it)):
        min(shares, key=_events)[source] = to[source]
    return [shares[0], *(share for share in shares[1:] if share)]


def _events(share: Positions) -> int:
    return sum(at.position for at in share.values())
