"""Proof of address: the 2D-Doc it may carry, verified, and compared with the application.

Most proofs issued abroad carry no 2D-Doc: one without goes to the agent, never to a refusal. Nothing here refuses:
the best answer is ``confirmed``, every other one asks an agent to look, and says at what.
"""

from __future__ import annotations

import base64
import calendar
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from escale.inspection import sandbox
from escale.inspection.address_match import Holder, Likeness, PostalAddress, compare_addresses, compare_names
from escale.inspection.proof_texts import finding_text
from escale.inspection.sandbox import DEFAULT, Limits
from escale.inspection.trust import TrustList, national_trust_list
from escale.inspection.trust_seal import TrustListError
from escale.inspection.two_d_doc import TwoDDoc, parse, verify

__all__ = ["Finding", "Holder", "PostalAddress", "ProofReading", "read_address_proof"]

LOG = logging.getLogger("escale.inspection")
# Data identifiers of the « facture » perimeter (ANTS, spécifications 2D-Doc): name and address of the person served.
_NAME_LINE, _TITLE, _GIVEN, _SURNAME = "10", "11", "12", "13"
_STREET_LINES, _POSTCODE, _CITY, _COUNTRY = ("20", "21", "22", "23"), "24", "25", "26"


@dataclass(frozen=True)
class Finding:
    """One thing established: a stable code, ``ok`` or ``check`` (an agent looks), and a day where one matters."""

    code: str
    verdict: str
    day: date | None = None

    def reason(self, lang: str) -> str:
        """The finding in words, ``fr`` or ``en``."""
        return finding_text(self.code, lang, self.day)


@dataclass(frozen=True)
class ProofReading:
    """``verdict`` is ``confirmed`` or ``agent``. ``authentic`` is true only when the 2D-Doc's signature is proven."""

    verdict: str
    authentic: bool
    issued_on: date | None
    findings: tuple[Finding, ...]


def one_month_before(day: date) -> date:
    """The same day of the month before, or that month's last day."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _printed_name(fields: dict[str, str]) -> str:
    if _NAME_LINE in fields:
        return fields[_NAME_LINE].replace("/", " ")
    return " ".join(fields.get(key, "") for key in (_TITLE, _GIVEN, _SURNAME))


def _printed_address(fields: dict[str, str]) -> PostalAddress:
    lines = tuple(fields[key] for key in _STREET_LINES if fields.get(key))
    country = fields.get(_COUNTRY) or "FR"
    return PostalAddress(lines, fields.get(_POSTCODE, ""), fields.get(_CITY, ""), country)


def _likeness(kind: str, likeness: Likeness) -> Finding:
    return Finding(f"{kind}_{likeness.value}", "ok" if likeness is Likeness.SAME else "check")


def _age(document: TwoDDoc, today: date) -> Finding:
    """Proofs must be less than one month old on the day they are given."""
    issued = document.issued_on or document.signed_on
    if issued is None:
        return Finding("no_date", "check")
    if issued > today:
        return Finding("date_in_future", "check", issued)
    if issued <= one_month_before(today):
        return Finding("too_old", "check", issued)
    return Finding("recent", "ok", issued)


def _compare(document: TwoDDoc, holder: Holder, address: PostalAddress, today: date) -> tuple[Finding, ...]:
    return (
        _likeness("name", compare_names(holder, _printed_name(document.fields))),
        _likeness("address", compare_addresses(address, _printed_address(document.fields))),
        _age(document, today),
    )


def _raw_text(code: dict[str, Any]) -> str:
    """The barcode's characters with their separators (its ``text`` spells control characters out)."""
    try:
        return base64.b64decode(str(code.get("bytes", ""))).decode("latin-1")
    except ValueError:
        return ""


def _documents(pages: list[dict[str, Any]]) -> list[TwoDDoc]:
    found = []
    for page in pages:
        for code in page.get("codes", ()):
            document = parse(_raw_text(code))
            if document is not None:
                found.append(document)
    return found


def _sealed(document: TwoDDoc, trust: TrustList | None, today: date) -> str:
    """What :func:`verify` says, or ``list_unusable``: a list that does not hold is our fault, not the document's."""
    try:
        held = trust or national_trust_list()
    except (TrustListError, OSError):
        LOG.exception("the list of 2D-Doc authorities does not hold: see escale trust status")
        return "list_unusable"
    return verify(document, held, today=today)


def read_address_proof(
    content: bytes,
    *,
    holder: Holder,
    address: PostalAddress,
    today: date,
    trust: TrustList | None = None,
    limits: Limits = DEFAULT,
    progress: Callable[[str, float], None] | None = None,
) -> ProofReading:
    """Read the original file (it is only opened in the confined child) and compare it with the application.

    Raises UploadRefused when the file itself cannot be accepted.
    """
    tell = progress or (lambda stage, share: None)
    tell("codes", 0.0)
    # A Data Matrix may be printed small: the child renders pages at 300 dots an inch, A3 at the most.
    head, _ = sandbox.run("codes", content, replace(limits, max_side=5000, seals_only=True))
    tell("signature", 0.7)
    documents = _documents(head.get("pages", []))
    proofs = [document for document in documents if document.is_proof_of_address] or documents
    if not proofs:
        return ProofReading("agent", False, None, (Finding("no_2d_doc", "check"),))
    document = proofs[0]
    findings: list[Finding] = []
    if not document.is_proof_of_address:
        findings.append(Finding("other_document", "check"))
    state = _sealed(document, trust, today)
    findings.append(Finding(f"seal_{state}", "ok" if state == "ok" else "check"))
    findings += _compare(document, holder, address, today)
    tell("done", 1.0)
    confirmed = all(finding.verdict == "ok" for finding in findings)
    issued = document.issued_on or document.signed_on
    return ProofReading("confirmed" if confirmed else "agent", state == "ok", issued, tuple(findings))
