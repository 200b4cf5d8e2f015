"""What is made once and kept."""

import stat

import pytest

from dashboard.config import load
from dashboard.standalone import kept


def test_secrets_are_made_once(tmp_path):
    first = kept.keep(tmp_path, {})
    assert kept.keep(tmp_path, {}) == first
    assert kept.read(tmp_path / "phishnet.env") == first


def test_two_products_share_no_secret(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = kept.keep(tmp_path / "a", {}), kept.keep(tmp_path / "b", {})
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_PASSWORD"):
        assert one[name] != other[name]


def test_only_the_owner_may_read_them(tmp_path):
    kept.keep(tmp_path, {})
    mode = (tmp_path / "phishnet.env").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_settings_are_read_from_the_file(tmp_path):
    made = kept.keep(tmp_path, {})
    settings = load({"VAR_DIR": str(tmp_path)})
    assert settings.SECRET_KEY.get_secret_value() == made["SECRET_KEY"]
    assert settings.MONGODB_URI.get_secret_value() == made["MONGODB_URI"]
    assert settings.MONGODB_DATABASE == "phishnet"
    assert settings.broker_url == f"files://{tmp_path}/queue"


def test_a_line_the_reader_added_stays(tmp_path):
    kept.keep(tmp_path, {})
    with (tmp_path / "phishnet.env").open("a") as file:
        file.write("TRUSTED_SERVERS=mx.example.org\n")
    kept.keep(tmp_path, {"MONGODB_URI": "mongodb://db.example.org/"})
    assert load_line(tmp_path, "TRUSTED_SERVERS") == "mx.example.org"


@pytest.mark.parametrize("name", ["MONGODB_URI", "MONGO_URL", "MONGODB_URI_FILE"])
def test_a_database_that_is_given_is_not_hidden_by_the_file(tmp_path, name):
    kept.keep(tmp_path, {})
    kept.keep(tmp_path, {name: "mongodb://db.example.org/"})
    assert load_line(tmp_path, "MONGODB_URI") is None


def test_a_broker_that_is_given_is_not_hidden_by_the_file(tmp_path):
    kept.keep(tmp_path, {})
    given = {"REDIS_URL": "redis://127.0.0.1:6379/3", "VAR_DIR": str(tmp_path)}
    kept.keep(tmp_path, given)
    assert load(given).broker_url == "redis://127.0.0.1:6379/3"


def test_the_embedded_database_comes_back_with_its_password(tmp_path):
    made = kept.keep(tmp_path, {})
    kept.keep(tmp_path, {"MONGODB_URI": "mongodb://db.example.org/"})
    assert kept.keep(tmp_path, {}) == made


def test_moving_the_database_changes_its_port_and_nothing_else(tmp_path):
    before = kept.keep(tmp_path, {})
    kept.move_database(tmp_path)
    after = kept.keep(tmp_path, {})
    assert after["DATABASE_PORT"] != before["DATABASE_PORT"]
    assert after["DATABASE_PORT"] in after["MONGODB_URI"]
    assert after["DATABASE_PASSWORD"] == before["DATABASE_PASSWORD"]


def load_line(directory, name):
    return kept.read(directory / "phishnet.env").get(name)
