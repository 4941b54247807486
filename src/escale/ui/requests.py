"""What our middlewares and guards put on a request, for those who read it."""

from __future__ import annotations

from django.http import HttpRequest

from escale.people.actors import Actor


class SignedRequest(HttpRequest):
    """The request as a guarded view receives it. ``actor``: who is signed in, set by GuardMiddleware and never None
    once ``guards.applicant``, ``own_case``, ``agent`` or ``agent_case`` has let the request through.

    Django makes the requests: this class names their type and is never built.
    """

    actor: Actor
