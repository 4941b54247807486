"""Pages leave compressed: a third to a sixth of their weight on a poor line.

Not where a compressed length could betray something (BREACH): that takes a page which repeats what the address asks
beside what only its reader may see. Whoever is signed in receives such a page as it is.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Pictures, archives and PDF files are compressed already.
COMPRESSED = ("text/", "application/json")


class CompressionMiddleware(GZipMiddleware):
    """gzip for texts, for browsers that say they read it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        repeats = bool(request.META.get("QUERY_STRING")) and getattr(request, "actor", None) is not None
        text = response.headers.get("Content-Type", "").startswith(COMPRESSED)
        return super().process_response(request, response) if text and not repeats else response
