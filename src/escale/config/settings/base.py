"""Where we are and in which mode."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from escale.config import env

MODE = env.text("ESCALE_MODE", "demo")
if MODE not in {"demo", "production", "test"}:
    raise ImproperlyConfigured("ESCALE_MODE must be demo, production or test.")
PRODUCTION = MODE == "production"
DATA_DIR = Path(env.text("ESCALE_DATA_DIR", "var")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
WSGI_APPLICATION = "escale.config.wsgi.application"
ROOT_URLCONF = "escale.config.urls.portal"

# The three sites, told apart by the Host header (see ui.sites).
SITES = {
    "portal": env.text("ESCALE_PORTAL_URL", "http://127.0.0.1:8000"),
    "reception": env.text("ESCALE_RECEPTION_URL", "http://127.0.0.1:8001"),
    "desk": env.text("ESCALE_DESK_URL", "http://127.0.0.1:8002"),
}
SITE_URLCONFS = {name: f"escale.config.urls.{name}" for name in SITES}
SIMULATORS_URL = env.text("ESCALE_SIMULATORS_URL", "http://127.0.0.1:8100")
