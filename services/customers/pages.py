"""Lists over HTTP: some items and the cursor to go on with."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

import msgspec
from pydantic import BaseModel

from shared.projections.lists import Among, Kept, Page
from shared.service.pages import Listed

T = TypeVar("T")
V = TypeVar("V", bound=BaseModel)
Where = Mapping[str, str | None]

SCANNED: Final = 500


def view(shape: type[V], row: Any, **more: Any) -> V:
    """A read model's row in the shape that the API shows."""
    return shape.model_validate({**msgspec.structs.asdict(row), **more}, from_attributes=True)


def listed(shape: type[V], page: Page) -> Listed[V]:
    return Listed(items=[view(shape, row) for _, row in page.items], next=page.next)


def everything(kept: Kept[T], where: Where) -> Iterator[T]:
    """All rows whose index has these values, newest first."""
    cursor: str | None = None
    while True:
        page = kept.page(where=where, cursor=cursor, limit=SCANNED)
        yield from (row for _, row in page.items)
        if (cursor := page.next) is None:
            return


def matching(
    kept: Kept[T],
    where: Where,
    wanted: Callable[[T], bool],
    *,
    among: Among | None,
    cursor: str | None,
    limit: int,
) -> Page:
    """A page of the rows that are ``wanted``, for questions the index cannot answer."""
    found: list[tuple[str, T]] = []
    while True:
        page = kept.page(where=where, among=among, cursor=cursor, limit=SCANNED)
        for place, (entity, row) in enumerate(page.items, start=1):
            if wanted(row):
                found.append((entity, row))
            if len(found) == limit:
                # the cursor after this very row, not after all that were scanned
                return Page(found, kept.page(where=where, among=among, cursor=cursor, limit=place).next)
        if (cursor := page.next) is None:
            return Page(found, None)
