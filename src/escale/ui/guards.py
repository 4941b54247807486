"""Who may open a page. Every view carries a guard; a view without one is never served.

A guard answers « not found » where telling « forbidden » would reveal that a case exists.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from escale.ledger import queries
from escale.people import access
from escale.people.actors import Actor
from escale.people.models import Agent, Post, Role
from escale.ui import given_back
from escale.ui.sessions import was_signed_in
from escale.ui.sites import site_of
from escale.vault import keys
from escale.vault.keys import KeyDestroyed

type View = Callable[..., HttpResponseBase]


def current_actor(request: HttpRequest) -> Actor | None:
    """Who is signed in. An agent's rights are read in our directory at each request, never in the session.

    Pages show hours as the agent's post reads them: its zone is noted on the request.
    """
    held = request.session.get("actor")
    if not held:
        return None
    if held["kind"] == "applicant":
        return Actor("applicant", held["id"])
    agent = Agent.objects.select_related("post").filter(pk=held["id"], active=True).first()
    if agent is None or not agent.has_right(request.hour):  # type: ignore[attr-defined]  # set with the session
        return None
    post = _looked_at(request, agent)
    request.post = post  # type: ignore[attr-defined]  # ours, see SignedRequest
    if post is not None:
        request.zone = post.tz  # type: ignore[attr-defined]  # ours, read by ui.context
    return Actor("agent", str(agent.pk), role=agent.role, post=post.code if post else "")


LOOKED_AT = "desk_looked_at"


def _looked_at(request: HttpRequest, agent: Agent) -> Post | None:
    """The post of an agent. An auditor, who reads all of them and acts in none, chooses the one whose pages to see."""
    chosen = request.session.get(LOOKED_AT) if agent.role == Role.AUDITOR else None
    return Post.objects.filter(pk=chosen).first() if chosen else agent.post


class GuardMiddleware:
    """Sets ``request.actor`` and refuses to serve a view that has no guard."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = current_actor(request)  # type: ignore[attr-defined]  # ours, on every request
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with keys.held():  # a page opens many sealed values of the same case
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        guard = getattr(view, "guard", None)
        if guard is None and not getattr(view, "__module__", "").startswith("django."):
            raise Http404
        if guard is None and settings.PRODUCTION:
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A case whose retention has ended: its key is destroyed, and no page about it can be made any more."""
        if isinstance(exception, KeyDestroyed):
            return render(request, "ui/error_erased.html", status=410)
        return None


def _named(guarded: View, guard: str) -> View:
    guarded.guard = guard  # type: ignore[attr-defined]  # read by GuardMiddleware and by the access matrix
    return guarded


def public(view: View) -> View:
    """Anyone, signed in or not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return _named(guarded, "public")


def partner_callback(view: View) -> View:
    """A partner's call: no session, no form token; the view verifies the partner's own proof."""
    guarded = csrf_exempt(public(view))
    return _named(guarded, "partner")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, which leads back here; it says so when a session has ended.

    A form that comes after the end of its session is given back first: what was typed is nowhere else.
    """
    ended = was_signed_in(request)
    given = given_back.page(request) if ended else None
    if given is not None:
        return given
    wanted = {"suite": given_back.page_of(request)}
    if ended:
        wanted["probleme"] = "session"
    return redirect(f"{reverse('sign_in')}?{urlencode(wanted)}")


def applicant(view: View) -> View:
    """A person signed in through FranceConnect+."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor: Actor | None = request.actor  # type: ignore[attr-defined]  # set by GuardMiddleware
        if actor is None or actor.kind != "applicant":
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return _named(guarded, "applicant")


ALL_DESK = (Role.AGENT, Role.SUPERVISOR, Role.AUDITOR, Role.SUPPORT, Role.ADMINISTRATOR)


def signed_in(view: View) -> View:
    """Whoever is signed in on this site: an applicant on theirs, an agent of any role on the desk."""
    doors = {"applicant": applicant(view), "agent": agent(*ALL_DESK)(view)}

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return doors["agent" if site_of(request) == "desk" else "applicant"](request, *args, **kwargs)

    return _named(guarded, "signed_in:" + ",".join(ALL_DESK))


def own_case(view: View) -> View:
    """The applicant of the case named ``ref`` in the address; the view receives the case in its place."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, ref: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor: Actor | None = request.actor  # type: ignore[attr-defined]  # set by GuardMiddleware
        if actor is None or actor.kind != "applicant":
            return _to_sign_in(request)
        case = queries.by_reference(ref)
        if case is None or not access.may_read_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
            raise Http404
        request.zone = case.post.tz  # type: ignore[attr-defined]  # ours, read by ui.context
        return view(request, case, *args, **kwargs)

    return _named(guarded, "own_case")


READERS = (Role.AGENT, Role.SUPERVISOR, Role.AUDITOR, Role.SUPPORT)
DECIDERS = (Role.AGENT, Role.SUPERVISOR)
SUPERVISORS = (Role.SUPERVISOR,)


def agent(*roles: str, of_a_post: bool = False) -> Callable[[View], View]:
    """An agent with one of these roles in our directory. ``of_a_post``: the page is that of one post; an auditor who
    has chosen none is asked which."""

    def decorate(view: View) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor | None = request.actor  # type: ignore[attr-defined]  # set by GuardMiddleware
            if actor is None or actor.kind != "agent":
                return _to_sign_in(request)
            if actor.role not in roles or (of_a_post and not actor.post and actor.role != Role.AUDITOR):
                raise Http404
            if of_a_post and not actor.post:
                return redirect(f"{reverse('desk_look_at')}?{urlencode({'suite': request.path})}")
            return view(request, *args, **kwargs)

        return _named(guarded, "agent:" + ",".join(roles))

    return decorate


def agent_case(*roles: str) -> Callable[[View], View]:
    """The same, for a case of the agent's post; the view receives the case in place of ``ref``."""

    def decorate(view: View) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, ref: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor | None = request.actor  # type: ignore[attr-defined]  # set by GuardMiddleware
            if actor is None or actor.kind != "agent":
                return _to_sign_in(request)
            case = queries.by_reference(ref)
            if (
                actor.role not in roles
                or case is None
                or not access.may_read_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub)
            ):
                raise Http404
            return view(request, case, *args, **kwargs)

        return _named(guarded, "agent_case:" + ",".join(roles))

    return decorate
