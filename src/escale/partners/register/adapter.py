"""The register of French citizens established abroad, by the protocol we propose (``registre/1``).

Personal data travel in the body, never in an address. What fails is closed: nobody enters on a doubt.
"""

from __future__ import annotations

import logging
import re
import ssl
import uuid
from datetime import date
from typing import Any

import httpx

from escale.partners.kit.http import Border
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.franceconnect import PivotIdentity
from escale.ports.register import NoMatch, PostalAddress, RegisterEntry

REASONS = {"DISCORDANT": "mismatch", "INCONNU": "mismatch", "EXPIRE": "expired", "RADIE": "struck_off"}
"""What the register answers → the reason kept for statistics."""
_TOO_MANY = "429"
_PATH = "/v1/inscriptions/verification"
_LOG = logging.getLogger("escale.partners.register")


class Register:
    """Implements ``escale.ports.register.RegisterPort``."""

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        numic_pattern: str,
        timeout: float = 2.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``numic_pattern``: what a NUMIC looks like. ``timeout``: seconds for each of two tries. ``tls``: our
        certificate, where the register asks for one."""
        self._numic = re.compile(numic_pattern)
        self._border = Border(
            "register",
            base_url,
            connect_timeout=timeout,
            read_timeout=timeout,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            tls=tls,
            code_of=_code,
        )

    def verify(self, *, numic: str, email: str, identity: PivotIdentity) -> RegisterEntry:
        """See the port. A NUMIC that cannot exist is a mismatch like any other."""
        numic = re.sub(r"[\s.\-]", "", numic)
        if not self._numic.fullmatch(numic):
            raise NoMatch("mismatch")
        question = {"numic": numic, "courriel": email.strip(), "identite": _civil_status(identity)}
        answer = self._asked(question)
        result = answer.get("resultat")
        if result == "CONCORDANT":
            return _entry(answer, numic=numic, email=email.strip())
        if result not in REASONS:
            raise PartnerUnavailable("register", "unexpected_answer")
        raise NoMatch(REASONS[str(result)])

    def _asked(self, question: dict[str, Any]) -> dict[str, Any]:
        """Ask, and ask once more when the register did not answer: a question changes nothing there."""
        correlation = str(uuid.uuid4())
        for last in (False, True):
            try:
                answer = self._border.request("POST", _PATH, json=question, headers={"X-Correlation-ID": correlation})
                return _object(answer)
            except PartnerUnavailable as error:
                _LOG.warning("no answer (%s), correlation %s", error.code, correlation)
                if error.code == _TOO_MANY:  # too many tries for this NUMIC: a refusal, with the time to wait
                    raise PartnerRefused("register", _TOO_MANY, retry_after=error.retry_after) from None
                if last or error.code == "circuit_open":
                    raise
            except PartnerRefused as error:
                _LOG.warning("refused (%s), correlation %s", error.code, correlation)
                raise
        raise AssertionError("unreachable")


def _civil_status(identity: PivotIdentity) -> dict[str, str]:
    return {
        "nom_naissance": identity.family_name,
        "prenoms": identity.given_names,
        "date_naissance": identity.birthdate,
        "lieu_naissance_cog": identity.birthplace if identity.birthcountry == "99100" else "",
        "pays_naissance_cog": identity.birthcountry,
        "sexe": {"male": "M", "female": "F"}.get(identity.gender, ""),
    }


def _entry(answer: dict[str, Any], *, numic: str, email: str) -> RegisterEntry:
    """Raises PartnerUnavailable when the register's answer is not complete."""
    try:
        address = answer["adresse_courrier"]
        return RegisterEntry(
            numic=numic,
            email=answer.get("courriel") or email,
            phone=answer.get("telephone") or "",
            usage_name=answer.get("nom_usage") or "",
            address=PostalAddress(
                line1=address["ligne1"],
                line2=address.get("ligne2") or "",
                postcode=address["code_postal"],
                city=address["commune"],
                country=address["pays"],
            ),
            post_code=answer["poste"]["code"],
            registered_on=date.fromisoformat(answer["date_inscription"]),
            registered_until=date.fromisoformat(answer["date_fin"]),
            resident_since=date.fromisoformat(answer["residence_depuis"]),
            already_renewed_remotely=answer["deja_renouvele_a_distance"] is True,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PartnerUnavailable("register", "incomplete_answer") from None


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise PartnerUnavailable("register", "unexpected_answer")
    return answer


def _code(response: httpx.Response) -> str:
    """The register's own code (``{"errors":[{"code": …}]}``), or the status."""
    if response.status_code == 429:
        return _TOO_MANY
    try:
        code = str(response.json()["errors"][0]["code"])
    except (ValueError, LookupError, TypeError):
        return str(response.status_code)
    return code if re.fullmatch(r"[A-Z0-9_\-]{1,20}", code) else str(response.status_code)


ADAPTER = Register
