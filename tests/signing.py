"""Mail signed as servers sign it, with keys made for the test, by another's code."""

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

import dkim
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    RSAPublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

MAIL = (
    b"From: Accounts <accounts@example.com>\r\n"
    b"To: Reader <reader@example.org>\r\n"
    b"Subject: Your  statement\r\n"
    b"Date: Sun, 22 Nov 2026 08:00:00 +0000\r\n"
    b"Message-ID: <1@example.com>\r\n"
    b"Content-Type: text/plain\r\n"
    b"\r\n"
    b"The statement of this  month is ready. \r\n"
    b"\r\n"
    b"Yours, accounts\r\n"
    b"\r\n"
)
COVERED = [b"from", b"to", b"subject", b"date", b"message-id", b"content-type"]
OVERSIGNED = [*COVERED, b"from", b"subject", b"reply-to"]


@cache
def rsa(bits: int = 2048) -> RSAPrivateKey:
    return generate_private_key(65537, bits)


@cache
def ed25519() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def record(key: RSAPrivateKey | None = None, more: str = "") -> str:
    """What DNS holds for an RSA key."""
    public = (key or rsa()).public_key()
    told = public.public_bytes(
        form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo
    )
    return f"v=DKIM1; k=rsa; {more}p={b64encode(told).decode()}"


def sized_record(bits: int) -> str:
    """What DNS holds for some key of a size."""
    public = RSAPublicNumbers(65537, (1 << bits) - 5).public_key()
    return f"v=DKIM1; p={b64encode(_der(public)).decode()}"


def ed25519_record() -> str:
    public = ed25519().public_key().public_bytes_raw()
    return f"v=DKIM1; k=ed25519; p={b64encode(public).decode()}"


def _der(key: RSAPublicKey) -> bytes:
    return key.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)


def pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()
    )


def signed(mail: bytes = MAIL, **options: Any) -> bytes:
    """The mail with a signature of example.com on top."""
    options = {
        "selector": b"s1",
        "domain": b"example.com",
        "privkey": pem(rsa()),
        "include_headers": COVERED,
        "canonicalize": (b"relaxed", b"relaxed"),
        **options,
    }
    return dkim.sign(mail, **options) + mail


def written(more: str) -> bytes:
    """The mail signed by hand, with tags that no program would write."""
    body = MAIL.partition(b"\r\n\r\n")[2].rstrip(b"\r\n") + b"\r\n"
    told = b64encode(hashlib.sha256(body).digest()).decode()
    own = (
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1;"
        f" h=from:subject:content-type; bh={told}; {more}; b="
    ).encode()
    lines = {line.partition(b":")[0]: line for line in MAIL.splitlines(keepends=True)}
    content = b"".join(lines[name] for name in (b"From", b"Subject", b"Content-Type"))
    signature = rsa().sign(content + own, PKCS1v15(), SHA256())
    return own + b64encode(signature) + b"\r\n" + MAIL


def sealed(mail: bytes, *, domain: str, results: str = "arc=none") -> bytes:
    """The mail with one more seal, as a server of the domain puts it on."""
    told = f"Authentication-Results: {domain}; {results}\r\n".encode()
    lines = dkim.arc_sign(
        told + mail,
        selector=b"arc",
        domain=domain.encode(),
        privkey=pem(rsa()),
        srv_id=domain.encode(),
        include_headers=COVERED,
    )
    return b"".join(lines) + mail


def changed(old: bytes, new: bytes, raw: bytes = b"") -> bytes:
    """The raw mail, or a signed one, with one thing changed."""
    raw = raw or signed()
    assert old in raw
    return raw.replace(old, new, 1)
