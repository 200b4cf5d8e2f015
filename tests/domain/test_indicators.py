"""Indicators have one spelling; sentences name hosts so that nothing links them."""

from contextlib import suppress

import pytest

from dashboard.domain.context import DEMONSTRATED
from dashboard.domain.engine import examine
from dashboard.domain.indicators import (
    Kind,
    NotAnIndicator,
    fanged,
    kind_of,
    normalised,
    spoken,
)
from tests.domain.detectors.mail import linked, plain
from tests.quick import is_quick


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param("It opens evil.example.", "It opens evil[.]example.", id="host"),
        pytest.param("to www.bank.com,", "to www[.]bank[.]com,", id="every dot"),
        pytest.param("to a.b@evil.test,", "to a.b@evil[.]test,", id="mail address"),
        pytest.param("at 203.0.113.9.", "at 203[.]0[.]113[.]9.", id="number"),
        pytest.param("https://a.test/", "hxxps://a[.]test/", id="URL"),
        pytest.param("see “Bücher.рф”", "see “Bücher[.]рф”", id="other letters"),
        pytest.param("'list.zip'", "'list[.]zip'", id="a file that is a host too"),
        pytest.param("'invoice.pdf.exe'", "'invoice.pdf.exe'", id="a file"),
        pytest.param("1.99 EUR, e.g. now.", "1.99 EUR, e.g. now.", id="no name"),
    ],
)
def test_names_are_shown_unlinked(told, expected):
    assert spoken(told) == expected
    assert spoken(expected) == expected


def test_a_long_sentence_is_read_in_linear_time():
    assert spoken("ab." * 100_000).count("[.]") == 99_999


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(linked("https://evil.example/", "www.bank.com"), id="hosts"),
        pytest.param(plain(Reply_To="x.y@evil.example"), id="a mail address"),
        pytest.param(plain(From="a@evil.top"), id="the sender"),
    ],
)
def test_findings_and_summary_name_no_bare_host(raw):
    told = examine(raw, context=DEMONSTRATED).assessment
    spoke = [each.finding for each in told.findings]

    assert "[.]" in told.summary
    assert ".example" not in told.summary.replace("[.]example", "")
    assert all(f.summary == spoken(f.summary) for f in spoke)
    assert any("." in seen.observed for f in spoke for seen in f.evidence)


EVIL = "http://evil.test/"


class TestNormalised:
    @pytest.mark.parametrize(
        ("kind", "written", "expected"),
        [
            pytest.param("url", "HTTP://EVIL.test.", EVIL, id="case and dot"),
            pytest.param("url", "http://evil.test", EVIL, id="no path"),
            pytest.param("url", "hxxp[:]//evil[.]test/", EVIL, id="defanged"),
            pytest.param("url", "http://evil.test:80/#top", EVIL, id="usual port"),
            pytest.param("url", "http://bank.test@evil.test/", EVIL, id="false user"),
            pytest.param("url", "evil.test/", EVIL, id="no scheme"),
            pytest.param("url", "http://evil.test/a/../", EVIL, id="dots"),
            pytest.param("url", "http://0x7f.1/%7ea", "http://127.0.0.1/~a", id="hex"),
            pytest.param("domain", "Evil(dot)TEST", "evil.test", id="dot in words"),
            pytest.param("domain", "bücher.test", "xn--bcher-kva.test", id="IDN"),
            pytest.param("email", "A[at]Evil{.}test", "a@evil.test", id="address"),
            pytest.param("ip", "[::ffff:192.0.2.1]", "192.0.2.1", id="mapped"),
            pytest.param("ip", "192.0.2[.]1", "192.0.2.1", id="IPv4"),
            pytest.param("sha256", "SHA256: " + "AB" * 32, "ab" * 32, id="hash"),
        ],
    )
    def test_gives_each_indicator_one_spelling(self, kind, written, expected):
        found = normalised(Kind(kind), written)

        assert found == expected
        assert normalised(Kind(kind), found) == found
        assert normalised(Kind(kind), fanged(kind, found)) == found

    @pytest.mark.parametrize(
        ("kind", "written"),
        [
            pytest.param("url", "javascript:alert(1)", id="no place"),
            pytest.param("url", "http://evil test/", id="space in the host"),
            pytest.param("url", "http://", id="no host"),
            pytest.param("domain", "http://evil.test/", id="a URL"),
            pytest.param("domain", "localhost", id="one label"),
            pytest.param("domain", "192.0.2.1", id="an address"),
            pytest.param("domain", "-evil.test", id="hyphen first"),
            pytest.param("ip", "12", id="a number"),
            pytest.param("ip", "999.1.1.1", id="too large"),
            pytest.param("email", "evil.test", id="no at"),
            pytest.param("email", "\udcff@evil.test", id="no text"),
            pytest.param("sha256", "ab" * 20, id="too short"),
            pytest.param("md5", "zz" * 16, id="no digits"),
        ],
    )
    def test_refuses_what_is_none(self, kind, written):
        with pytest.raises(NotAnIndicator):
            normalised(Kind(kind), written)

    @pytest.mark.parametrize("kind", list(Kind))
    @pytest.mark.parametrize("unit", [" ", "[", "%41", "a.", "(", "h", "../", "\udcff"])
    def test_reads_long_nonsense_in_no_time(self, kind, unit):
        def read():
            with suppress(NotAnIndicator):
                normalised(kind, unit * (50_000 // len(unit)))

        assert is_quick(read, 0.5)

    @pytest.mark.parametrize(
        ("written", "kind"),
        [
            ("evil.test", Kind.DOMAIN),
            ("evil[.]test/x", Kind.URL),
            ("192.0.2.1", Kind.IP),
            ("a@evil.test", Kind.EMAIL),
            ("0" * 32, Kind.MD5),
            ("0" * 40, Kind.SHA1),
            ("0" * 64, Kind.SHA256),
        ],
    )
    def test_tells_the_kind_by_the_form(self, written, kind):
        assert kind_of(written) is kind

    @pytest.mark.parametrize("written", ["", "nonsense", "12345", "{}"])
    def test_knows_what_has_no_kind(self, written):
        with pytest.raises(NotAnIndicator):
            kind_of(written)
