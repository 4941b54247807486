"""Logs: one line per event on standard error, without personal data; no request bodies, no query strings."""

from escale.config import env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("ESCALE_LOG_LEVEL", "WARNING")},
    "loggers": {
        "escale": {"level": env.text("ESCALE_LOG_LEVEL", "INFO")},
        "httpx": {"level": "WARNING"},
        "zeep": {"level": "WARNING"},
    },
}
