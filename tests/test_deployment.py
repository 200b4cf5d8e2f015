"""The files that deploy the product: what they promise, and that settings exist."""

import ast
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml
from flask import Flask
from werkzeug.serving import make_server

from dashboard.config import ROOT, Settings, load

SECRETS = {
    "SECRET_KEY": "q8Zr3vLx0TnW6yKd1HsB5mJc9PfG2aUe",
    "MONGO_PASSWORD": "k3Tq9Zv7Lx2Nw8Yd",
    "MONGO_REPLICA_KEY": "r5Bn1Hs6Jm4Pf0Ga",
    "REDIS_PASSWORD": "u7Ce3Wk9Xt2Vy6Qz",
    "PHISHNET_HOST": "phishnet.example.org",
}
OURS = ("web", "worker", "beat")
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}")
NAME = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b")
# Read by others than us: the images of the database and the broker, and gunicorn.
FOREIGN = {
    *("MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD", "REPLICA_KEY"),
    *("REDISCLI_AUTH", "GUNICORN_CMD_ARGS", "PYTHONUNBUFFERED"),
    "PYTHONDONTWRITEBYTECODE",
}
NO_SETTINGS = {"NAME_FILE", "SECRET_KEY_FILE"}
DOCUMENTS = ["README.md", "docs/operators.md", "compose.yaml", "Dockerfile"]


class Missing(Exception):
    """A variable that must be given is not."""


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile, one instruction a pair."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    told = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, _space, rest in told]


def of(name: str) -> list[str]:
    return [rest for known, rest in instructions() if known == name]


