"""The receipt: what is shown of an analysis, to whom, in each of its states."""

import pytest

from tests.web.examined import examined


@pytest.fixture
def spoof(analyst):
    """The address of an examined spoof."""
    return f"/analyses/{examined(analyst.account)}"


class TestPage:
    def test_says_the_verdict_and_why_in_one_sentence(self, analyst, spoof):
        page = analyst.get(spoof)

        assert "This message is malicious: " in page.select_one(".pn-sentence").text
        assert page.select_one(".pn-level-lg").text == "Malicious"
        assert page.select_one("h1").text.strip().startswith("Your account has been")
