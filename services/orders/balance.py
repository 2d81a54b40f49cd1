"""What is left of an invoice, whichever way its money went."""

from typing import NamedTuple


class Balance(NamedTuple):
    """In minor units: never is something owed and owed back at once."""

    rest: int
    """What the customer still owes."""
    owed_back: int
    """What we owe the customer: paid, but more than is left to pay since a credit."""
    written_off: int
    """What was given up, less what a credit took off it later."""


def balance(*, amount: int, credited: int, paid: int, refunded: int, written_off: int) -> Balance:
    """What is left; the amount is always what was credited, written off, paid less refunded, and left.

    A credit comes off the rest first, then off what was written off, then off what was paid.
    """
    open_still = amount - credited - (paid - refunded)
    unpaid = max(0, open_still)
    given_up = min(written_off, unpaid)
    return Balance(unpaid - given_up, max(0, -open_still), given_up)
