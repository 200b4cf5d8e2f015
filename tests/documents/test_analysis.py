"""What a list can ask an analysis for."""

import pytest

from dashboard.documents.analysis import facets_of, terms

DONE = {
    "status": "done",
    "user_id": "u1",
    "threat_level": "critical",
    "verdict": "malicious",
    "detected_threats": ["lookalike-domain"],
    "sender": "billing@mail.exarnple.test",
}


def test_a_finished_analysis_is_found_by_what_the_engine_said():
    facets = facets_of(DONE)

    assert {"level:critical", "verdict:malicious", "signal:lookalike-domain"} <= set(
        facets
    )


@pytest.mark.parametrize("status", ["pending", "running", "failed", "cancelled"])
def test_one_that_is_not_finished_is_not_found_by_what_an_earlier_run_said(status):
    facets = facets_of({**DONE, "status": status})

    assert not [f for f in facets if f.startswith(("level:", "verdict:", "signal:"))]
    assert f"status:{status}" in facets


def test_a_sender_is_found_by_its_domain_and_the_one_above():
    facets = facets_of(DONE)

    assert {"domain:mail.exarnple.test", "domain:exarnple.test"} <= set(facets)
    assert "domain:test" not in facets


def test_a_sender_is_found_by_the_whole_address():
    written = {**DONE, "sender": "Billing@Mail.Exarnple.test"}

    assert "sender:billing@mail.exarnple.test" in facets_of(written)
    assert not [f for f in facets_of({**DONE, "sender": "x"}) if "sender:" in f]


def test_nobody_owns_what_nobody_took():
    assert "owner:nobody" in facets_of(DONE)


def test_words_are_found_whatever_their_case_and_form():
    assert terms("Straße Ｉｎｖｏｉｃｅ INVOICE") == ["strasse", "invoice"]
