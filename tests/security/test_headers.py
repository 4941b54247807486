"""What every page tells the browser, what a session is stored as, and what production refuses to start with."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from escale.config.checks import production_is_real
from tests.architecture.house import ROOT
from tests.factories.cases import an_agent
from tests.factories.web import a_client, as_agent, as_applicant

pytestmark = pytest.mark.django_db
SITES = ("portal", "reception", "desk")
HOMES = {"portal": "/", "reception": "/", "desk": "/connexion/"}
SHOW = (
    "import json; from django.conf import settings as s; print(json.dumps("
    "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.ALLOWED_HOSTS, s.DEBUG]))"
)
PRODUCTION = {
    "ESCALE_MODE": "production",
    "ESCALE_SECRET_KEY": "x" * 50,
    "ESCALE_INDEX_KEY": "y" * 50,
    "ESCALE_VAULT_KEYS": "2027a:" + "A" * 43 + "=",
    "ESCALE_PORTAL_URL": "https://portail.example",
    "ESCALE_RECEPTION_URL": "https://reception.example",
    "ESCALE_DESK_URL": "https://bureau.example",
}


@pytest.mark.parametrize("site", SITES)
def test_pages_run_no_script_but_our_files_and_are_framed_by_nobody(site: str):
    page = a_client(site).get(HOMES[site])

    assert page.status_code == 200
    rules = dict(rule.strip().split(" ", 1) for rule in page["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "http" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == page["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("site", SITES)
def test_pages_hold_no_inline_script_or_style(site: str):
    page = a_client(site).get(HOMES[site]).content.decode()

    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites():
    page = as_applicant("owner").get("/mes-demandes/")

    cookie = page.cookies["escale_portal"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert 0 < cookie["max-age"] <= 30 * 60


def test_pages_of_a_person_are_kept_by_no_cache():
    for page in (as_applicant("owner").get("/mes-demandes/"), as_agent(an_agent()).get("/bureau/")):
        assert page.status_code in {200, 302}
        assert {"no-store", "private"} <= set(page["Cache-Control"].replace(" ", "").split(","))


def test_a_stored_session_tells_nothing():
    as_applicant("a-subject-to-look-for")

    [stored] = Session.objects.values_list("session_data", flat=True)
    assert "a-subject-to-look-for" not in stored
    assert "applicant" not in stored


def test_a_form_without_its_token_changes_nothing():
    client = as_applicant("owner")
    client.handler.enforce_csrf_checks = True

    assert client.post("/registre/", {"numic": "10000001", "email": "jeanne@courriel.example"}).status_code == 403


def test_production_refuses_demonstration_values(settings):
    settings.PRODUCTION = True

    assert {error.id for error in production_is_real(None)} == {
        "escale.E001",
        "escale.E002",
        "escale.E003",
        "escale.E005",
    }


def started(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("ESCALE_")}
    keep |= {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "ESCALE_DATA_DIR": os.environ["ESCALE_DATA_DIR"]}
    return subprocess.run(
        [sys.executable, "-c", SHOW], env=keep | environ, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_production_has_secure_cookies_known_hosts_and_no_debug():
    done = started(PRODUCTION)

    assert done.returncode == 0, done.stderr
    hosts = ["portail.example", "reception.example", "bureau.example"]
    assert json.loads(done.stdout) == [True, True, 31_536_000, hosts, False]


@pytest.mark.parametrize("name", ["ESCALE_SECRET_KEY", "ESCALE_VAULT_KEYS", "ESCALE_INDEX_KEY"])
def test_production_does_not_start_without_its_keys(name: str):
    done = started({key: value for key, value in PRODUCTION.items() if key != name})

    assert done.returncode != 0
    assert f"Set the environment variable {name}" in done.stderr
