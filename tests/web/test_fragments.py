"""Parts of pages that are kept for others hold nothing of who asked first."""

import pytest
from jinja2 import DictLoader
from jinja2.exceptions import UndefinedError

from dashboard.web import fragments
from dashboard.web.fragments import PERSONAL, kept


@pytest.fixture
def request_of(app, monkeypatch):
    """Within a request, with templates of the test's own."""
    texts = {f"{name}.html": f"{{{{ {name} }}}}" for name in (*PERSONAL, "word")}
    fragments._kept.cache_clear()
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(texts))
    app.jinja_env.cache.clear()
    with app.test_request_context():
        yield
    fragments._kept.cache_clear()
    app.jinja_env.cache.clear()


@pytest.mark.parametrize("name", PERSONAL)
def test_a_fragment_that_looks_at_the_request_is_refused(request_of, name):
    with pytest.raises(UndefinedError):
        kept(f"{name}.html")


def test_a_fragment_shows_what_it_is_given_and_escapes_it(request_of):
    assert kept("word.html", word="<b>") == "&lt;b&gt;"
    assert kept("word.html", word="two") == "two"


def test_the_same_is_drawn_once(request_of):
    assert kept("word.html", word="one") is kept("word.html", word="one")


def test_nobody_is_shown_the_places_of_another(admin, viewer):
    assert "Audit trail" in admin.get("/overview").text
    assert "Audit trail" not in viewer.get("/overview").text
    assert "Audit trail" in admin.get("/overview").text
