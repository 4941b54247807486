"""One taxonomy of errors at every border."""

from __future__ import annotations


class PartnerError(Exception):
    """Something went wrong at a partner. ``code`` is its own raw code, kept for support; never personal data."""

    def __init__(self, partner: str, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(f"{partner}: {code}")
        self.partner, self.code, self.retry_after = partner, code, retry_after


class PartnerUnavailable(PartnerError):
    """Out of reach, too slow, overloaded: the same call may succeed later. Nothing is known of its effect."""


class PartnerRefused(PartnerError):
    """The partner understood and says no: repeating the same call is useless."""


class AlreadyDone(PartnerError):
    """The effect asked for had already happened, for us: the caller treats it as success."""
