"""Files of the pages are small on their way; pages are never compressed."""

import gzip

import pytest

FILES = ["vendor/dashboard.min.css", "vendor/dashboard.min.js", "vendor/icons.svg"]
ACCEPTS = {"Accept-Encoding": "br;q=1.0, gzip;q=0.8"}


def static(browser, name, **headers):
    return browser.client.get(f"/static/{name}", headers=headers, buffered=True)


@pytest.mark.parametrize("name", FILES)
def test_a_file_leaves_compressed(root, stranger, name):
    answer = static(stranger, name, **ACCEPTS)

    plain = (root / "static" / name).read_bytes()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == plain
    assert int(answer.headers["Content-Length"]) < len(plain) / 2
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0"])
def test_whoever_does_not_understand_it_gets_the_file(root, stranger, accepted):
    answer = static(stranger, FILES[0], **{"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert answer.data == (root / "static" / FILES[0]).read_bytes()
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_known_is_not_sent_again(stranger):
    tag = static(stranger, FILES[0], **ACCEPTS).headers["ETag"]

    known = static(stranger, FILES[0], **ACCEPTS, **{"If-None-Match": tag})
    assert (known.status_code, known.data) == (304, b"")


def test_a_part_of_a_file_is_a_part_of_the_file(root, stranger):
    part = static(stranger, FILES[0], **ACCEPTS, Range="bytes=0-9")

    assert part.status_code == 206
    assert part.data == (root / "static" / FILES[0]).read_bytes()[:10]


def test_is_kept_for_a_year_under_a_name_of_its_content(stranger):
    page = stranger.get("/login")
    sheet = page.select_one("link[rel=stylesheet]")["href"]

    answer = stranger.client.get(sheet, buffered=True)
    assert "?v=" in sheet
    assert answer.headers["Cache-Control"] == "public, max-age=31536000"


@pytest.mark.parametrize("headers", [{}, ACCEPTS, {"Range": "bytes=0-9"}])
def test_a_file_is_the_same_for_everybody(analyst, headers):
    answer = static(analyst, FILES[0], **headers)

    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers


def test_the_page_of_a_missing_file_is_kept_by_no_cache(analyst):
    answer = static(analyst, "nothing.css")

    assert analyst.account.username in answer.text
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_a_page_is_not_compressed(analyst):
    answer = analyst.client.get("/analyses", headers=ACCEPTS)

    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
