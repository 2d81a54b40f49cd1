"""Our own tokens: one secret signs, an earlier one is still good for a while."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from shared.service.actor import Actor
from shared.service.settings import Settings
from shared.service.tokens.own import token
from shared.service.tokens.refusals import NotSignedIn
from shared.service.tokens.trusted import Trusted, trusted
from tests.service_app import SECRET
from tests.unit.tokens.signing import ISSUER

EARLIER = "a secret that the tests knew before this one"
WANG = Actor(id="p-wang", role="sales", department="east")
HOUR = timedelta(hours=1)


def _trusting(**given: str) -> Trusted:
    return trusted(Settings.model_validate({"master_key": SECRET, **given}))


async def _refused(who: Trusted, bearer: str) -> str:
    with pytest.raises(NotSignedIn) as refused:
        await who.actor(bearer)
    return refused.value.reason


async def test_a_token_is_good_while_its_secret_is() -> None:
    first = token(WANG, secret=EARLIER, valid_for=HOUR)
    second = token(WANG, secret=SECRET, valid_for=HOUR)
    changing = _trusting(token_secret=SECRET, token_secret_before=EARLIER)
    changed = _trusting(token_secret=SECRET)
    assert [await changing.actor(it) for it in (first, second)] == [WANG, WANG]
    assert await changed.actor(second) == WANG
    assert await _refused(changed, first) == "unknown key"


async def test_an_expired_one_and_one_without_a_key_are_refused() -> None:
    ours = _trusting(token_secret=SECRET)
    old = token(WANG, secret=SECRET, valid_for=HOUR, now=datetime.now(UTC) - 2 * HOUR)
    assert await _refused(ours, old) == "expired"
    claims = jwt.decode(old, options={"verify_signature": False})
    assert await _refused(ours, jwt.encode(claims, SECRET, algorithm="HS256")) == "unknown key"


async def test_where_everybody_signs_in_at_the_provider_there_are_none() -> None:
    theirs = _trusting(oidc_issuer=ISSUER)
    assert await _refused(theirs, token(WANG, secret=SECRET, valid_for=HOUR)) == "unknown issuer"


def test_a_short_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="32 characters"):
        token(WANG, secret="short", valid_for=HOUR)  # noqa: S106 - that is the test
