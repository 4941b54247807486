"""Who may sign a 2D-Doc: the signed trust list of France Titres (ANTS), verified here, offline.

The list and the certificates come inside the ``tddoc`` package; a fresher list and fresher certificates can be laid
in a folder by the operator. A list counts only when its XML signature (XAdES, RSA-SHA256, exclusive
canonicalisation) holds under a signing certificate whose fingerprint is pinned (:mod:`escale.inspection.trust_seal`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from escale.inspection.trust_seal import (
    PINNED_SEALS,
    RECORD,
    Seal,
    TrustListError,
    Vouched,
    common_name,
    seal_of,
    vouched_in,
)

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_TSL = "{http://uri.etsi.org/02231/v2#}"
_IN_ACCORD = "http://uri.etsi.org/TrstSvc/Svcstatus/inaccord"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_LEAST_KEY = 2048
LIST_NAME = "tsl_signed.xml"


@dataclass(frozen=True)
class Authority:
    """One listed authority: its four-character name, its certificate, whether it is in accord and since when."""

    name: str
    certificate: x509.Certificate
    in_accord: bool
    since: date


@dataclass(frozen=True)
class TrustList:
    """Listed authorities and known signers' certificates, and the seal they are vouched for by.

    ``next_update``: the day the list asks to be renewed.
    """

    authorities: tuple[Authority, ...]
    signers: tuple[x509.Certificate, ...]
    issued_on: date
    next_update: date
    seal: Seal

    @property
    def last_day(self) -> date:
        """The last day on which anything is believed on the word of this list."""
        return min(self.next_update, self.seal.until)

    def authority(self, name: str) -> Authority | None:
        return next((listed for listed in self.authorities if listed.name == name), None)

    def signers_named(self, name: str, *, issuer: str) -> list[x509.Certificate]:
        """Certificates of this common name that say they come from this authority (nothing is verified here)."""
        return [
            certificate
            for certificate in self.signers
            if common_name(certificate.subject) == name and common_name(certificate.issuer) == issuer
        ]


def _canonical(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_comments=False))


def _sealing(signature: etree._Element) -> x509.Certificate:
    encoded = signature.findtext(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate") or ""
    return x509.load_der_x509_certificate(base64.b64decode(encoded))


def _check_signed_info(signature: etree._Element, sealing: x509.Certificate) -> etree._Element:
    """The signed description of what is signed, once its own signature holds."""
    described = signature.find(f"{_DS}SignedInfo")
    if described is None:
        raise TrustListError("no_signature")
    method = described.find(f"{_DS}SignatureMethod")
    form = described.find(f"{_DS}CanonicalizationMethod")
    key = sealing.public_key()
    if method is None or form is None or not isinstance(key, rsa.RSAPublicKey) or key.key_size < _LEAST_KEY:
        raise TrustListError("unsupported_signature")
    if method.get("Algorithm") != _RSA_SHA256 or form.get("Algorithm") != _EXCLUSIVE:
        raise TrustListError("unsupported_signature")
    value = base64.b64decode(signature.findtext(f"{_DS}SignatureValue") or "")
    try:
        key.verify(value, _canonical(described), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise TrustListError("bad_signature") from None
    return described


def _whole_digest(described: etree._Element) -> bytes:
    """The digest of the whole document (the one reference whose URI is empty)."""
    whole = [item for item in described.findall(f"{_DS}Reference") if item.get("URI") == ""]
    if len(whole) != 1:
        raise TrustListError("unsupported_signature")
    algorithm = whole[0].find(f"{_DS}DigestMethod")
    if algorithm is None or algorithm.get("Algorithm") != _SHA256:
        raise TrustListError("unsupported_signature")
    return base64.b64decode(whole[0].findtext(f"{_DS}DigestValue") or "")


def _without(root: etree._Element, signature: etree._Element) -> None:
    """Take the signature out, and keep the text behind it."""
    before = signature.getprevious()
    if signature.tail:
        if before is not None:
            before.tail = (before.tail or "") + signature.tail
        else:
            root.text = (root.text or "") + signature.tail
    root.remove(signature)


def _verified_root(content: bytes, pinned: frozenset[str]) -> tuple[etree._Element, Seal]:
    """The document without its signature, once that signature holds, and its seal. Raises TrustListError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root: etree._Element = etree.fromstring(content, parser)
        signatures = root.findall(f".//{_DS}Signature")
        if len(signatures) != 1 or signatures[0].getparent() is not root:
            raise TrustListError("no_signature")
        signature = signatures[0]
        certificate = _sealing(signature)
        seal = seal_of(certificate)
        if seal.fingerprint not in pinned:
            raise TrustListError("unknown_seal")
        digest = _whole_digest(_check_signed_info(signature, certificate))
    except (etree.XMLSyntaxError, binascii.Error, ValueError, UnsupportedAlgorithm) as error:
        raise TrustListError("unreadable") from error
    _without(root, signature)
    if hashlib.sha256(_canonical(root)).digest() != digest:
        raise TrustListError("altered")
    return root, seal


