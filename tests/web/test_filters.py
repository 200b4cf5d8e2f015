"""What a query string asks a list for, and what nobody may ask."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from bson import ObjectId
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from dashboard.documents.base import Key
from dashboard.documents.connection import now
from dashboard.documents.user import Account
from dashboard.domain.permissions import Role
from dashboard.web.filters import MAX_TOKENS, Filters

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def _asked(app, database):
    with app.test_request_context():
        yield


def reader(role=Role.ANALYST):
    return Account("0" * 24, "ada", "", role, True, True, "UTC", "system")


def filters(*pairs, **named):
    return Filters.read(MultiDict([*pairs, *named.items()]))


def typed(text):
    return filters(q=text)


def asked(found, role=Role.ANALYST):
    """The facets a selection asks for, in a fixed order."""
    return sorted(found.selection(reader(role)).names)


class TestRead:
    def test_takes_tokens_from_the_address_and_from_what_was_typed(self):
        found = filters(("level", "high"), ("q", "invoice from:example.com now"))

        assert found.tokens == (("level", "high"), ("from", "example.com"))
        assert found.words == ("invoice", "now")

    @pytest.mark.parametrize(
        ("shown", "stored"),
        [("clean", "safe"), ("suspicious", "medium"), ("malicious", "critical")],
    )
    def test_knows_levels_by_the_word_people_see(self, shown, stored):
        assert typed(f"level:{shown}").tokens == (("level", stored),)
        assert [word for word, _rest in typed(f"level:{stored}").shown()] == [
            f"level:{shown}"
        ]

    def test_lets_the_last_one_count_where_a_message_has_but_one(self):
        found = filters(("level", "low"), ("q", "level:high level:malicious"))

        assert found.tokens == (("level", "critical"),)

    def test_keeps_several_signals(self):
        found = filters(("signal", "auth-fail"), ("signal", "link-ip-host"))

        assert asked(found) == ["signal:auth-fail", "signal:link-ip-host"]

    @pytest.mark.parametrize(
        "pair",
        [
            ("sort", "subject"),
            ("level", "worst"),
            ("level[$ne]", "high"),
            ("status", '{"$gt": ""}'),
            ("from", "a b"),
            ("owner", "$where"),
            ("since", "yesterday"),
            ("limit", "0"),
            ("limit", "-1"),
            ("limit", "1e3"),
            ("limit", "٣"),
        ],
        ids=lambda pair: f"{pair[0]}={pair[1]}",
    )
    def test_refuses_what_no_list_has(self, pair):
        with pytest.raises(BadRequest):
            filters(pair)

    def test_shows_no_more_than_a_hundred_however_many_are_asked_for(self):
        assert filters(limit="5000").size == 100

    def test_names_what_was_typed_wrong_and_leaves_it_out(self):
        found = typed("level:foo invoice")

        assert found.words == ("invoice",)
        assert "level:foo" in found.faults[0]
        assert "malicious" in found.faults[0]

    @pytest.mark.parametrize("text", ["(((", "a", "€", "-"])
    def test_says_when_there_is_no_word_to_look_for(self, text):
        found = typed(text)

        assert found.is_empty
        assert text in found.faults[0]

    def test_takes_a_word_with_a_colon_for_a_word(self):
        assert typed("Re:Invoice").words == ("Re:Invoice",)

    def test_is_bounded(self):
        many = typed(" ".join(f"word{n}" for n in range(99)))

        assert len(many.words) == MAX_TOKENS


class TestSelection:
    def test_of_an_address_asks_for_its_domain_and_its_words(self):
        found = typed("from:ada.keeper@example.com")

        assert asked(found) == ["domain:example.com", "t:ada", "t:keeper"]

    def test_of_a_sender_asks_for_the_whole_address(self):
        found = typed("sender:O'Neil+x@mail.Example.com")

        assert asked(found) == ["sender:o'neil+x@mail.example.com"]

    @pytest.mark.parametrize("text", ["ada", "a@b@c", "<b>@x.test", "a@x.test/y"])
    def test_of_a_sender_refuses_what_is_no_address(self, text):
        assert typed(f"sender:{text}").faults

    def test_knows_who_asks(self):
        assert asked(typed("by:me")) == [f"by:{'0' * 24}"]
        assert asked(typed("owner:me")) == ["owner:ada"]

    def test_never_leaves_what_a_viewer_may_see(self):
        found = filters(by="f" * 24, level="high")

        assert f"by:{'0' * 24}" in asked(found, Role.VIEWER)

    def test_finds_words_however_they_are_written(self):
        assert asked(typed("Rechnung ÜBERFÄLLIG")) == ["t:rechnung", "t:überfällig"]

    def test_of_the_last_days_begins_that_long_ago(self):
        since = typed("since:-7d").selection(reader()).since

        assert abs(now() - timedelta(days=7) - since) < timedelta(minutes=1)

    def test_of_a_day_begins_and_ends_with_it_where_the_reader_is(self):
        found = typed("since:2026-11-20 until:2026-11-20").selection(reader(), BERLIN)

        assert found.since == datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
        assert found.until > datetime(2026, 11, 20, 22, 59, 59, tzinfo=UTC)
        assert found.until < datetime(2026, 11, 20, 23, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        "text",
        ["0001-01-01", "9999-12-31", "0001-01-01T00:00+14:00", "-9999w", "1970-W01"],
    )
    def test_of_any_date_stays_within_what_can_be_asked(self, text):
        found = typed(f"since:{text} until:{text}").selection(reader())

        assert 1990 <= found.since.year <= 2200
        assert found.until.year <= 2200


class TestQuery:
    def test_says_everything_that_was_asked_for(self):
        found = filters(level="high", q="invoice now", limit="50")

        assert found.query() == "level=high&q=invoice+now&limit=50"

    def test_is_read_back_as_it_was_written(self):
        found = typed("level:high from:example.com since:-7d zażółć co&co a=b+bc")

        assert Filters.read(MultiDict(parse_qsl(found.query()))) == found
        assert found.words == ("zażółć", "co&co", "a=b+bc")

    def test_leaves_each_token_out_by_its_own_link(self):
        found = filters(level="high", q="invoice now")

        assert list(found.shown()) == [
            ("level:high", "q=invoice+now"),
            ("invoice", "level=high&q=now"),
            ("now", "level=high&q=invoice"),
        ]

    def test_keeps_the_order(self):
        found = filters(level="high", q="invoice", order="oldest")

        assert found.query(after="x") == "level=high&q=invoice&order=oldest&after=x"
        assert found.query(without=("level", "high")) == "q=invoice&order=oldest"
        assert (found.cleared, found.turned) == ("order=oldest", "level=high&q=invoice")
        assert filters(level="high").turned == "level=high&order=oldest"
        assert filters(order="newest").query() == ""

    @pytest.mark.parametrize("order", ["OLDEST", "received_at", "$natural", "-1"])
    def test_refuses_an_order_there_is_not(self, order):
        with pytest.raises(BadRequest):
            filters(order=order)

    def test_begins_at_the_row_a_rising_page_began_with(self):
        first = Key(now(), ObjectId(), is_rising=True)
        found = filters(top=str(first), order="oldest")

        assert (found.place.at, found.place.is_rising) == (first.at, True)
        assert found.place.id < first.id

    def test_begins_at_the_row_a_page_began_with(self):
        first = Key(now(), ObjectId())
        found = filters(top=str(first))

        assert found.place.at == first.at
        assert found.place.id > first.id
        assert filters(top=str(first), after=str(first)).place == first