def filled(text: str, environ: dict[str, str]) -> str:
    """The text with its variables put in, as `docker compose` does it."""

    def put(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name, how, rest = found[1], found[2], found[3]
        if how == "?" and not environ.get(name):
            raise Missing(name)
        return environ.get(name) or (rest if how == "-" else "")

    return VARIABLE.sub(put, text)


def compose(environ: dict[str, str] | None = None) -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text()
    return yaml.safe_load(filled(text, SECRETS if environ is None else environ))


def service(name: str) -> dict[str, Any]:
    return compose()["services"][name]


def known() -> set[str]:
    """Every variable that something reads."""
    files = [*(ROOT / "dashboard").rglob("*.py"), ROOT / "gunicorn.conf.py"]
    code = "\n".join(path.read_text() for path in files)
    read = set(re.findall(r'environ\.get\("(\w+)"', code))
    given = {name for name, _how, _rest in VARIABLE.findall(text_of("compose.yaml"))}
    return set(Settings.model_fields) | {"MONGO_URL"} | read | given | FOREIGN


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


def assigned(name: str) -> set[str]:
    """The names a module of ours makes at its top."""
    nodes = [n for n in ast.parse(text_of(name)).body if isinstance(n, ast.Assign)]
    return {t.id for n in nodes for t in n.targets if isinstance(t, ast.Name)}


def is_ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path from the builder; the last line wins."""
    ignored = False
    for line in text_of(".dockerignore").splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and is_within(path, pattern):
            ignored = not line.startswith("!")
    return ignored


def is_within(path: str, pattern: str) -> bool:
    parts = path.split("/")
    above = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return any(fnmatch(name, pattern.removeprefix("**/")) for name in above)


class TestImage:
    def test_is_a_slim_python_3_11(self):
        assert of("FROM")[-1] == "python:3.11-slim"

    def test_has_its_front_end_made_in_a_stage_with_node(self):
        assert any(stage.startswith("node:") for stage in of("FROM")[:-1])
        assert any("--from=assets" in rest for rest in of("COPY"))

    def test_runs_as_nobody_of_importance(self):
        last = [name for name, _rest in instructions()].index("USER")

        assert of("USER") == ["phishnet"]
        assert "RUN" not in [name for name, _rest in instructions()[last:]]

    def test_asks_for_its_health_as_it_should(self):
        (check,) = of("HEALTHCHECK")
        told = dict(re.findall(r"--([a-z-]+)=(\w+)", check))

        assert told == {
            "interval": "30s",
            "timeout": "10s",
            "start-period": "5s",
            "retries": "3",
        }

    def test_is_started_by_the_server_of_the_product(self):
        (command,) = of("CMD")
        words = yaml.safe_load(command)

        assert (words[0], words[-1]) == ("gunicorn", "wsgi:app")
        assert (ROOT / words[words.index("--config") + 1]).is_file()
        assert "app" in assigned("wsgi.py")

    def test_copies_what_is_there_and_reaches_the_builder(self):
        copied = [shlex.split(rest)[:-1] for rest in of("COPY") if "--from" not in rest]
        for path in (path for paths in copied for path in paths):
            assert (ROOT / path).exists(), path
            assert not is_ignored(path), path

    @pytest.mark.parametrize(
        "path",
        [".env", ".git/config", "var/phishnet.env", "tests/messages/a.eml", ".venv/x"],
    )
    def test_holds_no_secret_and_nobodys_mail(self, path):
        assert is_ignored(path)
        assert not [name for name, _rest in instructions() if name == "ARG"]


class TestHealthCheck:
    @pytest.fixture
    def port(self, app: Flask) -> Iterator[int]:
        """Where the product answers for a while."""
        server = make_server("127.0.0.1", 0, app, threaded=True)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server.port
        server.shutdown()
        serving.join()
        server.server_close()

    def ask(self, **environ: str) -> int:
        command = of("HEALTHCHECK")[0].partition("CMD")[2]
        words = [sys.executable, *yaml.safe_load(command)[1:]]
        return subprocess.run(words, env=environ, capture_output=True).returncode

    def test_is_content_while_the_web_process_answers(self, port):
        assert self.ask(API_PORT=str(port)) == 0
        assert self.ask(API_PORT=str(port), TRUSTED_HOSTS="localhost,other.test") == 0

    def test_is_not_when_nobody_does(self):
        assert self.ask(API_PORT="9") != 0


class TestCompose:
    def test_has_every_part(self):
        assert set(compose()["services"]) == {*OURS, "mongo", "redis"}
        assert service("mongo")["image"] == "mongo:6"
        assert service("redis")["image"] == "redis:7-alpine"

    def test_runs_one_image_by_different_commands(self):
        assert len({service(name)["image"] for name in OURS}) == 1
        assert all(service(name)["build"] == "." for name in OURS)

    @pytest.mark.parametrize("secret", SECRETS)
    def test_refuses_to_start_without_each_secret(self, secret):
        given = {name: value for name, value in SECRETS.items() if name != secret}

        with pytest.raises(Missing, match=secret):
            compose(given)
        with pytest.raises(Missing, match=secret):
            compose({**given, secret: ""})

    def test_holds_no_default_for_a_secret(self):
        for name, how, rest in VARIABLE.findall(text_of("compose.yaml")):
            is_secret = re.search("PASSWORD|KEY|SECRET", name)
            assert not is_secret or (how == "?" and rest), name
        assert "password123" not in text_of("compose.yaml")

    def test_waits_for_database_and_broker_to_be_healthy(self):
        healthy = {"condition": "service_healthy"}
        for name in OURS:
            assert service(name)["depends_on"] == {"mongo": healthy, "redis": healthy}
        assert service("mongo")["healthcheck"]["test"]
        assert service("redis")["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]

    def test_asks_the_web_for_its_health(self):
        check = service("web")["healthcheck"]

        assert "/health/ping" in check["test"][-1]
        assert [check[name] for name in ("interval", "timeout", "start_period")] == [
            *("30s", "10s", "5s"),
        ]

    def test_keeps_data_in_volumes_it_declares(self):
        used = {
            volume.partition(":")[0]
            for each in compose()["services"].values()
            for volume in each.get("volumes", [])
        }

        assert used == set(compose()["volumes"])
        assert "mongo:/data/db" in service("mongo")["volumes"]

    def test_opens_nothing_but_the_web_and_that_to_this_host(self):
        opened = {
            n: s["ports"] for n, s in compose()["services"].items() if "ports" in s
        }

        assert opened == {"web": ["127.0.0.1:8000:8000"]}
        assert compose()["networks"]["inside"] == {"internal": True}

    @pytest.mark.parametrize("name", OURS)
    def test_gives_settings_the_product_accepts(self, name, tmp_path):
        given = {k: str(v) for k, v in service(name)["environment"].items()}

        settings = load({**given, "VAR_DIR": str(tmp_path)})
        assert settings.SECRET_KEY.get_secret_value() == SECRETS["SECRET_KEY"]
        assert settings.TRUSTED_HOSTS == ("localhost", "phishnet.example.org")
        assert settings.broker_url.startswith("redis://:u7Ce")

    @pytest.mark.parametrize("name", ["worker", "beat"])
    def test_starts_celery_as_the_product_has_it(self, name):
        words = service(name)["command"]

        assert words[:4] == ["celery", "-A", "wsgi:celery", name]
        assert "celery" in assigned("wsgi.py")

    def test_lets_the_broker_ask_for_its_password(self):
        words = service("redis")["command"]

        assert words[words.index("--requirepass") + 1] == SECRETS["REDIS_PASSWORD"]


class TestSettings:
    @pytest.mark.parametrize("document", DOCUMENTS)
    def test_that_are_named_are_read_by_something(self, document):
        named = set(NAME.findall(text_of(document)))

        assert sorted(named - known() - NO_SETTINGS) == []

    def test_of_compose_are_explained_to_operators(self):
        told = text_of("docs/operators.md")
        asked = {
            name for name, _how, _rest in VARIABLE.findall(text_of("compose.yaml"))
        }

        assert sorted(name for name in asked if name and f"{name}" not in told) == []

    def test_of_code_that_are_no_settings_are_explained_as_well(self):
        read = {"WEB_CONCURRENCY", "WORKER_ALIVE_FILE", "BACKEND_PORT"}

        assert sorted(read - set(NAME.findall(text_of("docs/operators.md")))) == []
