"""What a rule of the organisation's fits is a finding, with the place it fits."""

import pytest

from dashboard.domain.context import Context
from dashboard.domain.engine import examine
from dashboard.domain.receipts import to_record
from dashboard.domain.scanning import Match, Scanned
from tests.domain.detectors.mail import plain

MIXED = (
    b"From: desk@example.com\r\nTo: reader@example.org\r\nSubject: Files\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n"
    b"--b\r\nContent-Type: application/octet-stream; name=list.bin\r\n"
    b"Content-Disposition: attachment; filename=list.bin\r\n\r\n"
    b"An invoice of ours\r\n--b--\r\n"
)
WORD = Match("word", "bank.yar", "2", 3, 10)


def examined(scanned, raw=MIXED):
    return examine(raw, context=Context(scanned=scanned))


def found(scanned, raw=MIXED):
    told = examined(scanned, raw).assessment.findings
    return [each for each in told if each.finding.rule == "yara-match"]


def not_checked(scanned):
    told = examined(scanned).assessment.not_checked
    return [str(each.reason) for each in told if each.check == "yara"]


def test_a_match_is_told_with_its_rule_file_and_place():
    (weighed,) = found(Scanned((WORD,)))
    (evidence,) = weighed.finding.evidence

    assert weighed.finding.summary == "Your rule word (bank[.]yar) fits 'list[.]bin'."
    assert (evidence.value, evidence.observed) == ("invoice", "word")
    assert weighed.points == 26


@pytest.mark.parametrize(
    ("match", "value"),
    [
        pytest.param(Match("m", "f.yar", "", 6, 10), "desk", id="in the mail"),
        pytest.param(Match("m", "f.yar"), "From: desk@example.com", id="the mail"),
        pytest.param(Match("m", "f.yar", "2"), "An invoice of ours", id="a file"),
        pytest.param(Match("m", "f.yar", "9", 0, 4), "From", id="a file gone since"),
    ],
)
def test_the_evidence_is_what_fits(match, value):
    (weighed,) = found(Scanned((match,)))

    assert weighed.finding.evidence[0].value.startswith(value)


def test_several_matches_are_one_finding():
    others = tuple(Match(f"r{n}", "f.yar") for n in range(9))

    (weighed,) = found(Scanned((WORD, *others)))

    assert "and 9 more fit" in weighed.finding.summary
    assert len(weighed.finding.evidence) == 5


@pytest.mark.parametrize(
    "scanned", [None, Scanned(), Scanned(broken=("bad.yar",), is_cut=True)]
)
def test_without_a_match_nothing_is_found(scanned):
    assert found(scanned) == []


@pytest.mark.parametrize(
    ("scanned", "said"),
    [
        (None, ["No rules of your own (YARA) were tried on the mail."]),
        (Scanned(), []),
        (Scanned(broken=("bad.yar",)), ["Your file of rules bad.yar cannot be used."]),
        (
            Scanned(is_cut=True),
            ["Not everything was tried: it was too large or took too long."],
        ),
    ],
)
def test_what_was_not_tried_is_named(scanned, said):
    assert not_checked(scanned) == said


def test_what_fits_is_kept_with_the_receipt():
    kept = to_record(examined(Scanned((WORD,), ("bad.yar",))))["context"]["scanned"]

    again = Scanned(
        tuple(Match(**each) for each in kept["matches"]),
        tuple(kept["broken"]),
        kept["is_cut"],
    )
    assert again == Scanned((WORD,), ("bad.yar",))


def test_a_match_in_an_empty_mail_points_somewhere():
    assert found(Scanned((Match("m", "f.yar"),)), b"")


def test_nothing_an_attacker_arranges_takes_a_match_away():
    alone = examined(Scanned((WORD,)), plain()).assessment
    polite = plain("wrote:\n> a\n> b", **{"In-Reply-To": "<1@example.org>"})

    assert examined(Scanned((WORD,)), polite).assessment.score >= alone.score
