"""Rows of the three smaller files: accounts, products and who sells in which team."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from baton.import_crm.mend import spelt
from baton.import_crm.note import Rejected, Telling
from baton.import_crm.read import Row

ACCOUNT_COLUMNS: Final = (
    "account",
    "sector",
    "year_established",
    "employees",
    "office_location",
    "subsidiary_of",
)
PRODUCT_COLUMNS: Final = ("product", "series", "sales_price")
AGENT_COLUMNS: Final = ("sales_agent", "manager", "regional_office")
CENTS: Final = 100
MOST_MINOR: Final = 10**15


@dataclass(frozen=True)
class Account:
    """A company; its revenue is left out, nothing in Baton asks for it."""

    row: int
    name: str
    industry: str | None
    region: str | None
    employees: int | None
    founded: int | None
    parent: str | None


@dataclass(frozen=True)
class Product:
    name: str
    line: str
    minor: int
    """The list price in cents."""


@dataclass(frozen=True)
class Agent:
    row: int
    name: str
    manager: str
    region: str | None


def account(row: Row, telling: Telling) -> Account:
    fields = row.fields
    return Account(
        row=row.number,
        name=fields["account"],
        industry=_spelt(row, "sector", telling),
        region=_spelt(row, "office_location", telling),
        employees=_number(row, "employees", telling, least=0, most=10**9),
        founded=_number(row, "year_established", telling, least=1000, most=3000),
        parent=fields["subsidiary_of"] or None,
    )


def product(row: Row, _telling: Telling) -> Product:
    fields = row.fields
    if not fields["series"]:
        raise Rejected("it has no series")
    return Product(fields["product"], fields["series"], minor_units(fields["sales_price"], "sales_price"))


def agent(row: Row, _telling: Telling) -> Agent:
    fields = row.fields
    if not fields["manager"]:
        raise Rejected("it has no manager")
    return Agent(row.number, fields["sales_agent"], fields["manager"], fields["regional_office"] or None)


def minor_units(value: str, name: str) -> int:
    """An amount such as ``1054`` or ``1054.50`` in cents; raises ``Rejected``."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise Rejected(f"{name} is not a number: {value[:40]!r}") from None
    if not amount.is_finite():
        raise Rejected(f"{name} is not a number: {value[:40]!r}")
    if amount < 0:
        raise Rejected(f"{name} is negative: {value[:40]}")
    if amount > MOST_MINOR // CENTS:
        raise Rejected(f"{name} is too large: {value[:40]}")
    cents = amount * CENTS
    if cents != int(cents):
        raise Rejected(f"{name} is finer than a cent: {value[:40]}")
    return int(cents)


def _spelt(row: Row, name: str, telling: Telling) -> str | None:
    word = row.fields[name]
    return telling.mended(name, word, spelt(word), "a misspelling") or None


def _number(row: Row, name: str, telling: Telling, *, least: int, most: int) -> int | None:
    """The whole number in an optional column; one that makes no sense is left out and told."""
    text = row.fields[name]
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    if text:
        telling.without(name, text, "it is not a whole number in its range")
    return None
