"""Signs in with PyPI ``django-lasuite`` (MIT, by the State's digital directorate), as one of its services would.

Run by ``test_conformance.py`` in a process of its own: ``with_lasuite.py SETUP``. Prints the address to open, reads the
query of the return, prints the agent it created and where it would sign out, as JSON.
"""

import json
import sys
from urllib.parse import urlencode

import django
from django.conf import settings
from django.core.management import call_command

SETUP = json.loads(sys.argv[1])
HOST = "service.example"

settings.configure(
    SECRET_KEY="one service",
    ALLOWED_HOSTS=[HOST],
    ROOT_URLCONF="lasuite.oidc_login.urls",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["__main__.Backend"],
    OIDC_AUTHENTICATE_CLASS="lasuite.oidc_login.views.OIDCAuthenticationRequestView",
    OIDC_CALLBACK_CLASS="lasuite.oidc_login.views.OIDCAuthenticationCallbackView",
    OIDC_FALLBACK_TO_EMAIL_FOR_IDENTIFICATION=False,
    OIDC_USER_SUB_FIELD="username",
    OIDC_USERINFO_ESSENTIAL_CLAIMS=["siret", "idp_id"],
    OIDC_OP_USER_ENDPOINT_FORMAT="JWT",
    OIDC_RP_SIGN_ALGO="ES256",
    OIDC_RP_CLIENT_ID=SETUP["client_id"],
    OIDC_RP_CLIENT_SECRET=SETUP["client_secret"],
    OIDC_RP_SCOPES="openid given_name usual_name email siret idp_id",
    OIDC_USE_PKCE=True,
    OIDC_PKCE_CODE_CHALLENGE_METHOD="S256",
    OIDC_STORE_ID_TOKEN=True,
    OIDC_TIMEOUT=10,
    OIDC_AUTH_REQUEST_EXTRA_PARAMS={"claims": json.dumps({"id_token": {"amr": {"essential": True}}})},
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{SETUP['issuer']}/authorize",
    OIDC_OP_TOKEN_ENDPOINT=f"{SETUP['issuer']}/token",
    OIDC_OP_USER_ENDPOINT=f"{SETUP['issuer']}/userinfo",
    OIDC_OP_JWKS_ENDPOINT=f"{SETUP['issuer']}/jwks",
    OIDC_OP_LOGOUT_ENDPOINT=f"{SETUP['issuer']}/session/end",
    LOGIN_REDIRECT_URL="/in",
    LOGIN_REDIRECT_URL_FAILURE="/failed",
    LOGOUT_REDIRECT_URL="/out",
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs the settings
from django.test import Client  # noqa: E402 - needs the settings
from lasuite.oidc_login.backends import OIDCAuthenticationBackend  # noqa: E402 - needs the settings


class Backend(OIDCAuthenticationBackend):
    def get_extra_claims(self, user_info):
        return {"first_name": user_info["given_name"], "last_name": user_info["usual_name"]}


def main():
    call_command("migrate", verbosity=0)
    browser = Client(headers={"host": HOST})
    print(json.dumps({"url": browser.get("/authenticate/")["Location"]}), flush=True)
    landed = browser.get(f"/callback/?{urlencode(json.loads(sys.stdin.readline()))}")["Location"]
    agents = list(User.objects.values("username", "first_name", "last_name", "email"))
    farewell = browser.post("/logout/")["Location"] if agents else ""
    print(json.dumps({"landed": landed, "agents": agents, "farewell": farewell}))


main()
