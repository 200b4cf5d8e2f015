"""The walk over many things: every one is tried, and each that fails is named."""

import inspect

import pytest

from tests.each import each


@each("number", [1, 3, 4, 6], name=lambda number: f"no. {number}")
def odd(number, wanted):
    assert number % 2 == wanted


def test_every_failure_is_named_and_nothing_else():
    with pytest.raises(AssertionError) as failed:
        odd(wanted=1)

    said = [line for line in str(failed.value).splitlines() if "no. " in line]
    assert [line[:5] for line in said] == ["no. 4", "no. 6"]


def test_what_holds_for_all_passes():
    each("number", [2, 4])(lambda number: None)()


def test_nothing_to_check_is_a_failure():
    with pytest.raises(AssertionError, match="nothing to check"):
        each("number", [])(lambda number: None)()


def test_what_else_the_claim_takes_is_still_asked_for():
    assert list(inspect.signature(odd).parameters) == ["wanted"]
