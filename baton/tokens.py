"""The keys of a data folder: made once, readable by their owner alone; one of them signs tokens."""

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from shared.service.actor import Actor
from shared.service.tokens.own import SHORTEST_SECRET, token

Key = Literal["TOKEN_SECRET", "MASTER_KEY"]
"""As a service's settings name it."""

FILES: Final[Mapping[Key, str]] = {"TOKEN_SECRET": "token.key", "MASTER_KEY": "master.key"}
DEFAULT_DATA: Final = Path("data")
LONGEST_DAYS: Final = 3650


class NoKey(Exception):
    """There is nothing to sign with, or it cannot be used; the message says what to do."""


def kept_key(data: Path, *, environment: Mapping[str, str], name: Key = "TOKEN_SECRET") -> str:
    """A key of a data folder, made when it is not there; the one that the environment gives is kept."""
    wanted = environment.get(name)
    path = data / FILES[name]
    if name == "MASTER_KEY" and not wanted and not path.exists() and any(data.glob("*/keys.db")):
        raise NoKey(f"There is no {path}, and what is personal was sealed with it: put it back.")
    made = _long_enough(wanted, name) if wanted else secrets.token_urlsafe(48)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = _read(path)
        if wanted and wanted != key:
            raise NoKey(f"{name} is not the key in {path}: unset it, or remove the file.") from None
        return key
    with os.fdopen(file, "w") as out:
        out.write(made)
    return made


def signing_key(data: Path | None, *, environment: Mapping[str, str]) -> str:
    """The key to sign with: that of the folder if one is named, else ``TOKEN_SECRET``, else ``data/``."""
    given = environment.get("TOKEN_SECRET")
    path = (data or DEFAULT_DATA) / FILES["TOKEN_SECRET"]
    if path.exists() and (data is not None or not given):
        return _read(path)
    if given:
        return _long_enough(given, "TOKEN_SECRET")
    if environment.get("OIDC_ISSUER"):
        raise NoKey(
            f"TOKEN_SECRET is not set: tokens are those of {environment['OIDC_ISSUER']}; take one there."
        )
    raise NoKey(f"There is no {path}: run `baton up` first, or set TOKEN_SECRET.")


def signed(key: str, actor: Actor, *, days: int) -> str:
    return token(actor, secret=key, valid_for=timedelta(days=days))


def _read(path: Path) -> str:
    try:
        return _long_enough(path.read_text().strip(), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise NoKey(f"{path} cannot be read: {error}") from error


def _long_enough(key: str, where: str) -> str:
    if len(key) < SHORTEST_SECRET:
        raise NoKey(f"{where} must have at least {SHORTEST_SECRET} characters.")
    return key
