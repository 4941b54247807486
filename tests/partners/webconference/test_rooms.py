"""The contract of the video room: three providers, one answer each, and the next one when one is down."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import jwt as pyjwt
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from escale.partners.kit.options import BadOption
from escale.partners.webconference import naming
from escale.partners.webconference.adapter import ADAPTER, WebconferenceAdapter
from escale.partners.webconference.settings import DEMO_APP_ID, DEMO_KEY, options
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.webconference import Room
from escale.steps.step4_interview import rules
from tests.partners.conftest import Simulators

AGENT = "camille.perrin@diplomatie.example"
type Make = Callable[..., WebconferenceAdapter]


@pytest.fixture
def make(simulators: Simulators) -> Iterator[Make]:
    made: list[WebconferenceAdapter] = []

    def build(order: str = "embedded", **environ: str) -> WebconferenceAdapter:
        read = options(
            {"ESCALE_WEBCONFERENCE_ORDER": order, **environ},
            data_dir=simulators.data_dir,
            simulators_url=simulators.url,
            portal_url="https://portail.example",
            desk_url=simulators.desk_url,
            reception_url=simulators.reception_url,
        )
        made.append(ADAPTER(**read))
        return made[-1]

    yield build
    for adapter in made:
        adapter.close()


def _slot(simulators: Simulators) -> tuple[datetime, datetime]:
    start = simulators.now() + timedelta(minutes=5)
    return start, start + timedelta(minutes=20)


def _open(adapter: WebconferenceAdapter, simulators: Simulators, reference: str, agent: str = AGENT) -> Room:
    start, end = _slot(simulators)
    return adapter.open_room(reference=reference, starts_at=start, ends_at=end, agent_email=agent)


def _join(adapter: WebconferenceAdapter, room: Room, simulators: Simulators, *, moderator: bool, **hours: Any) -> str:
    start, end = _slot(simulators)
    return adapter.join_url(
        room,
        person="agent-42" if moderator else "applicant-7",
        display_name="Camille Perrin" if moderator else "Joëlle D.",
        moderator=moderator,
        **{"starts_at": start, "ends_at": end, **hours},
    )


@pytest.mark.parametrize("order", ["embedded", "webconf"])
def test_a_reference_finds_its_room_again(make: Make, simulators: Simulators, order: str) -> None:
    adapter = make(order)
    first = _open(adapter, simulators, "ESC-7K2M-9QX4-R83T/1")
    assert first == _open(adapter, simulators, "ESC-7K2M-9QX4-R83T/1")
    assert first.name != _open(adapter, simulators, "ESC-7K2M-9QX4-R83T/2").name
    assert first.provider == order
    adapter.close_room(first)


def test_names_suit_the_strictest_provider_and_tell_nothing() -> None:
    names = {naming.draw("secret", f"ESC-7K2M-9QX4-R83T/{attempt}") for attempt in range(2000)}
    assert len(names) == 2000
    assert all(naming.WEBCONF_NAME.fullmatch(name) for name in names)
    assert not any("7K2M9QX4" in name for name in names)
    assert naming.draw("secret", "one") != naming.draw("another", "one")


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("TestMI1234", True),
        ("1234567890", False),
        ("TestTest23", False),
        ("abc-def-123456", False),
        ("abc_def123456", False),
        ("Abc123", False),
    ],
)
def test_the_rule_of_names_is_the_service_s_own(name: str, accepted: bool) -> None:
    assert bool(naming.WEBCONF_NAME.fullmatch(name)) is accepted


def test_the_product_s_own_room_is_at_its_own_address(make: Make, simulators: Simulators) -> None:
    adapter = make()
    room = _open(adapter, simulators, "booking:ESC-7K2M-9QX4-R83T:2")
    assert room.url == "https://portail.example/demande/ESC-7K2M-9QX4-R83T/salle"
    assert _join(adapter, room, simulators, moderator=False) == room.url
    other = make(ESCALE_WEBCONFERENCE_EMBEDDED_URL="https://portail.example/salles/{room}?de={reference}")
    made = _open(other, simulators, "a/b")
    assert made.url == f"https://portail.example/salles/{made.name}?de=a%2Fb"


def test_the_moderator_s_token_says_who_where_and_when(make: Make, simulators: Simulators) -> None:
    adapter = make("webconf")
    room = _open(adapter, simulators, "reference-1")
    start, end = _slot(simulators)
    address = _join(adapter, room, simulators, moderator=True, starts_at=start, ends_at=end)
    [token] = parse_qs(urlsplit(address).query)["jwt"]
    claims = jwt.decode(token, OctKey.import_key(DEMO_KEY.encode()), algorithms=["HS256"]).claims
    assert claims == {
        "aud": "jitsi",
        "iss": DEMO_APP_ID,
        "sub": "127.0.0.1",
        "room": room.name,
        "nbf": int((start - rules.DOORS_BEFORE).timestamp()),
        "exp": int((end + rules.DOORS_AFTER).timestamp()),
        "context": {"user": {"id": "agent-42", "name": "Camille Perrin", "email": "", "moderator": "true"}},
    }


def test_an_independent_verifier_believes_the_token_and_nothing_else(make: Make, simulators: Simulators) -> None:
    """By the rules of Jitsi's servers: algorithm, signature, hours, issuer, audience, room, domain, texts alone."""
    adapter = make("webconf")
    room = _open(adapter, simulators, "reference-1")
    now = datetime.now(UTC)
    address = _join(adapter, room, simulators, moderator=True, starts_at=now, ends_at=now + timedelta(minutes=20))
    [token] = parse_qs(urlsplit(address).query)["jwt"]
    rules: dict[str, Any] = {
        "algorithms": ["HS256"],
        "audience": "jitsi",
        "issuer": DEMO_APP_ID,
        "options": {"require": ["exp", "nbf", "iss", "aud", "sub"]},
    }
    claims = pyjwt.decode(token, DEMO_KEY, **rules)
    assert pyjwt.get_unverified_header(token) == {"typ": "JWT", "alg": "HS256"}
    assert (claims["room"], claims["sub"]) == (room.name, urlsplit(room.url).hostname)
    assert all(isinstance(value, str) for value in claims["context"]["user"].values())
    for wrong in ({"audience": "other"}, {"issuer": "other"}, {"algorithms": ["HS512"]}):
        with pytest.raises(pyjwt.InvalidTokenError):
            pyjwt.decode(token, DEMO_KEY, **{**rules, **wrong})
    with pytest.raises(pyjwt.InvalidSignatureError):
        pyjwt.decode(token, DEMO_KEY[::-1], **rules)


