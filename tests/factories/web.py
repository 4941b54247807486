"""Clients of the three sites, signed in as whoever a test needs."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from escale.people.models import Agent
from escale.ui.sessions import SessionStore


def host_of(site: str) -> str:
    return urlsplit(settings.SITES[site]).netloc


def a_client(site: str, *, session: dict[str, object] | None = None) -> Client:
    """A browser on one site; ``session`` is put in its sealed session."""
    client = Client(HTTP_HOST=host_of(site), HTTP_ACCEPT_LANGUAGE="fr")
    if session is not None:
        store = SessionStore()
        for key, value in session.items():
            store[key] = value
        store.save()
        client.cookies[f"escale_{site}"] = store.session_key
    return client


def as_applicant(sub: str, site: str = "portal") -> Client:
    """A client signed in through FranceConnect+ as ``sub``."""
    return a_client(site, session={"actor": {"kind": "applicant", "id": sub}, "name": "Jeanne MARTIN"})


def as_agent(agent: Agent, **session: object) -> Client:
    """A client signed in on the desk."""
    return a_client("desk", session={"actor": {"kind": "agent", "id": agent.pk}, "name": str(agent), **session})
