"""SQLite embedded by default; PostgreSQL through ESCALE_DATABASE_URL (postgresql://user:password@host:port/name)."""

from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from escale.config import env
from escale.config.settings.base import DATA_DIR


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: str) -> dict[str, object]:
    return {
        "ENGINE": "escale.config.sqlite",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": f"{path}.test"},
    }


def _database(url: str) -> dict[str, object]:
    if url.startswith("postgresql://"):
        return _postgresql(url)
    if url.startswith("sqlite:///"):
        return _sqlite(url.removeprefix("sqlite:///"))
    raise ImproperlyConfigured("ESCALE_DATABASE_URL must start with postgresql:// or sqlite:///.")


DATABASES = {"default": _database(env.text("ESCALE_DATABASE_URL", f"sqlite:///{DATA_DIR / 'escale.sqlite3'}"))}
