"""What our middlewares and guards put on a request, for those who read it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from escale.people.actors import Actor
from escale.people.models import Post


class SignedRequest(HttpRequest):
    """The request as a guarded view receives it. ``actor``: who is signed in, set by GuardMiddleware and never None
    once ``guards.applicant``, ``own_case``, ``agent`` or ``agent_case`` has let the request through. ``post``: that of
    an agent, read with them; None for who has none.

    Django makes the requests: this class names their type and is never built.
    """

    actor: Actor
    post: Post | None


def client_address(request: HttpRequest) -> str:
    """The address that a request comes from, for the limits.

    Behind ``ESCALE_TRUSTED_PROXIES`` proxies of ours it is the one that the outermost of them was called from: the last
    of so many that they appended to ``X-Forwarded-For``. What stands before was said by the client, who may say
    anything. A request that passed through fewer proxies than there are counts for the connection it came by.
    """
    connection: str = request.META.get("REMOTE_ADDR", "")
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies: int = settings.TRUSTED_PROXIES
    return told[-proxies] if 0 < proxies <= len(told) else connection
