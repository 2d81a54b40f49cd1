"""How lists over HTTP are cut into pages."""

from typing import Annotated

from fastapi import Query

Cursor = Annotated[str | None, Query(pattern="^[0-9]{1,18}$", description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="At most so many items.")]
