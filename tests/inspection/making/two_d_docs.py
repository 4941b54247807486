"""A test authority for 2D-Doc codes: its certificates, codes it signs, pages that carry them, a signed trust list."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import cv2
import numpy as np
import zxingcpp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from PIL import Image

from escale.inspection.trust import Authority, TrustList
from escale.inspection.trust_seal import Seal

GS, US = "\x1d", "\x1f"
EPOCH = date(2000, 1, 1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    signing: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    *,
    start: date,
    end: date,
) -> x509.Certificate:
    moments = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (start, end)]
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moments[0])
        .not_valid_after(moments[1])
        .sign(signing, hashes.SHA256())
    )


@dataclass
class TestAuthority:
    """An authority of its own, with one signer. Dates: validity of the signer's certificate."""

    __test__ = False

    name: str = "FR99"
    signer: str = "TST1"
    start: date = date(2026, 1, 1)
    end: date = date(2027, 12, 31)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    signing: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        span = {"start": date(2020, 1, 1), "end": date(2035, 1, 1)}
        self.certificate = _certificate(self.name, self.name, self.key, self.key, **span)
        self.leaf = _certificate(self.signer, self.name, self.signing, self.key, start=self.start, end=self.end)

    def trust(
        self, *, in_accord: bool = True, renewed: date = date(2027, 6, 1), sealed_until: date = date(2028, 1, 1)
    ) -> TrustList:
        listed = Authority(self.name, self.certificate, in_accord, date(2020, 1, 1))
        seal = Seal("", "Seal", date(2026, 1, 1), sealed_until)
        return TrustList((listed,), (self.leaf,), date(2026, 1, 1), renewed, seal)

    def sign(self, body: str) -> str:
        algorithm = ec.ECDSA({256: hashes.SHA256(), 384: hashes.SHA384()}[self.signing.curve.key_size])
        half = self.signing.curve.key_size // 8
        r, s = decode_dss_signature(self.signing.sign(body.encode("ascii"), algorithm))
        return base64.b32encode(r.to_bytes(half, "big") + s.to_bytes(half, "big")).decode().rstrip("=")

    def code(self, *, signed_on: date, issued_on: date | None = None, kind: str = "01", **changes: str) -> str:
        """A proof of address for Camille Quérou, 12 bis rue de la Paix, Paris; ``changes`` replace fields."""
        days = [f"{(day - EPOCH).days:04X}" if day else "FFFF" for day in (issued_on or signed_on, signed_on)]
        fields = {"name": "MME/QUEROU/CAMILLE", "street": "12 BIS RUE DE LA PAIX", "postcode": "75002", "city": "PARIS"}
        fields |= changes
        body = f"DC03{self.name}{self.signer}{days[0]}{days[1]}{kind}01"
        body += f"10{fields['name']}{GS}22{GS}23{fields['street']}{GS}24{fields['postcode']}25{fields['city']}{GS}26FR"
        return body + US + self.sign(body)


def data_matrix(code: str, side: int = 300) -> np.ndarray:
    """The code as a square picture."""
    drawn = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=6)
    grey = np.array(drawn)
    return cv2.resize(grey if grey.ndim == 2 else grey[..., 0], (side, side), interpolation=cv2.INTER_NEAREST)


def bill(code: str) -> np.ndarray:
    """An A4 page at 150 dots an inch carrying the code."""
    page = np.full((1754, 1240), 255, np.uint8)
    page[200:500, 820:1120] = data_matrix(code)
    return page


def as_png(page: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(page).save(out, "PNG")
    return out.getvalue()


def degraded(page: np.ndarray, level: int, rng: np.random.Generator) -> np.ndarray:
    """Turned, blurred and noisy, more so with the level from 0 to 5."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-1, 1) * level * 3, 1)
    seen = cv2.warpAffine(page, turn, (width, height), borderValue=120)
    seen = cv2.GaussianBlur(seen, (0, 0), 0.3 + 0.35 * level)
    return (seen + rng.normal(0, 4 * level, seen.shape)).clip(0, 255).astype(np.uint8)


class TestSeal:
    """A seal for lists: its certificate, and how its fingerprint is spelled by the publisher."""

    __test__ = False

    def __init__(self, *, start: date = date(2026, 1, 1), end: date = date(2028, 1, 1), bits: int = 2048) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        self.certificate = _certificate("Seal", "Seal", self.key, self.key, start=start, end=end)
        self.der = self.certificate.public_bytes(Encoding.DER)
        self.fingerprint = hashlib.sha256(self.der).hexdigest()


def signed_list(authority: TestAuthority, seal: TestSeal, *, issued: str = "2026-05-11") -> bytes:
    """A trust list sealed as France Titres seals its own, to be renewed by 11 May 2027."""
    encoded = base64.b64encode(authority.certificate.public_bytes(Encoding.DER)).decode()
    tsl, ds = "http://uri.etsi.org/02231/v2#", "http://www.w3.org/2000/09/xmldsig#"
    root = etree.fromstring(
        f'<t:TrustServiceStatusList xmlns:t="{tsl}" xmlns:ds="{ds}"><t:SchemeInformation>'
        f"<t:ListIssueDateTime>{issued}T14:00:00Z</t:ListIssueDateTime>"
        "<t:NextUpdate><t:dateTime>2027-05-11T14:00:00Z</t:dateTime></t:NextUpdate></t:SchemeInformation>"
        "<t:TrustServiceProvider><t:TSPInformation><t:TSPTradeName>"
        f"<t:Name>{authority.name}</t:Name></t:TSPTradeName></t:TSPInformation><t:ServiceInformation>"
        f"<t:ServiceDigitalIdentity><t:X509Certificate>{encoded}</t:X509Certificate></t:ServiceDigitalIdentity>"
        "<t:ServiceStatus>http://uri.etsi.org/TrstSvc/Svcstatus/inaccord</t:ServiceStatus>"
        "<t:StatusStartingTime>2025-01-01T00:00:00Z</t:StatusStartingTime>"
        "</t:ServiceInformation></t:TrustServiceProvider><!-- seal follows --></t:TrustServiceStatusList>"
    )
    canonical = {"method": "c14n", "exclusive": True, "with_comments": False}
    digest = base64.b64encode(hashlib.sha256(etree.tostring(root, **canonical)).digest()).decode()
    signature = etree.SubElement(root, f"{{{ds}}}Signature")
    described = etree.SubElement(signature, f"{{{ds}}}SignedInfo")
    exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    etree.SubElement(described, f"{{{ds}}}CanonicalizationMethod", Algorithm=exclusive)
    method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    etree.SubElement(described, f"{{{ds}}}SignatureMethod", Algorithm=method)
    reference = etree.SubElement(described, f"{{{ds}}}Reference", URI="")
    etree.SubElement(reference, f"{{{ds}}}DigestMethod", Algorithm="http://www.w3.org/2001/04/xmlenc#sha256")
    etree.SubElement(reference, f"{{{ds}}}DigestValue").text = digest
    value = seal.key.sign(etree.tostring(described, **canonical), padding.PKCS1v15(), hashes.SHA256())
    etree.SubElement(signature, f"{{{ds}}}SignatureValue").text = base64.b64encode(value).decode()
    info = etree.SubElement(etree.SubElement(signature, f"{{{ds}}}KeyInfo"), f"{{{ds}}}X509Data")
    shown = etree.SubElement(info, f"{{{ds}}}X509Certificate")
    shown.text = base64.b64encode(seal.der).decode()
    return etree.tostring(root)
