"""Keys of signatures as DNS publishes them, and what they verify (RFC 6376, 8463)."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from dashboard.domain import tags

LEAST_BITS: Final = 1024  # RFC 8301, 3.2
MOST_BITS: Final = 4096  # a longer one is made to keep its readers busy
_SERVICES = frozenset({"*", "email"})


class NoKey(ValueError):
    """There is no usable key in what DNS answered."""


class WeakKey(ValueError):
    """A key or a hash that somebody else may have come to sign with."""


class Key(NamedTuple):
    """A public key and what its owner says about it."""

    public: RSAPublicKey | Ed25519PublicKey
    is_tested: bool  # its owner asks that nobody relies on it
    is_narrow: bool  # it is for the very domain, and no one below


def read(records: tuple[bytes, ...], kind: str) -> Key:
    """The key of that kind among the records; raises `NoKey` or `WeakKey`.

    Several keys at one name are undefined (RFC 6376, 3.6.2.2), so none is believed.
    """
    lists = (tags.read(record.decode("ascii", "replace")) for record in records)
    found = [each for each in lists if "p" in each and _is_dkim(each)]
    if len(found) != 1:
        raise NoKey
    told = found[0]
    flags = tags.items(told.get("t", ""))
    if not _SERVICES & {*tags.items(told.get("s", "*"))}:
        raise NoKey
    if "h" in told and "sha256" not in tags.items(told["h"]):
        raise WeakKey
    if told.get("k", "rsa").lower() != kind:
        raise NoKey
    public = _READERS[kind](unpacked(told["p"]))
    return Key(public, "y" in flags, "s" in flags)


def is_signed(key: Key, signature: bytes, signed: bytes) -> bool:
    """Whether the owner of the key signed these bytes."""
    try:
        if isinstance(key.public, RSAPublicKey):
            key.public.verify(signature, signed, PKCS1v15(), SHA256())
        else:
            key.public.verify(signature, hashlib.sha256(signed).digest())
    except InvalidSignature:
        return False
    return True


def unpacked(value: str) -> bytes:
    """The bytes of a folded Base64 value; nothing when it is none."""
    try:
        return b64decode(tags.joined(value), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_dkim(told: Mapping[str, str]) -> bool:
    return told.get("v", "DKIM1") == "DKIM1"


def _rsa(content: bytes) -> RSAPublicKey:
    if not content:
        raise NoKey  # withdrawn (RFC 6376, 3.6.1)
    try:
        key = load_der_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        raise NoKey from None
    if not isinstance(key, RSAPublicKey) or key.key_size > MOST_BITS:
        raise NoKey
    if key.key_size < LEAST_BITS:
        raise WeakKey
    return key


def _ed25519(content: bytes) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(content)
    except (ValueError, UnsupportedAlgorithm):
        raise NoKey from None


_READERS: Final[Mapping[str, Callable[[bytes], RSAPublicKey | Ed25519PublicKey]]] = {
    "rsa": _rsa,
    "ed25519": _ed25519,
}
