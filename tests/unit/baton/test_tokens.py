"""The key of a data folder, and tokens signed with it."""

import stat
from pathlib import Path

import pytest

from baton.tokens import NoKey, kept_key, signed, signing_key
from shared.service.actor import Actor
from shared.service.tokens.own import OURS, Secrets
from shared.service.tokens.trusted import Trusted

LONG = "a secret from the environment, long enough"


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = kept_key(tmp_path, environment={})
    assert kept_key(tmp_path, environment={}) == first
    assert stat.S_IMODE((tmp_path / "token.key").stat().st_mode) == 0o600


async def test_a_token_signed_with_the_key_names_its_actor(tmp_path: Path) -> None:
    key = kept_key(tmp_path, environment={})
    actor = Actor(id="p-wang", role="manager", department="sales")
    token = signed(signing_key(tmp_path, environment={}), actor, days=1)
    assert await Trusted({OURS.name: (OURS, Secrets([key]))}).actor(token) == actor


def test_a_given_secret_is_kept_and_another_one_later_is_refused(tmp_path: Path) -> None:
    assert kept_key(tmp_path, environment={"TOKEN_SECRET": LONG}) == LONG
    assert kept_key(tmp_path, environment={}) == LONG
    with pytest.raises(NoKey, match="unset it"):
        kept_key(tmp_path, environment={"TOKEN_SECRET": LONG + "!"})


def test_a_short_secret_leaves_no_key_behind(tmp_path: Path) -> None:
    with pytest.raises(NoKey, match="32 characters"):
        kept_key(tmp_path, environment={"TOKEN_SECRET": "short"})
    assert not (tmp_path / "token.key").exists()


def test_each_key_has_a_file_of_its_own(tmp_path: Path) -> None:
    made = [kept_key(tmp_path, environment={}, name=name) for name in ("TOKEN_SECRET", "MASTER_KEY")]
    assert [(tmp_path / name).read_text() for name in ("token.key", "master.key")] == made
    assert len(set(made)) == 2


def test_no_master_key_is_made_where_something_was_sealed_with_another(tmp_path: Path) -> None:
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "keys.db").touch()
    with pytest.raises(NoKey, match=r"There is no .*master\.key, and what is personal was sealed with it"):
        kept_key(tmp_path, environment={}, name="MASTER_KEY")
    assert not (tmp_path / "master.key").exists()
    assert kept_key(tmp_path, environment={"MASTER_KEY": LONG}, name="MASTER_KEY") == LONG
    assert kept_key(tmp_path, environment={}, name="MASTER_KEY") == LONG


def test_a_broken_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token.key").write_bytes(b"\xff\xfe")
    with pytest.raises(NoKey, match="cannot be read"):
        kept_key(tmp_path, environment={})


def test_without_any_key_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoKey, match="baton up"):
        signing_key(tmp_path, environment={})


def test_where_people_sign_in_at_a_provider_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoKey, match="TOKEN_SECRET is not set: tokens are those of https://id"):
        signing_key(tmp_path, environment={"OIDC_ISSUER": "https://id.example.com"})


def test_a_named_folder_comes_before_the_environment(tmp_path: Path) -> None:
    key = kept_key(tmp_path, environment={})
    assert signing_key(tmp_path, environment={"TOKEN_SECRET": LONG}) == key
    assert signing_key(None, environment={"TOKEN_SECRET": LONG}) == LONG
