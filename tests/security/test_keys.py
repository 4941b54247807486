"""Master keys replaced while the house is in use, secrets of sessions replaced, and how many sessions one may have."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import RequestFactory

from escale.ledger import queries, verify
from escale.ui import limits
from escale.ui.models import OpenSession
from escale.ui.requests import client_address
from escale.vault import keys, rotation
from escale.vault.models import CaseKey
from tests.factories.cases import NOON, a_case
from tests.factories.web import a_client, as_applicant

pytestmark = pytest.mark.django_db
NEW = "2027b:bmV3LW1hc3Rlci1rZXktZm9yLXRoZS10ZXN0cy0wMSE="


def test_every_case_is_wrapped_anew_and_the_old_key_may_go(settings, capsys):
    cases = [a_case("draft") for _ in range(3)]
    old = keys.current_id()
    settings.VAULT_KEYS = f"{NEW},{settings.VAULT_KEYS}"

    assert rotation.main(["rotate", "--batch", "2"]) == 0

    told = capsys.readouterr().out
    assert "3 key(s) wrapped anew with 2027b" in told
    assert f"may be taken out of ESCALE_VAULT_KEYS: {old}" in told
    settings.VAULT_KEYS = NEW
    assert [verify.verify_case(case) for case in cases] == [None, None, None]
    assert {queries.summary(case)["family_name"] for case in cases} == {"DURAND"}


def test_a_rotation_that_was_stopped_goes_on_where_it_was(settings):
    for _ in range(3):
        a_case("draft")
    settings.VAULT_KEYS = f"{NEW},{settings.VAULT_KEYS}"
    first = next(rotation.rotate_all(batch=1))

    assert (first, rotation.in_use()["2027b"]) == (1, 1)
    assert sum(rotation.rotate_all(batch=1)) == 2
    assert sum(rotation.rotate_all(batch=1)) == 0


def test_a_key_destroyed_meanwhile_stays_destroyed(settings):
    case = a_case("draft")
    settings.VAULT_KEYS = f"{NEW},{settings.VAULT_KEYS}"
    read_before = CaseKey.objects.get(case_id=case.id)
    keys.destroy(case.id, now=NOON)

    assert not keys.rewrap(read_before)
    with pytest.raises(keys.KeyDestroyed):
        keys.of_case(case.id)


def test_a_master_key_taken_out_too_early_is_named_and_nothing_is_lost(settings, capsys):
    case, before = a_case("draft"), settings.VAULT_KEYS
    old = keys.current_id()
    settings.VAULT_KEYS = NEW

    assert rotation.main(["rotate"]) == 1
    assert rotation.main([]) == 1

    told = capsys.readouterr().out
    assert f"lacks the key '{old}'" in told
    assert f"{old}: wraps the keys of 1 case(s), MISSING" in told
    settings.VAULT_KEYS = before
    assert queries.summary(case)["family_name"] == "DURAND"


def test_a_session_outlives_the_change_of_the_secret_and_is_sealed_with_the_new_one(settings):
    client = as_applicant("owner")
    client.get("/mes-demandes/")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-at-least-fifty-characters-2027-0001"

    assert "connexion" not in client.get("/mes-demandes/").headers.get("Location", "")
    client.post("/session/prolonger/")

    settings.SECRET_KEY_FALLBACKS = []
    assert "connexion" not in client.get("/mes-demandes/").headers.get("Location", "")


def test_a_secret_that_is_forgotten_ends_the_sessions_it_sealed(settings):
    client = as_applicant("owner")
    settings.SECRET_KEY = "another-secret-of-at-least-fifty-characters-2027-0001"

    assert "/connexion/" in client.get("/mes-demandes/")["Location"]


def test_one_session_too_many_ends_the_oldest(settings):
    settings.SESSION_MOST = 2
    stranger = as_applicant("stranger")
    stranger.get("/mes-demandes/")
    first, *others = [as_applicant("owner") for _ in range(3)]
    for client in (first, *others):
        client.get("/mes-demandes/")

    assert "/connexion/" in first.get("/mes-demandes/")["Location"]
    for client in (stranger, *others):
        assert "connexion" not in client.get("/mes-demandes/").headers.get("Location", "")
    assert Session.objects.count() == OpenSession.objects.count() == 3


def test_sessions_of_another_site_and_ended_ones_do_not_count(settings):
    settings.SESSION_MOST = 1
    portal, reception = as_applicant("owner"), as_applicant("owner", "reception")
    portal.get("/mes-demandes/")
    reception.get("/passeports/")
    assert "connexion" not in portal.get("/mes-demandes/").headers.get("Location", "")

    portal.post("/deconnexion/")
    again = as_applicant("owner")
    again.get("/mes-demandes/")
    assert OpenSession.objects.count() == 2


def told_address(forwarded: str | None) -> str:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9"))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),  # nobody of ours says this: whoever asks may write what they like
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was there when the request arrived
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.8", "203.0.113.7"),
        (2, "10.0.0.8", "10.0.0.9"),  # it did not pass through both
        (1, None, "10.0.0.9"),
        (1, " , ", "10.0.0.9"),
    ],
)
def test_the_address_behind_our_proxies(settings, proxies: int, forwarded: str | None, address: str):
    settings.TRUSTED_PROXIES = proxies

    assert told_address(forwarded) == address


def test_limits_count_each_visitor_behind_a_proxy(settings, monkeypatch):
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setitem(limits.LIMITS, "sign_in", (1, timedelta(hours=1)))

    def tried(forged: str, address: str) -> int:
        headers = {"x-forwarded-for": f"{forged}, {address}"}
        return a_client("portal").post("/connexion/", headers=headers).status_code

    assert tried("1.1.1.1", "203.0.113.7") == tried("1.1.1.1", "203.0.113.8")
    assert tried("2.2.2.2", "203.0.113.7") == 429
