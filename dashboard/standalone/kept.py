"""What is made once and kept in var/phishnet.env, where every command finds it."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from dashboard.standalone.database import LOOPBACK, USER, free_port

NAME = "phishnet.env"
DATABASE_SETTINGS = ("MONGODB_URI", "MONGO_URL")
BROKER_SETTINGS = ("CELERY_BROKER_URL", "REDIS_URL")

# Ours to write; every other line of the file is the reader's own and stays.
WRITTEN = (
    *("SECRET_KEY", "ENCRYPTION_KEYS", "MONGODB_DATABASE", "MONGODB_URI"),
    *("CELERY_BROKER_URL", "DATABASE_PASSWORD", "DATABASE_PORT"),
)


def is_given(names: tuple[str, ...], environ: Mapping[str, str]) -> bool:
    """Whether the environment has one of the settings, or names a file with it."""
    return any(environ.get(name) or environ.get(f"{name}_FILE") for name in names)


def keep(directory: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the kept settings, having made those that were missing.

    The addresses of the embedded database and broker are in it only while they are
    used: what the environment gives instead must not be hidden by the file.
    """
    path = directory / NAME
    kept = read(path)
    settings = {name: kept.get(name) or make() for name, make in MAKERS.items()}
    if not is_given(DATABASE_SETTINGS, environ):
        settings["MONGODB_URI"] = database_uri(settings)
    if not is_given(BROKER_SETTINGS, environ):
        settings["CELERY_BROKER_URL"] = f"files://{directory}/queue"
    others = {name: value for name, value in kept.items() if name not in WRITTEN}
    if {**settings, **others} != kept:
        write(path, {**settings, **others})
    return {**settings, **others}


def move_database(directory: Path) -> None:
    """Give the embedded database another port, for its own is somebody else's now."""
    path = directory / NAME
    write(path, {**read(path), "DATABASE_PORT": str(free_port())})


def database_uri(settings: Mapping[str, str]) -> str:
    password, port = settings["DATABASE_PASSWORD"], settings["DATABASE_PORT"]
    return f"mongodb://{USER}:{password}@{LOOPBACK}:{port}/?directConnection=true"


def read(path: Path) -> dict[str, str]:
    """Return the file's settings, or none where there is no file."""
    if not path.is_file():
        return {}
    lines = (line.partition("=") for line in path.read_text().splitlines())
    return {name.strip(): value.strip() for name, found, value in lines if found}


def write(path: Path, settings: Mapping[str, str]) -> None:
    """Replace the file, readable by its owner alone, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f"{name}={value}\n" for name, value in settings.items())
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def _new_encryption_keys() -> str:
    """Return a key ring of one: its number, a colon, 256 random bits."""
    return "1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


# Hexadecimal, so that no secret can happen to contain a word that is refused.
MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_hex(32),
    "ENCRYPTION_KEYS": _new_encryption_keys,
    "MONGODB_DATABASE": lambda: "phishnet",
    "DATABASE_PASSWORD": lambda: secrets.token_hex(24),
    "DATABASE_PORT": lambda: str(free_port()),
}
