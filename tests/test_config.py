"""Settings: refused when weak, named all at once, applied to the connection."""

import pytest
from pydantic import SecretStr, ValidationError
from pymongo.uri_parser import parse_uri

from dashboard import config, extensions
from dashboard.config import BY_ENVIRONMENT, ConfigError, Settings, load
from dashboard.documents import connection
from tests.conftest import SECRET

NOWHERE = "mongodb://127.0.0.1:1/?directConnection=true"
GIVEN = {"SECRET_KEY": SECRET, "MONGODB_URI": NOWHERE, "VAR_DIR": "/nonexistent"}


def fault(**environ):
    with pytest.raises(ConfigError) as caught:
        load({**GIVEN, **environ})
    return str(caught.value)


class TestRequired:
    def test_settings_that_are_missing_are_named_all_at_once(self):
        with pytest.raises(ConfigError) as caught:
            load({"VAR_DIR": "/nonexistent"})

        assert "SECRET_KEY is not set" in str(caught.value)
        assert "MONGODB_URI is not set" in str(caught.value)

    def test_settings_that_are_wrong_are_named_with_them(self):
        said = fault(
            SECRET_KEY="short", API_PORT="0", LOG_LEVEL="LOUD", MONGODB_URI="x"
        )

        for name in ("SECRET_KEY", "API_PORT", "LOG_LEVEL", "MONGODB_URI"):
            assert name in said

    def test_a_fault_shows_no_value(self):
        said = fault(SECRET_KEY="hunter2", MONGODB_URI="http://keeper:hunter3@db")

        assert "hunter" not in said

    def test_the_web_process_refuses_to_start_without_them(self, app, monkeypatch):
        monkeypatch.setitem(app.extensions, "settings_fault", "SECRET_KEY is not set")

        with pytest.raises(ConfigError, match="SECRET_KEY"):
            extensions.require_settings(app)


class TestSecretKey:
    @pytest.mark.parametrize(
        "weak",
        [
            "",
            "secret",
            "your-super-secure-secret-key-here",
            "your-super-secret-key-change-this-in-production",
            "your-jwt-secret-key-change-this-in-production",
            "thisISaSECRET_1234 thisISaSECRET_1234",
            "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
            "\x02\x01thisismyscretkey\x01\x02\\e\\y\\y\\h",
            "TEST_NON_DEV_SECRET TEST_NON_DEV_SECRET",
            "c292a0a3aa32397cdb050e233733900f",
            "a" * 64,
            "0123456789" * 4,
            SECRET[:31],
        ],
    )
    def test_that_is_weak_or_known_is_refused(self, weak):
        for environment in BY_ENVIRONMENT:
            assert "SECRET_KEY" in fault(SECRET_KEY=weak, ENVIRONMENT=environment)

    def test_that_is_random_is_taken(self):
        assert load(GIVEN).SECRET_KEY.get_secret_value() == SECRET

    def test_is_read_from_a_file(self, tmp_path):
        (tmp_path / "key").write_text(f"{SECRET}\n")
        environ = {**GIVEN, "SECRET_KEY_FILE": str(tmp_path / "key")}
        del environ["SECRET_KEY"]

        assert load(environ).SECRET_KEY.get_secret_value() == SECRET

    def test_stands_in_no_repr(self):
        assert SECRET not in repr(load(GIVEN))
        assert "127.0.0.1:1" not in repr(load(GIVEN))


class TestEnvironment:
    @pytest.mark.parametrize("name", ["production", "staging"])
    def test_shows_no_cause_and_keeps_cookies_to_tls(self, name):
        found = load({**GIVEN, "ENVIRONMENT": name})

        assert (found.ERROR_DETAILS, found.COOKIE_SECURE) == (False, True)

    def test_of_a_developer_shows_causes(self):
        assert load({**GIVEN, "ENVIRONMENT": "development"}).ERROR_DETAILS

    def test_is_production_unless_said_otherwise(self):
        assert load(GIVEN).ENVIRONMENT == "production"

    def test_that_nobody_knows_is_refused(self):
        assert "ENVIRONMENT" in fault(ENVIRONMENT="prod")

    def test_gives_way_to_a_setting_that_is_given(self):
        given = {**GIVEN, "ENVIRONMENT": "development", "ERROR_DETAILS": "false"}

        assert load(given).ERROR_DETAILS is False

    def test_never_turns_on_the_debugger(self, app):
        assert app.debug is False
        assert all("DEBUG" not in table for table in BY_ENVIRONMENT.values())

    def test_decides_nothing_elsewhere_in_the_code(self, root):
        asking = [
            path.name
            for path in (root / "dashboard").rglob("*.py")
            if '== "production"' in path.read_text()
            or '== "development"' in path.read_text()
        ]

        assert not asking


