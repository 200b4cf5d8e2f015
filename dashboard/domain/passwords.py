"""Passwords: hashed with Argon2id, compared exactly, never shown again."""

import unicodedata
from base64 import b64encode
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboard.domain.findings import Sentence

MIN_LENGTH: Final = 15  # NIST SP 800-63B rev. 4, for a password that stands alone
MAX_LENGTH: Final = 256

# OWASP Password Storage: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class WeakPassword(ValueError):
    """The password is not accepted; the text says what to do."""


def check(password: str) -> None:
    """Raise `WeakPassword` unless the length is right. No rules of composition."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword(
            Sentence("Use at least %(number)s characters.", number=MIN_LENGTH)
        )
    if len(password) > MAX_LENGTH:
        raise WeakPassword(
            Sentence("Use at most %(number)s characters.", number=MAX_LENGTH)
        )


def hashed(password: str) -> str:
    """An Argon2id hash with a fresh salt."""
    return _HASHER.hash(_exact(password))


def unmatched(chance: bytes) -> str:
    """A hash of no known password, which takes as long to verify as any other.

    Made of 48 random bytes, and at no cost.
    """
    salt, digest = (
        b64encode(part).rstrip(b"=").decode() for part in (chance[:16], chance[16:])
    )
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def matches(hashed_password: str, password: str) -> bool:
    """Whether the password is the one that was hashed. Takes its time either way."""
    if len(password) > MAX_LENGTH:
        password = ""  # refused before hashing; the empty one is never stored
    try:
        return _HASHER.verify(hashed_password, _exact(password))
    except (VerificationError, InvalidHashError):
        return False


def _exact(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
