"""What comes back to the return path: reports that a mail accepted earlier was not delivered after all (RFC 3464).

Whoever may write to an address may pretend that a mail came back. So the return address names the message (VERP) and
is signed: what comes to an address that we did not write says nothing. Nothing is ever answered, so nothing can loop.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from email import policy
from email.message import Message as Mail
from email.parser import BytesParser

from escale.partners.mailer.mime import token_of
from escale.ports.errors import PartnerRefused
from escale.ports.mailer import DeliveryReport

PARTNER = "mailer"
PLACE = "{reference}"
LONGEST_PREFIX = 12
"""Octets of the local part (64 at most, RFC 5321 §4.5.3.1.1) left beside a reference and its signature."""

_SIGNATURE_LENGTH = 16
# Where servers write the envelope's recipient: the first two by delivery, the last one in the report itself.
_ADDRESSED = ("Delivered-To", "X-Original-To", "To")
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class ReturnPath:
    """``pattern`` is an address with ``{reference}`` in its local part; ``key`` signs what takes its place.

    Raises ValueError for an address that cannot be one.
    """

    def __init__(self, pattern: str, key: str) -> None:
        local, _, domain = pattern.rpartition("@")
        if PLACE not in local or not domain or len(local) - len(PLACE) > LONGEST_PREFIX:
            raise ValueError("return_path")
        self._pattern, self._key = pattern, key.encode()
        before, after = (re.escape(part) for part in pattern.split(PLACE, 1))
        found = rf"(?<![^\s<,:;\"]){before}([\w.-]+)\.([0-9a-f]{{{_SIGNATURE_LENGTH}}}){after}(?![\w.-])"
        self._found = re.compile(found, re.IGNORECASE)

    def address(self, reference: str) -> str:
        """The envelope's sender of the message of this reference."""
        token = token_of(reference)
        return self._pattern.replace(PLACE, f"{token}.{self._signature(token)}")

    def accepts(self, authorization: str) -> bool:
        """Whether the caller is the mail server that keeps our return path."""
        return hmac.compare_digest(authorization.encode(), b"Bearer " + self._key)

    def read(self, mail: bytes) -> DeliveryReport:
        """Raises PartnerRefused: ``not_our_address`` (nobody we wrote to), ``not_a_report`` (a holiday answer…)."""
        parser = BytesParser(policy=policy.compat32)
        reference = self._reference(parser.parsebytes(mail, headersonly=True))
        if not reference:
            raise PartnerRefused(PARTNER, "not_our_address")
        try:
            returned = parser.parsebytes(mail)
            status, outcome = _worst(returned)
        except RecursionError:
            raise PartnerRefused(PARTNER, "not_a_report") from None
        return DeliveryReport(reference, status, outcome == "5", outcome == "4")

    def _reference(self, mail: Mail) -> str:
        """In the case it comes back in: servers on the way may change capitals, so the signature ignores them."""
        for name in _ADDRESSED:
            for value in mail.get_all(name, []):
                for token, signature in self._found.findall(str(value)):
                    if hmac.compare_digest(signature.lower(), self._signature(token)):
                        return str(token)
        return ""

    def _signature(self, token: str) -> str:
        signed = hmac.new(self._key, b"return path " + token.lower().encode(), hashlib.sha256)
        return signed.hexdigest()[:_SIGNATURE_LENGTH]


def _worst(mail: Mail) -> tuple[str, str]:
    """The raw status kept beside the message, and ``5`` (for good), ``4`` (gave up for now) or nothing."""
    kind = str(mail.get_param("report-type", "")).lower() if mail.get_content_type() == "multipart/report" else ""
    if kind == "feedback-report":  # RFC 5965: the reader calls it unwanted; it did arrive
        return "complaint", ""
    if kind != "delivery-status":
        raise PartnerRefused(PARTNER, "not_a_report")
    found = sorted(_recipients(mail), reverse=True)
    if not found:
        raise PartnerRefused(PARTNER, "not_a_report")
    failed, status, action = found[0]
    return f"{action} {status}".strip(), (status[:1] if failed else "")


def _recipients(mail: Mail) -> Iterator[tuple[bool, str, str]]:
    """Whether it failed, its status and its action, for each recipient that the report speaks of."""
    parts = [part for part in _parts(mail) if part.get_content_type() == "message/delivery-status"]
    for fields in (block for part in parts[:1] for block in _parts(part)):
        action = str(fields.get("Action", "")).strip().lower()
        if action not in ("failed", "delayed", "delivered", "relayed", "expanded"):
            continue  # the first block speaks of the whole message
        status = _STATUS.match(str(fields.get("Status", "")))
        shown = status[1] if status else ""
        failed = action == "failed"
        yield failed, shown or ("5.0.0" if failed else ""), action


def _parts(mail: Mail) -> list[Mail]:
    payload = mail.get_payload()
    return [part for part in payload if isinstance(part, Mail)] if isinstance(payload, list) else []
