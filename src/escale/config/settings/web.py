"""Middleware, templates, static files, the design system of the State."""

from pathlib import Path

from escale.config import env
from escale.config.settings.base import DATA_DIR, MODE

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("ESCALE_STATIC_ROOT", str(DATA_DIR / "static")))
# Static files leave as they were compressed at their collection; a test that collected none asks for none.
_STATIC_FILES = [] if MODE == "test" and not STATIC_ROOT.is_dir() else ["whitenoise.middleware.WhiteNoiseMiddleware"]
WHITENOISE_ALLOW_ALL_ORIGINS = False

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    *_STATIC_FILES,
    "escale.ui.compression.CompressionMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "escale.ui.headers.DevicesMiddleware",
    "escale.ui.sites.SiteMiddleware",
    "escale.ui.sessions.SiteSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "escale.ui.guards.GuardMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "escale.ui.context.site",
            ],
            "libraries": {"dsfr_tags": "escale.ui.templatetags.dsfr_marks"},
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# The tags of django-dsfr are ours above, with one of them changed: Django warns of every name that is given twice.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "escale.ui.static_files.Pruned" if MODE == "test" else "escale.ui.static_files.Shipped"},
}
# "state" shows the design system of the State (reserved to State sites); "neutral" leaves out its brand and its font.
THEME = env.choice("ESCALE_THEME", "state", "state", "neutral")
DSFR_USE_INTEGRITY_CHECKSUMS = False  # hashed files are rewritten: the published checksums no longer match
DSFR_MARK_OPTIONAL_FIELDS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 60_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 12_000_000

# Public figures are counted anew every few minutes, by each process for itself; tests count each time.
_CACHE = "dummy.DummyCache" if MODE == "test" else "locmem.LocMemCache"
CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{_CACHE}"}}
