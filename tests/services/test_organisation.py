"""The organisation's settings: saved whole by whoever saw the last, read by workers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from dashboard.documents.connection import database as stored
from dashboard.domain.context import Context, Protected
from dashboard.domain.organisation import Field
from dashboard.services import organisation
from dashboard.services.audit import Actor, Event
from dashboard.services.organisation import Changed, Settings, change, current, known

WHO = Actor("ada", "1")
SERVERS = Context(own_domains=("Example.org",), executives=("Chief Executive",))
LEFT = {
    Field.OWN_DOMAINS: ("example.org",),
    Field.EXECUTIVES: ("Chief Executive",),
    Field.PROTECTED: (),
    Field.TRUSTED_SERVERS: (),
    Field.FORWARDERS: (),
}
HARBOUR = {**LEFT, Field.PROTECTED: ("Harbour Trust: harbourtrust.example",)}
RELAY = {**LEFT, Field.FORWARDERS: ("relay.example.net",)}


@pytest.fixture(autouse=True)
def fresh(database):
    organisation.forget()
    yield
    organisation.forget()


def events():
    return list(stored()["audit_logs"].find({"action": Event.ORGANISATION_CHANGED}))


def test_nobody_said_anything_at_first():
    assert known() == Settings()
    assert current(SERVERS) == SERVERS


def test_what_is_saved_is_in_force_and_has_a_version():
    assert change(HARBOUR, SERVERS, WHO, version=0)

    context = current(SERVERS)
    assert context.protected == (Protected("Harbour Trust", ("harbourtrust.example",)),)
    assert (context.version, known().version, known().changed_by) == (1, 1, "ada")


def test_fields_left_as_they_were_go_on_following_the_server():
    change(HARBOUR, SERVERS, WHO, version=0)

    moved = Context(own_domains=("example.com",), executives=("Managing Director",))
    assert set(known().said) == {Field.PROTECTED}
    assert known().context(moved).own_domains == ("example.com",)
    assert known().context(moved).executives == ("Managing Director",)


def test_an_emptied_field_stays_empty_whatever_the_server_says():
    change({**LEFT, Field.OWN_DOMAINS: ()}, SERVERS, WHO, version=0)

    assert current(SERVERS).own_domains == ()


def test_a_field_that_says_the_same_again_follows_the_server_again():
    change({**LEFT, Field.OWN_DOMAINS: ()}, SERVERS, WHO, version=0)
    change(LEFT, SERVERS, WHO, version=1)

    assert known().said == {}
    assert known().version == 2


def test_the_trail_tells_before_and_after():
    change({**LEFT, Field.OWN_DOMAINS: ("example.com",)}, SERVERS, WHO, version=0)

    (event,) = events()
    assert event["actor"] == "ada"
    assert event["metadata"]["changes"] == {
        "own_domains": {"before": ["Example.org"], "after": ["example.com"]}
    }


def test_saving_the_same_writes_nothing():
    change(HARBOUR, SERVERS, WHO, version=0)

    assert not change(HARBOUR, SERVERS, WHO, version=1)
    assert (known().version, len(events())) == (1, 1)


@pytest.mark.parametrize("version", [0, 2])
def test_who_saw_another_version_is_refused_and_nothing_is_lost(version):
    change(HARBOUR, SERVERS, WHO, version=0)

    with pytest.raises(Changed):
        change(RELAY, SERVERS, WHO, version=version)
    assert set(known().said) == {Field.PROTECTED}
    assert len(events()) == 1


@pytest.mark.parametrize("version", [0, 1])
def test_of_two_at_once_one_is_told_of_the_other(version):
    if version:
        change({**LEFT, Field.EXECUTIVES: ()}, SERVERS, WHO, version=0)
    barrier = Barrier(2)

    def save(wanted):
        barrier.wait()
        try:
            return change(wanted, SERVERS, WHO, version=version)
        except Changed:
            return "told"

    with ThreadPoolExecutor(2) as pool:
        became = list(pool.map(save, (HARBOUR, RELAY)))

    assert sorted(map(str, became)) == ["True", "told"]
    assert known().version == version + 1
    assert len(events()) == version + 1


def test_whoever_was_overtaken_can_be_told_what_changed():
    change(HARBOUR, SERVERS, WHO, version=0)
    change(RELAY, SERVERS, Actor("eve", "2"), version=1)

    (told,) = known().since(1)
    assert (told["version"], told["by"]) == (2, "eve")
    assert set(told["changes"]) == {Field.PROTECTED, Field.FORWARDERS}
    assert len(known().since(0)) == 2


def test_no_more_than_the_last_changes_are_kept():
    for version in range(organisation.KEPT_CHANGES + 1):
        named = {**LEFT, Field.EXECUTIVES: (f"Director {version}",)}
        change(named, SERVERS, WHO, version=version)

    assert [each["version"] for each in known().since(0)] == list(range(2, 12))


def test_a_worker_reads_seldom_and_sees_a_change_within_seconds(monkeypatch):
    assert current(SERVERS).version == 0
    stored()["organisation"].insert_one(
        {"_id": "settings", "said": {}, "version": 7, "changed_at": None}
        | {"changed_by": "ada", "history": []}
    )

    assert current(SERVERS).version == 0
    later = organisation.time.monotonic() + organisation.FRESH_SECONDS
    monkeypatch.setattr(organisation.time, "monotonic", lambda: later)
    assert organisation.FRESH_SECONDS <= 30
    assert current(SERVERS).version == 7
