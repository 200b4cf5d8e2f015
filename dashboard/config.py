"""Settings, read once from the environment and never changed afterwards."""

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

ROOT = Path(__file__).resolve().parent.parent

# Values printed in documentation and examples: whoever kept one has no secret.
PLACEHOLDERS = (
    *("secret", "change", "placeholder", "your-", "example", "password"),
    *("thisismyscretkey", "c292a0a3aa32397cdb050e233733900f"),  # others shipped them
)
SECRET_BYTES = 32

# What ENVIRONMENT decides, unless the setting itself is given.
BY_ENVIRONMENT: dict[str, dict[str, Any]] = {
    "production": {"COOKIE_SECURE": True, "ERROR_DETAILS": False},
    "staging": {"COOKIE_SECURE": True, "ERROR_DETAILS": False},
    "development": {"COOKIE_SECURE": True, "ERROR_DETAILS": True},
    "test": {"COOKIE_SECURE": True, "ERROR_DETAILS": False},
}


class ConfigError(Exception):
    """Settings are missing or wrong; the message names every one."""


class Settings(BaseModel):
    """Everything a deployment may vary. Secrets are kept out of `repr`."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, populate_by_name=True, validate_default=True
    )

    ENVIRONMENT: str = Field("production", description="Which defaults apply")
    SECRET_KEY: SecretStr = Field(description="Signs cookies; at least 32 bytes")
    MONGODB_URI: SecretStr = Field(
        validation_alias=AliasChoices("MONGODB_URI", "MONGO_URL"),
        description="Where the database is; mongodb:// or mongodb+srv://",
    )
    MONGODB_DATABASE: str = Field("phishnet", description="Name of the database")
    CELERY_BROKER_URL: SecretStr = Field(
        SecretStr(""), description="Broker; REDIS_URL when empty"
    )
    REDIS_URL: SecretStr = Field(
        SecretStr(""), description="Redis, for the broker and for shared rate limits"
    )

    API_VERSION: str = Field("1.1.0", description="Version of the HTTP API")
    API_HOST: str = Field("127.0.0.1", description="Address the web server binds")
    API_PORT: int = Field(
        8000,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("API_PORT", "BACKEND_PORT"),
        description="Port the web server binds",
    )
    VAR_DIR: Path = Field(ROOT / "var", description="Data of the one-machine mode")
    INBOX_DIR: str = Field("", description="Folder whose files are handed in")
    LOG_LEVEL: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR|CRITICAL)$")

    TRUSTED_HOSTS: tuple[str, ...] = Field(
        ("127.0.0.1", "localhost"), description="Host names answered, comma separated"
    )
    TRUSTED_PROXIES: int = Field(0, ge=0, le=5, description="Proxies in front of us")
    COOKIE_SECURE: bool = Field(True, description="Cookies only over TLS or loopback")
    ERROR_DETAILS: bool = Field(False, description="Show causes; development only")

    SESSION_TIMEOUT_HOURS: int = Field(24, ge=1, le=720, description="Absolute life")
    SESSION_IDLE_MINUTES: int = Field(720, ge=5, description="Ends unused sessions")
    SESSION_ADDRESS: Literal["strict", "network", "off"] = Field(
        "off", description="How far a session may move from where it was begun"
    )
    SIGN_IN_LIMIT: str = Field("10/minute;60/hour", description="A client address")
    UPLOAD_LIMIT: str = Field("600/minute", description="Uploads of one user")

    DB_MIN_POOL_SIZE: int = Field(5, ge=0)
    DB_MAX_POOL_SIZE: int = Field(20, ge=1)
    DB_MAX_IDLE_TIME_MS: int = Field(300_000, ge=1_000)
    DB_SERVER_SELECTION_TIMEOUT_MS: int = Field(5_000, ge=100)
    DB_SOCKET_TIMEOUT_MS: int = Field(45_000, ge=1_000)
    DB_WAIT_QUEUE_TIMEOUT_MS: int = Field(2_000, ge=100)
    DB_OPERATION_SECONDS: float = Field(5.0, gt=0, description="Bounds one request")
    SLOW_QUERY_MS: int = Field(100, ge=1, description="Slower ones are logged")

    MAX_REQUEST_BYTES: int = Field(100 * 1024 * 1024, ge=1024)
    MAX_MESSAGE_BYTES: int = Field(25 * 1024 * 1024, ge=1024)
    MAX_FILES: int = Field(100, ge=1)

    TRUSTED_SERVERS: tuple[str, ...] = Field(
        (), description="Authentication servers whose results are believed"
    )
    OWN_DOMAINS: tuple[str, ...] = Field(
        (), description="The organisation's mail domains"
    )
    EXECUTIVES: tuple[str, ...] = Field(
        (), description="Display names attackers like to borrow"
    )
    DNS_CHECKS: bool = Field(
        False, description="Verify DKIM, ARC and DMARC of messages by DNS"
    )
    DNS_SERVERS: tuple[str, ...] = Field(
        (), description="Whom to ask, `ADDRESS` or `ADDRESS:PORT`; the machine's own"
    )
    YARA_RULES_DIR: str = Field("", description="Folder of your own rules for files")

    @field_validator(
        *("TRUSTED_HOSTS", "TRUSTED_SERVERS", "OWN_DOMAINS", "EXECUTIVES"),
        "DNS_SERVERS",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(item.strip() for item in value.split(",") if item.strip())
        return value

    @field_validator("DNS_SERVERS")
    @classmethod
    def _servers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if all(is_server(server) for server in value):
            return value
        raise ValueError("must be IP addresses, each perhaps with a port")

    @field_validator("ENVIRONMENT")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in BY_ENVIRONMENT:
            raise ValueError(f"must be one of {', '.join(BY_ENVIRONMENT)}")
        return value

    @field_validator("SECRET_KEY")
    @classmethod
    def _strong(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if len(secret.encode()) < SECRET_BYTES:
            raise ValueError(f"must be at least {SECRET_BYTES} bytes")
        if any(word in secret.lower() for word in PLACEHOLDERS):
            raise ValueError("is a placeholder; generate a random one")
        is_repeated = secret in (secret + secret)[1:-1]
        if is_repeated or len(set(secret)) < 10:
            raise ValueError("is too regular to be random")
        return value

    @field_validator("MONGODB_URI")
    @classmethod
    def _uri(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("mongodb://", "mongodb+srv://")):
            raise ValueError("must start with mongodb:// or mongodb+srv://")
        return value

    @model_validator(mode="after")
    def _pool(self) -> Self:
        if self.DB_MIN_POOL_SIZE > self.DB_MAX_POOL_SIZE:
            raise ValueError("DB_MIN_POOL_SIZE is above DB_MAX_POOL_SIZE")
        return self

    @property
    def broker_url(self) -> str:
        """The broker's address: its own setting, else Redis, else loopback Redis."""
        given = self.CELERY_BROKER_URL.get_secret_value()
        return given or self.REDIS_URL.get_secret_value() or "redis://127.0.0.1:6379/0"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise `ConfigError` naming every fault at once.

    A setting missing from the environment is taken from `NAME_FILE` (a file that
    holds it), then from `var/phishnet.env`, which the one-machine mode keeps.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {**_kept(environ), **_from_files(environ), **environ}
    environment = str(values.get("ENVIRONMENT", "production"))
    values = {**BY_ENVIRONMENT.get(environment, {}), **values}
    known = {name for name in values if name in _names()}
    try:
        return Settings.model_validate({name: values[name] for name in known})
    except ValidationError as error:
        raise ConfigError(_explain(error)) from None


