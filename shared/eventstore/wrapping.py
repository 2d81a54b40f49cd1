"""How a person's key is kept: made by chance, and wrapped with one that follows from the master key."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
PURPOSE: Final = b"baton: wrapping the keys of personal data"
"""Another key than any other that is made of the same master key."""


class WrongMasterKey(Exception):
    """The keys that are there were wrapped with another master key. Nothing of theirs was erased."""


class Wrapping:
    """AES-256-GCM (NIST SP 800-38D) with a key by HKDF-SHA256 (RFC 5869)."""

    def __init__(self, master_key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE)
        self._cipher = AESGCM(derived.derive(master_key.encode()))

    def new(self, person: str) -> bytes:
        """A new key of theirs, wrapped."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, os.urandom(KEY_BYTES), person.encode())

    def opened(self, person: str, wrapped: bytes) -> AESGCM:
        """What seals and opens their data. Raises ``WrongMasterKey``."""
        nonce, rest = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return AESGCM(self._cipher.decrypt(nonce, rest, person.encode()))
        except (InvalidTag, ValueError) as error:
            raise WrongMasterKey(
                "MASTER_KEY is not the one that the keys of personal data were wrapped with, or a key was"
                " changed. Nothing was erased: start again with the right MASTER_KEY."
            ) from error
