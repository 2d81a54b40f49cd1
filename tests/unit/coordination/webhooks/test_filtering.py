"""Which events a webhook is told of."""

from typing import Any

import pytest

from services.coordination.webhooks.filtering import holds, names
from tests.unit.coordination.webhooks.examples import content

PAYLOAD = {"owner": "p-wang", "quantity": 10, "urgent": True, "amount": {"minor": 5, "currency": "CNY"}}


def test_one_that_names_no_types_asks_for_all() -> None:
    assert names(content(types=()).described, "order-opened.v1")
    assert names(content(types=("deal-won.v1",)).described, "deal-won.v1")
    assert not names(content(types=("deal-won.v1",)).described, "deal-lost.v1")


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({}, True),
        ({"owner": "p-wang"}, True),
        ({"owner": "p-wang", "quantity": "10", "urgent": "true"}, True),
        ({"amount.currency": "CNY"}, True),
        ({"owner": "p-wang", "quantity": "11"}, False),
        ({"amount": "CNY"}, False),
        ({"owner.name": "p-wang"}, False),
        ({"region": "华东"}, False),
    ],
)
def test_every_value_must_be_there(where: dict[str, str], told: bool) -> None:
    assert holds(content(where=where).described, PAYLOAD) is told


@pytest.mark.parametrize("payload", [None, [], "text", {"owner": None}])
def test_what_has_no_fields_has_no_values(payload: Any) -> None:
    assert not holds(content(where={"owner": "p-wang"}).described, payload)
