"""Rules of the organisation's own: read from a folder, tried in bounded time."""

import logging
import os
import time

import pytest

from dashboard.domain.scanning import Match
from dashboard.services import yara

WORD = 'rule word { strings: $a = "invoice" nocase condition: $a }'
SIZE = "rule small { condition: filesize < 100 }"
ENDLESS = (
    "rule endless { condition:"
    " for all i in (0..100000000000) : (i >= 0 and uint8(i % 10) == 120) }"
)


@pytest.fixture
def folder(tmp_path):
    def filled(**files: str):
        for name, source in files.items():
            (tmp_path / f"{name}.yar").write_text(source)
        return yara.load(tmp_path)

    return filled


def tried(rules, **contents: bytes):
    return yara.scan(rules.compiled, iter(contents.items()))


def test_a_rule_that_fits_is_named_with_its_file_and_the_place(folder):
    found = tried(folder(bank=WORD), p2=b"An Invoice, an invoice", p3=b"a letter")

    assert found.matches == (Match("word", "bank.yar", "p2", 3, 10),)
    assert not found.is_cut


def test_a_rule_without_a_pattern_fits_the_whole(folder):
    assert tried(folder(bank=SIZE), p2=b"x").matches == (
        Match("small", "bank.yar", "p2"),
    )


def test_rules_of_one_name_in_two_files_do_not_meet(folder):
    found = tried(folder(one=WORD, two=WORD), p2=b"invoice")

    assert [each.file for each in found.matches] == ["one.yar", "two.yar"]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("not a rule", id="no rule"),
        pytest.param("rule a { condition: $b }", id="a pattern that is not there"),
        pytest.param('include "good.yar" ' + WORD, id="a rule of another file"),
        pytest.param('include "/etc/passwd"', id="a file of the machine"),
        pytest.param('import "time" rule a { condition: time.now() > 1 }', id="clock"),
        pytest.param('import "vt" rule a { condition: true }', id="another service"),
        pytest.param('import "cuckoo" rule a { condition: true }', id="a sandbox"),
        pytest.param(
            'import "console" rule a { condition: console.log("x") }', id="writing"
        ),
        pytest.param("// " + "x" * yara.LARGEST_FILE, id="too large"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_the_others_are_used(
    folder, caplog, source
):
    with caplog.at_level(logging.WARNING):
        rules = folder(bad=source, good=WORD)

    assert rules.broken == ("bad.yar",)
    assert "yara.not_usable bad.yar" in caplog.text
    assert [each.file for each in tried(rules, p=b"invoice").matches] == ["good.yar"]


def test_a_file_that_is_no_text_is_named(folder, tmp_path):
    (tmp_path / "bad.yara").write_bytes(b"\xff\xfe\0")

    assert folder(good=WORD).broken == ("bad.yara",)


def test_a_name_that_no_database_holds_is_told_as_one_that_it_does(tmp_path):
    (tmp_path / os.fsdecode(b"r\xe9gle.yar")).write_text(WORD)

    assert yara.load(tmp_path).broken == ("r?gle.yar",)


def test_of_many_files_that_cannot_be_used_some_are_named(folder, monkeypatch):
    monkeypatch.setattr(yara, "MOST_NAMED", 2)

    assert folder(**dict.fromkeys("abcd", "no rule")).broken == ("a.yar", "b.yar (+2)")


def test_only_so_much_is_read_of_a_folder(folder, monkeypatch):
    monkeypatch.setattr(yara, "MOST_FILES", 2)

    assert folder(a=WORD, b=WORD, c=WORD).broken == ("c.yar",)

    monkeypatch.setattr(yara, "LARGEST_FOLDER", len(WORD) + 5)

    assert folder(a=WORD, b=WORD, c=WORD).broken == ("b.yar", "c.yar")


def test_a_folder_that_is_missing_or_empty_is_named(tmp_path):
    for name in ("missing", "empty"):
        if name == "empty":
            (tmp_path / name).mkdir()
        rules = yara.load(tmp_path / name)
        assert (rules.compiled, rules.broken) == (None, (name,))


def test_other_files_and_folders_are_left_alone(folder, tmp_path):
    (tmp_path / "notes.txt").write_text("not a rule")
    (tmp_path / "more.yar").mkdir()

    assert folder(good=WORD).broken == ()


def test_a_rule_that_takes_for_ever_is_stopped(folder):
    rules = folder(slow=ENDLESS, word=WORD)
    started = time.monotonic()

    found = tried(rules, a=b"x" * 10, b=b"x" * 11, c=b"x" * 12, d=b"x" * 13)

    assert found.is_cut
    assert time.monotonic() - started < yara.TOTAL_SECONDS + 4 * yara.SECONDS


def test_what_is_too_large_is_not_tried(folder, monkeypatch):
    monkeypatch.setattr(yara, "LARGEST", 10)

    found = tried(folder(word=WORD), large=b"invoice" * 2, small=b"invoice")

    assert [each.part for each in found.matches] == ["small"]
    assert found.is_cut


def test_the_number_of_matches_is_bounded(folder):
    rules = folder(
        many="\n".join(f"rule r{n} {{ condition: true }}" for n in range(50))
    )

    assert len(tried(rules, p=b"x").matches) == yara.MOST_MATCHES


def test_the_same_rules_give_the_same_matches(folder):
    rules = folder(one=WORD, two=SIZE)
    contents = {f"p{n}": b"an invoice" for n in range(5)}

    assert tried(rules, **contents) == tried(rules, **contents)