def test_the_applicant_gets_no_token_and_a_name_no_server_reads(make: Make, simulators: Simulators) -> None:
    adapter = make("webconf")
    room = _open(adapter, simulators, "reference-2")
    parts = urlsplit(_join(adapter, room, simulators, moderator=False))
    assert parts.query == ""
    assert json.loads(unquote(parts.fragment.removeprefix("userInfo.displayName="))) == "Joëlle D."


def _browser() -> httpx.Client:
    return httpx.Client(trust_env=False, follow_redirects=True)


def test_the_applicant_waits_knocks_and_is_admitted(make: Make, simulators: Simulators) -> None:
    adapter = make("webconf")
    room = _open(adapter, simulators, "reference-3")
    address = _join(adapter, room, simulators, moderator=False)
    with _browser() as applicant, _browser() as agent:
        waiting = applicant.get(address)
        assert "n’est pas ouverte" in waiting.text
        assert waiting.headers["refresh"] == "5"
        assert "vous l’organisez" in agent.get(_join(adapter, room, simulators, moderator=True)).text
        assert 'id="nom"' in applicant.get(address).text
        assert applicant.post(f"{room.url}/frapper", data={"nom": " "}).status_code == 400
        assert "va vous faire entrer" in applicant.post(f"{room.url}/frapper", data={"nom": "Joëlle D."}).text
        page = agent.get(room.url).text
        [visitor] = re.findall(
            r'action="[^"]*/admettre"[^>]*><input type="hidden" name="visiteur" value="([^"]+)"', page
        )
        assert applicant.post(f"{room.url}/admettre", data={"visiteur": visitor}).status_code == 403
        agent.post(f"{room.url}/admettre", data={"visiteur": visitor})
        assert "Vous êtes dans la conférence" in applicant.get(address).text
        assert "Joëlle D." in agent.get(room.url).text
        assert "quitté" in agent.post(f"{room.url}/quitter").text
        assert "n’est pas ouverte" in applicant.get(address).text


