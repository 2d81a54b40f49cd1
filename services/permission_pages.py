"""The table of permissions on file: writes ``docs/permissions.md``."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from services import openapi
from shared.events.catalogue import SERVICES
from shared.service.actor import ROLES
from shared.service.permissions import ANY, BOUND, RULES, TABLE, Row
from shared.service.permitted import ROLES_ZH

FILE: Final = Path("docs/permissions.md")

HEAD: Final = """\
# Permissions 职责权限

Who may do what, and to which things. Written by `make docs` from the one table in \
`shared/service/permissions.py`, which every request is held to ([ADR 22](decisions/0022-permissions.md)).

`✓`: the post may do it, on all things, or only on those that the last column names. Empty: \
403 `not-allowed`, logged with who asked and for what, and counted (`baton_refusals_total`). Where a thing \
is hidden from somebody, the answer is the 404 of a thing that is not there."""

TAIL: Final = """\
## Departments 部门

- A lead, an account or a deal belongs to the `department` of the salesperson who made it. What others make \
(marketing, managers, imports, other systems) is everybody's, unless they say whose it is.
- Deals, complaints, surveys, contacts, converted leads, orders, receivables and hand-offs follow the \
account they are at. Where there is none, an order, its invoice and its hand-offs belong to the deal's \
department.
- A hand-off is also seen by the two departments that it passes between. One that is given to a whole post, \
such as `sales`, is seen by those of them who see the customer.
- `POST /accounts/{account_id}/share` lets another department see an account and what is at it; `unshare` \
takes that back. An account that was merged into another is part of that one's file.
- Boards, plans, targets and the organisation are the whole company's.
- When a company is taken already 撞单, who may not see it learns of which department it is, and no more.

## Not hidden

- What boards are made of: their wins, `explain` and the live feed name deals of every department. A viewer \
sees every hand-off, as it is a board.
- Orders and hand-offs that were recorded before their events said whose they are, and name no account, are \
everybody's.
- Who reads the Kafka topics or has a webhook reads the events of all departments, and so does who \
asks for `GET /events`; sales and marketing may therefore not.
- Lists follow the store by some milliseconds, and so does what they hide; orders, receivables and hand-offs \
follow what happens to an account in the same way. What is at an account that they were not told of yet is \
hidden. One lead, account, deal, complaint or survey is judged at once."""


def text() -> str:
    return "\n".join([HEAD, "", *_rules(), *_tables(), TAIL, ""])


def _rules() -> Iterator[str]:
    bound = ", ".join(f"{ROLES_ZH[role]} {role}" for role in ROLES if role in BOUND)
    yield "| | On which things | 范围 |"
    yield "|---|---|---|"
    for rule in RULES:
        if rule is not ANY:
            yield f"| `{rule.name}` | {rule.en} | {rule.zh} |"
    yield ""
    yield f"By department see only {bound}; every other post works for all departments."
    yield ""


def _tables() -> Iterator[str]:
    summaries = dict(_summaries())
    for tag, operations in groupby(TABLE.values(), key=lambda row: summaries[row.operation][0]):
        yield f"## {tag}"
        yield ""
        yield f"| | {' | '.join(f'{ROLES_ZH[role]} {role}' for role in ROLES)} | |"
        yield f"|---|{'---|' * (len(ROLES) + 1)}"
        for row in operations:
            yield f"| {summaries[row.operation][1]}<br>`{row.operation}` | {' | '.join(_marks(row))} |"
        yield ""


def _marks(row: Row) -> Iterator[str]:
    for role in ROLES:
        yield "✓" if role in row.roles else ""
    yield "" if row.rule is ANY else f"`{row.rule.name}`"


def _summaries() -> Iterator[tuple[str, tuple[str, str]]]:
    """By operation: the tag and the summary of its contract."""
    for service in SERVICES:
        for path, operations in openapi.document(service)["paths"].items():
            for method, it in operations.items():
                described: dict[str, Any] = it
                yield f"{method.upper()} {path}", (described["tags"][0], described["summary"])


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
