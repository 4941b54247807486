"""Logs: one line per event on standard error, without personal data; no request bodies, no query strings."""

from escale.config import env

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.choice("ESCALE_LOG_LEVEL", "WARNING", *LEVELS)},
    "loggers": {
        "escale": {"level": env.choice("ESCALE_LOG_LEVEL", "INFO", *LEVELS)},
        "httpx": {"level": "WARNING"},
        "zeep": {"level": "WARNING"},
    },
}