def test_the_applicant_may_be_turned_away(make: Make, simulators: Simulators) -> None:
    adapter = make("webconf")
    room = _open(adapter, simulators, "reference-4")
    with _browser() as applicant, _browser() as agent:
        applicant.get(room.url)
        agent.get(_join(adapter, room, simulators, moderator=True))
        applicant.post(f"{room.url}/frapper", data={"nom": "Inconnu"})
        [visitor] = re.findall(
            r'/refuser"[^>]*><input type="hidden" name="visiteur" value="([^"]+)"', agent.get(room.url).text
        )
        agent.post(f"{room.url}/refuser", data={"visiteur": visitor})
        assert "ne vous a pas fait entrer" in applicant.get(room.url).text


@pytest.mark.parametrize(("early", "words"), [(timedelta(hours=2), "by nbf"), (timedelta(hours=-2), "by exp")])
def test_a_token_lives_from_ten_minutes_before_to_thirty_after(
    make: Make, simulators: Simulators, early: timedelta, words: str
) -> None:
    adapter = make("webconf")
    room = _open(adapter, simulators, "reference-5")
    start = simulators.now() + early
    hours = {"starts_at": start, "ends_at": start + timedelta(minutes=20)}
    answer = httpx.get(_join(adapter, room, simulators, moderator=True, **hours), trust_env=False)
    assert answer.status_code == 403
    assert words in answer.text


def _claims(simulators: Simulators, **changes: Any) -> dict[str, Any]:
    now = int(simulators.now().timestamp())
    return {
        "aud": "jitsi",
        "iss": DEMO_APP_ID,
        "sub": "127.0.0.1",
        "room": "*",
        "nbf": now - 60,
        "exp": now + 600,
        "context": {"user": {"name": "A"}},
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "key", "header", "words"),
    [
        ({}, "another-key-of-at-least-32-characters", {}, "Invalid signature"),
        ({"iss": "somebody"}, DEMO_KEY, {}, "invalid &#x27;iss&#x27; claim"),
        ({"aud": "elsewhere"}, DEMO_KEY, {}, "invalid &#x27;aud&#x27; claim"),
        ({"aud": ["jitsi"]}, DEMO_KEY, {}, "invalid &#x27;aud&#x27; claim"),
        ({"sub": "elsewhere.example"}, DEMO_KEY, {}, "domain"),
        ({"room": "Psp1234567890ABC"}, DEMO_KEY, {}, "Invalid room"),
        ({"exp": "tomorrow"}, DEMO_KEY, {}, "exp must be number"),
        ({"nbf": "today"}, DEMO_KEY, {}, "nbf must be number"),
        ({"context": {"user": {"id": None}}}, DEMO_KEY, {}, "must be strings"),
        ({"context": "nobody"}, DEMO_KEY, {}, "must be strings"),
        ({}, DEMO_KEY, {"alg": "HS512"}, "incorrect alg"),
        ({}, DEMO_KEY, {"typ": "JOSE"}, "Invalid typ"),
    ],
)
def test_the_service_judges_tokens_as_jitsi_does(
    simulators: Simulators, changes: dict[str, Any], key: str, header: dict[str, str], words: str
) -> None:
    head = {"typ": "JWT", "alg": "HS256", **header}
    token = jwt.encode(head, _claims(simulators, **changes), OctKey.import_key(key.encode()), algorithms=[head["alg"]])
    answer = httpx.get(f"{simulators.url}/webconf/Psp0000000000XYZ?jwt={token}", trust_env=False)
    assert answer.status_code == 403
    assert words in answer.text


@pytest.mark.parametrize("token", ["a.b", "a.b.c", "e30.W10.x"])
def test_what_is_no_token_is_refused(simulators: Simulators, token: str) -> None:
    answer = httpx.get(f"{simulators.url}/webconf/Psp0000000000XYZ?jwt={token}", trust_env=False)
    assert answer.status_code == 403


def test_a_bad_name_opens_no_page(simulators: Simulators) -> None:
    assert httpx.get(f"{simulators.url}/webconf/abc-def-123456", trust_env=False).status_code == 404
    assert httpx.post(f"{simulators.url}/webconf/Psp0000000000XYZ/chanter", trust_env=False).status_code == 404


