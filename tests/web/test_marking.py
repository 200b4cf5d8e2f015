"""Text of a sender on our pages: harmless, and marked where evidence stands."""

import pytest

from dashboard.web.marking import Mark, excerpt, pieces, plain, quotation


def joined(found):
    return "".join(piece.text for piece in found)


def marked(found):
    return [piece.text for piece in found if piece.is_marked]


class TestPlain:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            pytest.param("See you on Friday.", "See you on Friday.", id="harmless"),
            pytest.param(
                "go to https://a.example.com/x?y=1.z now",
                "go to hxxps://a.example[.]com/x?y=1.z now",
                id="a link in a sentence",
            ),
            pytest.param("HTTP://EVIL.TEST", "hxxp://EVIL[.]TEST", id="upper case"),
            pytest.param("www.evil.test", "www.evil[.]test", id="without a scheme"),
            pytest.param(
                "ask desk@mail.example.net.", "ask desk@mail.example[.]net.", id="mail"
            ),
            pytest.param(
                "hxxps://evil[.]test/a", "hxxps://evil[.]test/a", id="defanged before"
            ),
            pytest.param("cod\u202eexe.pdf", "cod[U+202E]exe.pdf", id="reversed"),
            pytest.param("pay\u200bpal", "pay[U+200B]pal", id="zero width"),
            pytest.param("a\x1b[31mb", "a[U+001B][31mb", id="a terminal's colour"),
            pytest.param(
                "\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd", id="Hebrew"
            ),
        ],
    )
    def test_can_be_neither_followed_nor_misread(self, text, shown):
        assert plain(text) == shown


class TestPieces:
    def test_are_the_whole_text(self):
        text = "Pay https://evil.test/a now, or else."

        found = pieces(text, [Mark(1, 4, 23), Mark(2, 24, 27)])

        assert joined(found) == plain(text)
        assert marked(found) == ["hxxps://evil[.]test/a", "now"]

    def test_carry_the_id_where_a_mark_begins_and_the_number_where_it_ends(self):
        found = pieces("abcdef", [Mark(3, 1, 4, anchor="ev-3")])

        assert [piece.text for piece in found] == ["a", "bcd", "ef"]
        assert found[1].anchors == ("ev-3",)
        assert [mark.number for mark in found[1].ends] == [3]

    def test_of_overlapping_marks_lose_no_id_and_no_letter(self):
        marks = [Mark(1, 0, 4, anchor="ev-1"), Mark(2, 2, 6, anchor="ev-2")]

        found = pieces("abcdef", marks)

        assert joined(found) == "abcdef"
        assert [piece.text for piece in found] == ["ab", "cd", "ef"]
        assert [anchor for piece in found for anchor in piece.anchors] == [
            "ev-1",
            "ev-2",
        ]

    def test_are_defanged_although_a_mark_cuts_the_url(self):
        found = pieces("http://www.evil.test/x", [Mark(1, 11, 16)])

        assert joined(found) == "hxxp://www.evil[.]test/x"
        assert marked(found) == ["evil[.]"]

    def test_are_against_only_if_every_mark_there_is(self):
        both = [Mark(1, 0, 3), Mark(2, 0, 3, is_against=True)]

        assert not pieces("abc", both)[0].is_against
        assert pieces("abc", both[1:])[0].is_against

    def test_show_a_finding_once_where_its_evidence_ends_twice(self):
        found = pieces("abc", [Mark(1, 0, 3), Mark(1, 1, 3)])

        assert [mark.number for mark in found[-1].ends] == [1]


class TestQuotation:
    def test_compares_the_label_that_was_drawn_whatever_the_ending(self):
        found = quotation("x@www.paypa1.example", "www.paypa1.example", "paypal.com")

        assert [f.text for f in found if f.is_decisive] == ["1", "l"]
        assert found[0].text == "www."

    def test_compares_nothing_that_is_alike_by_chance(self):
        found = quotation("a@mail.test", "mail.test", "best.com")

        assert "≠" not in "".join(letters.text for letters in found)

    def test_compares_names_that_are_almost_alike_letter_by_letter(self):
        found = quotation("x@paypa1.com", "paypa1.com", "paypal.com")

        decisive = [letters.text for letters in found if letters.is_decisive]
        assert decisive == ["1", "l"]
        assert "".join(letters.text for letters in found).count("[.]") == 2

    def test_marks_what_was_seen_in_its_surroundings(self):
        found = quotation("desk@case-review.test", "case-review.test", "paypal.com")

        assert [(f.text, f.is_decisive) for f in found] == [
            ("desk@", False),
            ("case-review[.]test", True),
        ]

    def test_is_short_however_long_the_value(self):
        found = quotation("a" * 5000 + "here" + "b" * 5000, "here", "")

        assert sum(len(letters.text) for letters in found) < 400

    def test_leaves_the_name_of_a_file_as_it_is(self):
        assert excerpt("invoice.pdf.exe", "")[0].text == "invoice.pdf.exe"