def _day(text: str | None) -> date:
    return datetime.fromisoformat((text or "").strip()).date()


def _authority(provider: etree._Element) -> list[Authority]:
    name = (provider.findtext(f"{_TSL}TSPInformation/{_TSL}TSPTradeName/{_TSL}Name") or "").strip()
    listed = []
    for service in provider.iter(f"{_TSL}ServiceInformation"):
        status = (service.findtext(f"{_TSL}ServiceStatus") or "").strip()
        since = _day(service.findtext(f"{_TSL}StatusStartingTime"))
        for encoded in service.iter(f"{_TSL}X509Certificate"):
            certificate = x509.load_der_x509_certificate(base64.b64decode(encoded.text or ""))
            listed.append(Authority(name, certificate, status == _IN_ACCORD, since))
    return listed


def read_trust_list(
    content: bytes, signers: tuple[x509.Certificate, ...], *, pinned: frozenset[str] = PINNED_SEALS
) -> TrustList:
    """A verified list. Raises TrustListError."""
    root, seal = _verified_root(content, pinned)
    try:
        authorities = [item for provider in root.iter(f"{_TSL}TrustServiceProvider") for item in _authority(provider)]
        issued = _day(root.findtext(f"{_TSL}SchemeInformation/{_TSL}ListIssueDateTime"))
        renewed = _day(root.findtext(f"{_TSL}SchemeInformation/{_TSL}NextUpdate/{_TSL}dateTime"))
    except (ValueError, binascii.Error) as error:
        raise TrustListError("unreadable") from error
    return TrustList(tuple(authorities), signers, issued, renewed, seal)


def load_certificates(blobs: list[bytes]) -> tuple[x509.Certificate, ...]:
    """Certificates of DER files; whatever is not one is left out (it can then sign nothing)."""
    certificates = []
    for blob in blobs:
        try:
            certificates.append(x509.load_der_x509_certificate(blob))
        except ValueError:
            continue
    return tuple(certificates)


def folder() -> Path | None:
    """``$ESCALE_TRUST_LIST_DIR``, where the operator lays a fresher list; None when it is not set."""
    chosen = os.environ.get("ESCALE_TRUST_LIST_DIR")
    return Path(chosen) if chosen else None


def shipped_signers() -> list[bytes]:
    """Signers' certificates of the ``tddoc`` package, as DER files."""
    return [file.read_bytes() for file in files("tddoc.chains").iterdir() if file.name.endswith(".der")]


@cache
def _read(place: Path | None, _changed: tuple[int, ...]) -> TrustList:
    signers = shipped_signers()
    if place is None:
        content, pinned = files("tddoc.tsl").joinpath(LIST_NAME).read_bytes(), PINNED_SEALS
    else:
        content, pinned = (place / LIST_NAME).read_bytes(), pinned_seals(place)
        signers += [file.read_bytes() for file in sorted(place.glob("*.der"))]
    return read_trust_list(content, load_certificates(signers), pinned=pinned)


def pinned_seals(place: Path) -> frozenset[str]:
    """What a list laid in this folder must be sealed by: the seal vouched for there, else the shipped one alone."""
    vouched = vouched_in(place)
    return frozenset({vouched.fingerprint}) if vouched is not None else PINNED_SEALS


def _laid() -> Path | None:
    """:func:`folder`, when a list is laid in it."""
    place = folder()
    return place if place is not None and (place / LIST_NAME).exists() else None


def vouched_seal() -> Vouched | None:
    """The operator's seal, when the list in force counts by it; None when the shipped one does."""
    place = _laid()
    return None if place is None else vouched_in(place)


def national_trust_list() -> TrustList:
    """The list laid in :func:`folder` (``tsl_signed.xml``, and ``*.der`` beside it), or the one that ``tddoc`` ships.

    Read again when the list or its recorded seal changes. A list that is there and does not hold is never passed over
    for the shipped one: raises TrustListError, or OSError when it cannot be read.
    """
    place = _laid()
    if place is None:
        return _read(None, ())
    watched = (place / LIST_NAME, place / RECORD)
    return _read(place, tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in watched))
