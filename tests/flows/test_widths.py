"""Whatever others wrote, every page of the product fits its screen."""

import pytest

from dashboard.documents.connection import database as stored
from dashboard.documents.connection import now
from dashboard.domain.aggregator import Level
from dashboard.domain.indicators import Kind, Threat
from dashboard.services import indicators
from dashboard.services.audit import Actor, Event, record
from dashboard.services.indicators import Told
from tests import factories

pytestmark = pytest.mark.chromium

LONG = "Donaudampfschiffahrtskapitän" * 6
WIDE = "عرض جديد " + LONG
HOST = "sub." * 25 + "example.test"
PAGES = ("/overview", "/analyses", "/uploads", "/indicators", "/users", "/profile")
MORE = (
    "/sessions",
    "/sessions/all",
    "/sessions/all?state=ended",
    "/audit",
    "/exports",
    "/analyses/new",
    "/settings/organisation",
)
# What a page holds must not be cut off either: a row is as wide as its card.
CUT = """[...document.querySelectorAll("main .card")]
    .filter(card => card.scrollWidth > card.clientWidth + 1).map(c => c.innerText)"""

ARABIC = "عاجل: تم تعليق حسابك المصرفي، يرجى تأكيد بياناتك خلال أربع وعشرين ساعة " * 3
BEGINS = """it => {
  const range = document.createRange();
  const walk = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
  let text = walk.nextNode();
  while (!text.data.trim()) text = walk.nextNode();
  const at = text.data.search(/\\S/);
  range.setStart(text, at);
  range.setEnd(text, at + 1);
  const first = range.getBoundingClientRect(), box = it.getBoundingClientRect();
  return first.left >= box.left - 1 && first.right <= box.right + 1;
}"""


@pytest.fixture
def _written(database):
    bad = {"threat_level": "critical", "verdict": "malicious"}
    sender = {"sender": f"{LONG}@{HOST}", "sender_name": WIDE}
    factories.examined(subject=WIDE, **bad, **sender)
    who = Actor("desk")
    told = Told(Threat.PHISHING, Level.HIGH, 0.9, LONG[:90], WIDE, ("t" * 40,) * 3)
    indicators.add(Kind.URL, f"https://{HOST}/{LONG}", told, who)
    person = factories.account("viewer", username="n" * 150, full_name=WIDE)
    factories.begin_session(person, agent="a" * 400)
    over = {"active": False, "ended_at": now(), "ended_by": "n" * 150}
    factories.begin_session(person, **over, ended_why=WIDE)
    changed = {"changes": {"full_name": {"before": LONG, "after": WIDE}}}
    record(Event.ACCOUNT_CHANGED, who, description=WIDE, metadata=changed)
    file = {
        "name": LONG,
        "kind": "mailbox",
        "size": 1,
        "actor": "n" * 150,
        "source": "",
    }
    counts = dict.fromkeys(("seen", "accepted", "known", "refused", "offset"), 10**6)
    times = dict.fromkeys(("received_at", "created_at", "updated_at"), now())
    end = {"state": "failed", "user_id": "1", "facets": [], "origin_key": "1"}
    stored()["uploads"].insert_one({**file, **counts, **times, **end, "reason": LONG})


@pytest.mark.usefixtures("_written")
@pytest.mark.parametrize("width", [360, 1024, 1440])
def test_no_page_is_wider_than_its_screen(visitor, width):
    visit = visitor("desktop")
    visit.sign_in("admin")
    visit.page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES + MORE:
        page = visit.open(path)

        assert visit.fits(), path
        assert page.evaluate(CUT) == [], path


def test_what_is_cut_is_the_end_of_a_text_in_either_direction(desk):
    bad = {"threat_level": "critical", "verdict": "malicious"}
    analysis = factories.examined(subject=ARABIC, **bad)
    for path in ("/overview", "/analyses"):
        page = desk.open(path)
        assert page.locator("main .pn-open").first.evaluate(BEGINS), path

    page = desk.open(f"/analyses/{analysis}")
    assert page.locator("h1").evaluate(BEGINS)