def test_visio_opens_a_guarded_room_for_its_agent(make: Make, simulators: Simulators) -> None:
    adapter = make("visio")
    room = _open(adapter, simulators, "reference-6")
    assert re.fullmatch(r"[a-z]{3}-[a-z]{4}-[a-z]{3}", room.name)
    assert _join(adapter, room, simulators, moderator=True) == _join(adapter, room, simulators, moderator=False)
    with _browser() as applicant, _browser() as agent:
        applicant.get(room.url)
        agent.get(room.url)
        assert applicant.post(f"{room.url}/ouvrir", data={"courriel": "me@example.org"}).status_code == 403
        assert "vous l’organisez" in agent.post(f"{room.url}/ouvrir", data={"courriel": AGENT}).text
        assert "va vous faire entrer" in applicant.post(f"{room.url}/frapper", data={"nom": "Joëlle D."}).text
    assert httpx.get(f"{simulators.url}/webconf/visio/abc-defg-hij", trust_env=False).status_code == 404


@pytest.mark.parametrize("order", ["webconf,embedded", "visio,embedded", "visio,webconf"])
def test_the_next_provider_serves_when_one_is_down(make: Make, simulators: Simulators, order: str) -> None:
    down, serving = order.split(",")
    adapter = make(order)
    simulators.fault("webconf", "error", times=2 if down == "webconf" else 1)
    try:
        assert _open(adapter, simulators, f"fallback {order}").provider == serving
        assert _open(adapter, simulators, f"after {order}").provider == down
    finally:
        simulators.fault("webconf", "")


def test_no_provider_at_all_is_unavailable(make: Make, simulators: Simulators) -> None:
    adapter = make("webconf,visio")
    simulators.fault("webconf", "error", times=5)
    try:
        with pytest.raises(PartnerUnavailable) as failure:
            _open(adapter, simulators, "reference-7")
    finally:
        simulators.fault("webconf", "")
    assert failure.value.code == "503"


@pytest.mark.parametrize(
    ("agent", "code"),
    [
        ("nobody@diplomatie.example", "404 User not found."),
        ("agent@elsewhere.example", "403 This application is not authorized for this email domain."),
        ("no address", "400 Scope should be a valid email address."),
    ],
)
def test_visio_s_refusals_are_kept_raw(make: Make, simulators: Simulators, agent: str, code: str) -> None:
    adapter = make("visio")
    with pytest.raises(PartnerUnavailable) as failure:
        _open(adapter, simulators, "reference-8", agent=agent)
    assert failure.value.code == code
    assert _open(make("visio,embedded"), simulators, "reference-8", agent=agent).provider == "embedded"


def test_visio_s_wrong_secret_is_an_authentication_failure(make: Make, simulators: Simulators) -> None:
    adapter = make("visio", ESCALE_WEBCONFERENCE_VISIO_CLIENT_SECRET="wrong")
    with pytest.raises(PartnerUnavailable, match="401 Invalid credentials"):
        _open(adapter, simulators, "reference-9")


def test_a_provider_that_is_no_more_is_refused(make: Make, simulators: Simulators) -> None:
    with pytest.raises(PartnerRefused, match="unknown_provider"):
        _join(make(), Room("telephone", "x", "https://x.example"), simulators, moderator=True)


def test_an_unknown_provider_stops_the_start(make: Make) -> None:
    with pytest.raises(BadOption, match="ESCALE_WEBCONFERENCE_ORDER"):
        make("embedded,telephone")
    with pytest.raises(BadOption, match="ESCALE_WEBCONFERENCE_ROOM_SECRET"):
        make("embedded", ESCALE_MODE="production")


def test_the_script_to_embed_is_served(simulators: Simulators) -> None:
    script = httpx.get(f"{simulators.url}/webconf/external_api.js", trust_env=False)
    assert script.headers["content-type"].startswith("text/javascript")
    assert "JitsiMeetExternalAPI" in script.text


def test_another_provider_takes_over_while_the_interview_is_on(make: Make, simulators: Simulators) -> None:
    adapter = make("embedded,webconf,visio")
    start, end = _slot(simulators)

    def instead_of(*tried: str) -> Room:
        return adapter.open_room(
            reference=f"ESC-{len(tried)}", starts_at=start, ends_at=end, agent_email=AGENT, without=frozenset(tried)
        )

    assert adapter.others("embedded") == ("webconf", "visio")
    assert instead_of("embedded").provider == "webconf"
    assert instead_of("embedded", "webconf").provider == "visio"
    with pytest.raises(PartnerUnavailable, match="no_provider"):
        instead_of("embedded", "webconf", "visio")