class TestKept:
    def test_settings_fill_what_the_environment_lacks(self, tmp_path):
        kept = f"SECRET_KEY={SECRET}\nMONGODB_URI={NOWHERE}\nAPI_PORT=9000\n"
        (tmp_path / "phishnet.env").write_text(kept)

        found = load({"VAR_DIR": str(tmp_path), "API_PORT": "9001"})
        assert found.MONGODB_URI.get_secret_value() == NOWHERE
        assert found.API_PORT == 9001

    def test_settings_are_never_changed_afterwards(self):
        with pytest.raises(ValidationError):
            load(GIVEN).API_PORT = 1

    @pytest.mark.parametrize(
        ("alias", "name"), [("MONGO_URL", "MONGODB_URI"), ("BACKEND_PORT", "API_PORT")]
    )
    def test_other_names_are_understood(self, alias, name):
        values = {"MONGO_URL": NOWHERE, "BACKEND_PORT": "8123"}
        environ = {k: v for k, v in GIVEN.items() if k != name}

        found = getattr(load({**environ, alias: values[alias]}), name)
        assert str(getattr(found, "get_secret_value", lambda: found)()) == values[alias]

    def test_every_setting_has_a_name_in_capitals_and_a_default_or_is_required(self):
        required = {n for n, f in Settings.model_fields.items() if f.is_required()}

        assert required == {"SECRET_KEY", "MONGODB_URI"}
        assert all(name.isupper() for name in Settings.model_fields)


class TestConnection:
    @pytest.fixture
    def options(self, app):
        """The options of a client made from the environment given."""
        shared = app.extensions["settings"]

        def made(**environ):
            connection.disconnect()
            return connection.connect(load({**GIVEN, **environ})).options

        yield made
        connection.disconnect()
        connection.connect(shared)

    def test_keeps_between_5_and_20_by_default(self, options):
        pool = options().pool_options

        assert (pool.min_pool_size, pool.max_pool_size) == (5, 20)

    def test_keeps_as_many_as_the_environment_says(self, options):
        pool = options(DB_MIN_POOL_SIZE="10", DB_MAX_POOL_SIZE="100").pool_options

        assert (pool.min_pool_size, pool.max_pool_size) == (10, 100)

    def test_refuses_a_minimum_above_the_maximum(self):
        assert "DB_MIN_POOL_SIZE" in fault(DB_MIN_POOL_SIZE="30")

    def test_drops_what_was_idle_for_five_minutes(self, options):
        assert options().pool_options.max_idle_time_seconds == 300
        changed = options(DB_MAX_IDLE_TIME_MS="60000")
        assert changed.pool_options.max_idle_time_seconds == 60

    def test_waits_no_longer_than_it_says(self, options):
        found = options()

        assert found.server_selection_timeout == 5
        assert found.pool_options.socket_timeout == 45
        assert found.pool_options.wait_queue_timeout == 2

    def test_writes_to_the_majority_and_the_journal_and_retries(self, options):
        found = options()

        assert found.retry_writes
        assert found.write_concern.document == {"w": "majority", "j": True}

    @pytest.mark.parametrize(
        "uri",
        [
            "mongodb://user:pass@one.example.net:27017,two.example.net/db?tls=true",
            "mongodb+srv://user:pass@cluster.example.net/?retryWrites=true",
        ],
    )
    def test_takes_local_and_hosted_addresses(self, uri):
        assert load({**GIVEN, "MONGODB_URI": uri})

    def test_has_what_it_needs_to_look_up_a_hosted_address(self, monkeypatch):
        asked = []

        class Resolver:
            def __init__(self, *arguments, **_options):
                asked.append(arguments[0])

            def get_hosts_and_min_ttl(self):
                return [("db.example.net", 27017)], 60

            def get_hosts(self):
                return [("db.example.net", 27017)]

            def get_options(self):
                return None

        monkeypatch.setattr("pymongo.synchronous.uri_parser._SrvResolver", Resolver)
        found = parse_uri("mongodb+srv://cluster.example.net/")
        assert asked == ["cluster.example.net"]
        assert found["nodelist"] == [("db.example.net", 27017)]


def test_placeholders_are_compared_whatever_their_case():
    loud = "Q8ZR3VLX0TNW6YKD1HSB5MJC9PFG2AUE-PLACEHOLDER"

    with pytest.raises(ValidationError):
        Settings(SECRET_KEY=SecretStr(loud), MONGODB_URI=SecretStr(NOWHERE))
    assert config.SECRET_BYTES == 32


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("192.0.2.1", ("192.0.2.1",)),
        ("192.0.2.1:5353, 2001:db8::1", ("192.0.2.1:5353", "2001:db8::1")),
        ("[2001:db8::1]:5353", ("[2001:db8::1]:5353",)),
        ("", ()),
    ],
)
def test_servers_of_names_are_addresses_and_perhaps_a_port(written, expected):
    assert expected == load({**GIVEN, "DNS_SERVERS": written}).DNS_SERVERS


@pytest.mark.parametrize(
    "written", ["dns.example.org", "192.0.2.1:0", "192.0.2.1:x", "[2001:db8::1]:99999"]
)
def test_a_server_of_names_that_is_no_address_is_refused(written):
    assert "DNS_SERVERS" in fault(DNS_SERVERS=written)


def test_nobody_is_asked_unless_the_settings_say_so():
    assert not load(GIVEN).DNS_CHECKS
