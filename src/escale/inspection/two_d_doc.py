"""2D-Doc, the visible digital seal of French documents: parsed with ``tddoc``, verified here, strictly.

``tddoc`` accepts a signer whose authority is absent, always assumes SHA-256 and compares validity with today's date:
so the signature, the authority and the dates are checked here, at the date of signature.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tddoc.header import Header
from tddoc.message import C40Message

from escale.inspection.trust import TrustList

_UNIT_SEPARATOR = "\x1f"
_HASHES: dict[int, hashes.HashAlgorithm] = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
_PROOF_OF_ADDRESS = frozenset({"00", "01", "02"})
_LONGEST = 4000  # characters: a Data Matrix holds at most 3116 digits


@dataclass(frozen=True)
class TwoDDoc:
    """One code, parsed: nothing here is proven until :func:`verify` says so."""

    authority: str
    signer: str
    issued_on: date | None
    signed_on: date | None
    document_type: str
    fields: dict[str, str]
    signed_part: bytes
    signature: bytes

    @property
    def is_proof_of_address(self) -> bool:
        return self.document_type in _PROOF_OF_ADDRESS

    def __repr__(self) -> str:
        return f"TwoDDoc({self.authority}/{self.signer}, type {self.document_type})"


def parse(text: str) -> TwoDDoc | None:
    """The code of a barcode's text, or None when it is not one we can read (binary codes are not read).

    Both dates count days since 1 January 2000 in hexadecimal, FFFF meaning none.
    """
    if not text.startswith("DC") or len(text) > _LONGEST or not text.isascii():
        return None
    body, separator, encoded = text.partition(_UNIT_SEPARATOR)
    try:
        header = Header.from_code(body)
        if not separator or header.mode != "c40" or header.perimeter_id != 1:
            return None
        message = C40Message.from_code(1, body[header.length :])
        signature = base64.b32decode(encoded + "=" * (-len(encoded) % 8))
    except (ValueError, KeyError, IndexError, AttributeError, AssertionError, OverflowError, binascii.Error):
        return None
    return TwoDDoc(
        authority=header.ca_id,
        signer=header.cert_id,
        issued_on=header.emit_date,
        signed_on=header.sign_date,
        document_type=header.doc_type_id,
        fields={item.definition.id: str(item.value) for item in message.dataset},
        signed_part=body.encode("ascii"),
        signature=signature,
    )


def _signature_holds(document: TwoDDoc, certificate: x509.Certificate) -> bool:
    """Raw r‖s over the header and the data, by the curve of the certificate and the hash of its strength."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.key_size not in _HASHES:
        return False
    half = (key.curve.key_size + 7) // 8
    if len(document.signature) != 2 * half:
        return False
    r, s = (int.from_bytes(part, "big") for part in (document.signature[:half], document.signature[half:]))
    try:
        key.verify(encode_dss_signature(r, s), document.signed_part, ec.ECDSA(_HASHES[key.curve.key_size]))
    except InvalidSignature:
        return False
    return True


def _covers(certificate: x509.Certificate, day: date) -> bool:
    return certificate.not_valid_before_utc.date() <= day <= certificate.not_valid_after_utc.date()


def verify(document: TwoDDoc, trust: TrustList, *, today: date) -> str:
    """``ok``, or the first reason why the code proves nothing.

    ``list_expired``, ``list_seal_expired``, ``unknown_authority``, ``authority_withdrawn``, ``no_signature_date``,
    ``signed_in_future``, ``unknown_signer``, ``not_issued_by_authority``, ``outside_validity``, ``bad_signature``.
    A list past its day is asked nothing: what it says or leaves out would be held against the document.
    """
    if today > trust.next_update:
        return "list_expired"
    if today > trust.seal.until:
        return "list_seal_expired"
    authority = trust.authority(document.authority)
    if authority is None:
        return "unknown_authority"
    if not authority.in_accord:
        return "authority_withdrawn"
    if document.signed_on is None:
        return "no_signature_date"
    if document.signed_on > today:
        return "signed_in_future"
    if document.signed_on < authority.since or not _covers(authority.certificate, document.signed_on):
        return "outside_validity"
    candidates = trust.signers_named(document.signer, issuer=document.authority)
    if not candidates:
        return "unknown_signer"
    reason = "not_issued_by_authority"
    for certificate in candidates:
        try:
            certificate.verify_directly_issued_by(authority.certificate)
        except (ValueError, TypeError, InvalidSignature):
            continue
        if not _covers(certificate, document.signed_on):
            reason = "outside_validity"
        elif not _signature_holds(document, certificate):
            reason = "bad_signature"
        else:
            return "ok"
    return reason
