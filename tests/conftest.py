"""What every test may ask for: a real database, the app, and a checking browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from pymongo import DeleteMany

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.documents import connection, pace, schema
from dashboard.documents.counters import histogram
from dashboard.extensions import limiter
from dashboard.services import organisation
from dashboard.standalone import running_database
from dashboard.standalone.child import Child
from dashboard.standalone.database import free_port, server_at
from tests import factories
from tests.browser import Browser
from tests.written import Written

# Files are handed out whole, in this order: what waits runs beside what works, and
# nothing long comes last. The rest follows, as chance has it.
ORDER = (
    *("test_kill.py", "test_injection.py", "test_routes.py", "test_standalone.py"),
    *("test_hostile_mail.py", "test_accessible.py", "test_demo.py", "flows"),
    *("test_health.py", "standalone", "test_real_server.py", "test_pages_cost.py"),
    "test_pace.py",
)

SECRET = "q8Zr3vLx0TnW6yKd1HsB5mJc9PfG2aUe"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; among equals the order stays random."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, bool]:
    turns = [n for n, name in enumerate(ORDER) if name in item.path.parts]
    return min(turns, default=len(ORDER)), "ends" in item.keywords


@pytest.fixture(scope="session")
def database_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One database server for this test process."""
    folder = tmp_path_factory.mktemp("database") / "server"
    with running_database(folder, sync=False) as uri:
        yield uri


@pytest.fixture(scope="session")
def settings(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a product that nobody else uses."""
    folder = tmp_path_factory.mktemp("var")
    return Settings(
        ENVIRONMENT="test",
        SECRET_KEY=SecretStr(SECRET),
        MONGODB_URI=SecretStr(database_uri),
        MONGODB_DATABASE="phishnet_test",
        CELERY_BROKER_URL=SecretStr(f"files://{folder / 'queue'}"),
        VAR_DIR=folder,
        SIGN_IN_LIMIT="1000/minute",
        DB_MIN_POOL_SIZE=0,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The app, connected, with every collection and index in place."""
    app = create_app(settings)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    connection.connect(settings)
    schema.prepare()
    yield app
    connection.disconnect()


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask's shared context would carry one client's user to the next."""


@pytest.fixture(scope="session")
def written(app: Flask) -> Iterator[Written]:
    """Which collections hold rows; in the end, none does."""
    written = Written(schema.names())
    stop = connection.monitor.observe(written)
    yield written
    stop()
    database = connection.database()
    left = [name for name in schema.names() if database[name].find_one({})]
    assert not left, f"rows that no test knows of: {left}"


@pytest.fixture
def database(app: Flask, settings: Settings, written: Written) -> Iterator[None]:
    """An empty database; what the test wrote is gone afterwards."""
    yield
    if names := written.taken():
        places = [f"{settings.MONGODB_DATABASE}.{name}" for name in names]
        connection.client().bulk_write([DeleteMany({}, namespace=at) for at in places])
        written.forget()
    histogram.forget()
    pace.forget()
    organisation.forget()
    limiter.reset()


@pytest.fixture
def client(app: Flask, database: None) -> FlaskClient:
    """A stranger's browser, unchecked."""
    return app.test_client()


@pytest.fixture
def stranger(app: Flask, database: None) -> Browser:
    """A browser that is not signed in."""
    return Browser(app.test_client())


@pytest.fixture
def analyst(app: Flask, database: None) -> Browser:
    """A browser in which an analyst is signed in."""
    return factories.signed_in(app, "analyst")


@pytest.fixture
def viewer(app: Flask, database: None) -> Browser:
    """A browser in which a viewer is signed in."""
    return factories.signed_in(app, "viewer")


@pytest.fixture
def auditor(app: Flask, database: None) -> Browser:
    """A browser in which an auditor is signed in."""
    return factories.signed_in(app, "auditor")


@pytest.fixture
def admin(app: Flask, database: None) -> Browser:
    """A browser in which an administrator is signed in."""
    return factories.signed_in(app, "admin")


@pytest.fixture
def root() -> Path:
    """The top folder of the project."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="module")
def own_uri() -> str:
    """The address of a database beside that of the other tests."""
    return f"mongodb://127.0.0.1:{free_port()}/?directConnection=true"


@pytest.fixture(scope="module")
def server(own_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    """The server of that database, which a test may stop."""
    child = server_at(tmp_path_factory.mktemp("own"), own_uri, sync=False)
    yield child
    child.kill_group()


@pytest.fixture
def own(app: Flask, database: None, own_uri: str, server: Child) -> Iterator[Child]:
    """That database, running whatever the test before did; the app is moved to it."""
    shared = app.extensions["settings"]
    away = {"DB_SERVER_SELECTION_TIMEOUT_MS": 500, "MONGODB_URI": SecretStr(own_uri)}
    if server.is_dead:
        server.start()
        server.wait()
    connection.disconnect()
    connection.connect(shared.model_copy(update=away))
    yield server
    connection.disconnect()
    connection.connect(shared)
