"""What somebody signed in with, in words."""

import pytest

from dashboard.domain.devices import Kind, device

X11 = "Mozilla/5.0 (X11; Linux x86_64)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = f"{WEBKIT} Chrome/142.0.0.0"


@pytest.mark.parametrize(
    ("agent", "browser", "system", "kind"),
    [
        (f"{X11[:-1]}; rv:145.0) Gecko/1 Firefox/145.0", "Firefox", "Linux", "desktop"),
        (f"{WINDOWS} {CHROME} Safari/537.36", "Chrome", "Windows", "desktop"),
        (f"{WINDOWS} {CHROME} Safari/537.36 Edg/142.0", "Edge", "Windows", "desktop"),
        (f"{MAC} {CHROME} Safari/537.36 OPR/124.0", "Opera", "macOS", "desktop"),
        (f"{MAC} {SAFARI} Version/18.1 Safari/605.1.15", "Safari", "macOS", "desktop"),
        (
            *(f"{IPHONE} {SAFARI} Version/18.1 Mobile/15E148 Safari/604.1",),
            *("Safari", "iPhone", "phone"),
        ),
        (
            *(f"{IPHONE} {SAFARI} CriOS/142.0 Mobile/15E148 Safari/604.1",),
            *("Chrome", "iPhone", "phone"),
        ),
        (
            *(f"{IPAD} {SAFARI} FxiOS/145.0 Mobile/15E148 Safari/604.1",),
            *("Firefox", "iPad", "tablet"),
        ),
        (f"{ANDROID} {CHROME} Mobile Safari/537.36", "Chrome", "Android", "phone"),
        (f"{ANDROID} {CHROME} Safari/537.36", "Chrome", "Android", "tablet"),
        (
            *(f"{ANDROID} SamsungBrowser/28.0 {CHROME} Mobile Safari/537.36",),
            *("Samsung Internet", "Android", "phone"),
        ),
        (
            *(f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36",),
            *("Chrome", "ChromeOS", "desktop"),
        ),
        (f"{X11} {CHROME} Safari/537.36 Vivaldi/7.6", "Vivaldi", "Linux", "desktop"),
    ],
)
def test_a_browser_is_known_by_name_system_and_kind(agent, browser, system, kind):
    known = device(agent)

    assert (known.browser, known.system, known.kind) == (browser, system, Kind(kind))


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("curl/8.5.0", "curl"),
        ("python-requests/2.32.3", "python-requests"),
        ("Go-http-client/2.0", "Go-http-client"),
        ("", ""),
        ("Mozilla/5.0", ""),
        ("Mozilla/5.0 (compatible; something)", ""),
        ("?", ""),
    ],
)
def test_what_is_no_browser_is_a_program(agent, name):
    known = device(agent)

    assert (known.browser, known.system, known.kind) == (name, "", Kind.PROGRAM)


@pytest.mark.parametrize(
    "agent", ["Chrome/" * 100_000, "A" * 1_000_000, "Android " * 50_000, "\0\ud800/"]
)
def test_nothing_sent_on_purpose_takes_long_or_is_repeated_at_length(agent):
    known = device(agent)

    assert len(known.browser) <= 40
