"""How lists over HTTP are cut into pages."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

V = TypeVar("V", bound=BaseModel)

Cursor = Annotated[str | None, Query(pattern="^[0-9]{1,18}$", description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="At most so many items.")]


class Listed(BaseModel, Generic[V]):
    """One page of a list, newest first."""

    items: list[V]
    next: str | None
    """The cursor of the next page, `null` on the last one."""
