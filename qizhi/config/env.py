"""What the operator may set from outside: environment variables that begin with QIZHI_."""

import os
import secrets
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Env(BaseSettings):
    """All settings of an installation; a malformed value stops the start and names every mistake at once."""

    model_config = SettingsConfigDict(env_prefix="QIZHI_", extra="ignore", populate_by_name=True)

    data_dir: Path = Field(
        default=Path("var"),
        validation_alias=AliasChoices("QIZHI_DATA"),
        description="Folder of database and files",
    )
    database_url: str = Field(
        default="",
        pattern=r"^(postgres(ql)?://.*)?$",
        description="postgresql://…; empty means SQLite in the data folder",
    )
    port: int = Field(default=8000, ge=1, le=65535, validation_alias=AliasChoices("PORT", "QIZHI_PORT"))
    host: str = "127.0.0.1"
    allowed_hosts: list[str] = ["127.0.0.1", "localhost", "[::1]"]
    trusted_origins: list[str] = []
    https: bool = Field(default=False, description="Served over HTTPS: secure cookies, HSTS, redirect")
    behind_proxy: bool = Field(default=False, description="A reverse proxy sets X-Forwarded-For and -Proto")
    web_workers: int = Field(default=2, ge=1, le=64)
    web_threads: int = Field(default=4, ge=1, le=64)
    cipher: Literal["aes-256-gcm", "sm4-gcm"] = "aes-256-gcm"
    digest: Literal["sha256", "sm3"] = "sha256"
    clamd_socket: str = Field(default="", description="Socket of a clamd virus scanner; empty means none")
    oidc_issuer: str = Field(
        default="", description="Address of an OpenID Connect provider; empty means none"
    )
    oidc_client_id: str = ""
    oidc_client_secret_file: Path | None = None
    oidc_name: str = "统一身份认证"
    session_hours: int = Field(default=8, ge=1, le=24)
    public_per_hour: int = Field(
        default=600, ge=0, description="Matters that one network address may bring per hour; 0 means no limit"
    )
    demo: bool = Field(default=False, description="This is a demonstration database: a banner says so")
    testing: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def secrets_dir(self) -> Path:
        """The folder of key files, outside the database, readable by the owner only."""
        return self.data_dir / "secrets"

    @property
    def files_dir(self) -> Path:
        """The folder of uploaded files."""
        return self.data_dir / "files"


def secret_file(folder: Path, name: str) -> str:
    """Return the secret kept in `folder/name`, making it with mode 0600 on the first run.

    Two processes that start at once agree: only one can create the file, the other reads it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    draft = folder / f".{name}.{os.getpid()}"
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def origin(address: str) -> str:
    """Return scheme, host and port of a web address, as a content policy names them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def database(env: Env) -> dict[str, object]:
    """Return Django's settings of the default database.

    SQLite is opened in WAL mode with full synchronisation and immediate write transactions, for which writers queue
    (`kit.sqlite`). The log is written back every 16 MB: with what a matter changes, the default of 4 MB is reached
    after a dozen writes, most of them to the same pages. Each connection keeps few pages of its own: there is one for
    every thread, and the system keeps the file in memory once for all of them.

    **Source:** `architecture.md` §9; `stack.md` §4.
    """
    if not env.database_url:
        return {
            "ENGINE": "qizhi.kernel.kit.sqlite",
            "NAME": env.data_dir / "qizhi.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;"
                    "PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY"
                ),
            },
            "CONN_MAX_AGE": None,
            # A file, not memory: several connections of one test must meet in the same database.
            "TEST": {"NAME": env.data_dir / "test.sqlite3"} if env.testing else {},
        }
    url = urlsplit(env.database_url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or "") or dict(parse_qsl(url.query)).get("host", ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