def is_server(written: str) -> bool:
    """Whether this is an IP address, and perhaps a port: `[2001:db8::1]:5353`."""
    host, colon, port = written.rpartition(":")
    if not colon or (":" in host and "]" not in host):
        host, port = written, "53"
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return port.isascii() and port.isdecimal() and 0 < int(port) < 65536


def _names() -> set[str]:
    aliases = {"MONGO_URL", "BACKEND_PORT"}
    return set(Settings.model_fields) | aliases


def _kept(environ: Mapping[str, str]) -> dict[str, str]:
    path = Path(environ.get("VAR_DIR", str(ROOT / "var"))) / "phishnet.env"
    if not path.is_file():
        return {}
    lines = (line.partition("=") for line in path.read_text().splitlines())
    return {name.strip(): value.strip() for name, found, value in lines if found}


def _from_files(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removesuffix("_FILE"): Path(path).read_text().strip()
        for name, path in environ.items()
        if name.endswith("_FILE") and name.removesuffix("_FILE") in _names()
    }


def _explain(error: ValidationError) -> str:
    faults = []
    for fault in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in fault["loc"]) or "settings"
        message = fault["msg"].removeprefix("Value error, ")
        missing = fault["type"] == "missing"
        faults.append(f"{name} is not set" if missing else f"{name}: {message}")
    return "Settings are wrong. " + "; ".join(sorted(faults)) + "."
