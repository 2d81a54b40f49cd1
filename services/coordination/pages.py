"""How lists are cut into pages."""

from typing import Annotated

from fastapi import Query

Cursor = Annotated[
    str | None, Query(pattern=r"^[0-9]{1,18}$", description="`next` of the page before this one.")
]
Limit = Annotated[int, Query(ge=1, le=200)]
