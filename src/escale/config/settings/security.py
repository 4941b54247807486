"""Keys, sessions, headers. Production refuses the demonstration's keys (see config.checks)."""

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from escale.config import env
from escale.config.settings.base import PRODUCTION, SITES
from escale.vault.master_keys import parsed

SECRET_KEY = env.text("ESCALE_SECRET_KEY", None if PRODUCTION else "demonstration-only-key-not-for-production-use-0001")
# Secrets that came before, separated by commas: what they sealed or signed is still read, nothing new is.
SECRET_KEY_FALLBACKS = [key for key in env.text("ESCALE_SECRET_KEY_OLD", "").split(",") if key]
# Master keys that wrap each case's key: `id:base64` of 32 bytes, several separated by commas, the first one in use.
VAULT_KEYS = env.text("ESCALE_VAULT_KEYS", None if PRODUCTION else "demo:ZGVtby1vbmx5LW1hc3Rlci1rZXktbm90LXNlY3JldCE=")
try:
    parsed(VAULT_KEYS)
except ValueError as unusable:
    raise ImproperlyConfigured(f"{unusable} See docs/operations.md.") from None
# Key of the search indexes over sealed values (passport numbers, waybills).
INDEX_KEY = env.text("ESCALE_INDEX_KEY", None if PRODUCTION else "demonstration-index-key")
# Signs the anchors of the chains (`escale anchor`): 32 bytes in base64. No other process of production needs it.
ANCHOR_KEY = env.text("ESCALE_ANCHOR_KEY", "" if PRODUCTION else "ZGVtb25zdHJhdGlvbi1hbmNob3Ita2V5LW5vdC1zZSE=")

ALLOWED_HOSTS = ["*"] if not PRODUCTION else [url.split("//")[1].split(":")[0].split("/")[0] for url in SITES.values()]
CSRF_TRUSTED_ORIGINS = list(SITES.values())
CSRF_FAILURE_VIEW = "escale.ui.errors.csrf_failure"
SECURE_COOKIES = all(url.startswith("https://") for url in SITES.values())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 60
# The longest life of a session, however much it is used.
SESSION_LONGEST_SECONDS = 12 * 3600
# Sessions that one person may have open on one site; one more ends the oldest.
SESSION_MOST = env.number("ESCALE_SESSION_MOST", 5, least=1)
SESSION_ENGINE = "escale.ui.sessions"
CSRF_USE_SESSIONS = False
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("ESCALE_BEHIND_PROXY", default=False) else None
)
# Proxies of ours between the Internet and the sites: each appends the address it was called from to X-Forwarded-For.
TRUSTED_PROXIES = env.number("ESCALE_TRUSTED_PROXIES", 0, least=0)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "media-src": [CSP.SELF, "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "frame-src": [CSP.SELF],
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Cost of the hash of security numbers: argon2id, RFC 9106 second recommendation; light in tests.
ARGON2_MEMORY_KIB = env.number("ESCALE_ARGON2_MEMORY_KIB", 65536)
# Malware scanner of uploads (ClamAV): `unix:/run/clamav/clamd.ctl` or `tcp:host:port`. Empty: no scanner.
CLAMAV_ADDRESS = env.text("ESCALE_CLAMAV_ADDRESS", "")
