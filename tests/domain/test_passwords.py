"""Hashes of passwords: one that nobody's password has is as slow as any other."""

import secrets

from argon2 import extract_parameters

from dashboard.domain import passwords

PASSWORD = "correct horse battery staple"


def test_a_hash_that_matches_nothing_costs_what_every_other_costs() -> None:
    made = passwords.unmatched(secrets.token_bytes(48))

    assert extract_parameters(made) == extract_parameters(passwords.hashed(PASSWORD))
    assert not passwords.matches(made, PASSWORD)


def test_a_hash_matches_its_own_password() -> None:
    hashed = passwords.hashed(PASSWORD)

    assert passwords.matches(hashed, PASSWORD)
    assert not passwords.matches(hashed, f"{PASSWORD} ")
