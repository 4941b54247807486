"""Gate 1 point by point: what was declared, what the register and the machine say of it, the pieces that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.models import StampState
from escale.ui.templatetags.ui import colon

URGENT_DAYS = 30
DATA_PAGE = "passport_page"

type Compared = tuple[str, str, str, bool | None]
"""What is compared, on one side and on the other, and whether they agree; None where one of them is not known."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing an agent looks at before accepting.

    ``code`` names it in the form; ``facts`` are (label, value) lines; ``findings`` say what a machine found, each with
    its verdict: ``ok``, ``check`` or ``no``; ``items`` can be sent back, each with words of its own.
    """

    code: str
    label: str
    facts: list[tuple[str, str]]
    findings: list[dict[str, str]]
    items: tuple[str, ...]
    documents: tuple[queries.Doc, ...] = ()
    compared: Sequence[Compared] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """The worst finding; ``eye`` when no machine looked."""
        verdicts = {line["verdict"] for line in self.findings}
        return next((name for name in ("no", "check", "ok") if name in verdicts), "eye")


def _line(text: str, verdict: str) -> dict[str, str]:
    return {"text": text, "verdict": verdict}


def _day(day: Any) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else "—"


def points(case: Case, application: queries.Application, now: datetime) -> list[Point]:
    """Everything to look at, in the order of the application."""
    read, summary = application.draft, ledger.summary(case)
    by_kind: dict[str, tuple[queries.Doc, ...]] = {}
    for doc in application.documents:
        by_kind[doc.kind] = (*by_kind.get(doc.kind, ()), doc)
    found = [_motive(application, read), _identity(application, summary), _contact(application, read, summary, now)]
    found.append(_passport(application, summary, by_kind.get(DATA_PAGE, ())))
    wanted = {document.kind for document in rules.documents_wanted(read)} | set(by_kind)
    for document in rules.DOCUMENTS:
        if document.kind in wanted and document.kind != DATA_PAGE:
            found.append(_document(document, by_kind.get(document.kind, ())))
    found.append(_photo(by_kind))
    if not application.free:
        found.append(_stamp(application))
    return found


def untouched(found: list[Point], ticked: set[str], *, all_right: bool) -> list[Point]:
    """Points still to be looked at. ``all_right`` vouches for those a machine found right, if it objects to none."""
    vouched = {point.code for point in found if point.verdict == "ok"} if all_right and green(found) else set()
    return [point for point in found if point.code not in ticked | vouched]


def green(found: list[Point]) -> bool:
    """Whether every automatic check is positive. A point no machine looked at stays to be looked at by eye."""
    return all(point.verdict in {"ok", "eye"} for point in found)


def _motive(application: queries.Application, read: rules.Draft) -> Point:
    motive = rules.MOTIVE.get(application.motive)
    price = _("gratuit, garde l’ancienne date") if application.free else _("payant, valable dix ans")
    findings = [] if motive is None else [_line(_("Motif admis et prix cohérent."), "ok")]
    if application.motive == "error":
        findings = [_line(_("Erreur de l’administration : à vérifier sur la déclaration."), "check")]
    facts = [(_("Motif"), _(motive.label) if motive else "—"), (_("Prix"), price)]
    return Point("motive", _("Motif de la demande"), facts, findings, ("motive",))


def _identity(application: queries.Application, summary: dict[str, Any]) -> Point:
    known = str(summary.get("usage_name") or "")
    same = application.usage_name == known
    facts = [
        (_("Nom et prénoms (FranceConnect+)"), f"{summary['family_name']} {summary['given_names']}"),
        (_("Taille, yeux"), f"{application.height_cm} cm, {_(_eyes(application.eye_colour))}"),
    ]
    findings = [
        _line(_("Nom d’usage inchangé."), "ok")
        if same
        else _line(_("Nouveau nom d’usage : à prouver par l’acte joint."), "check")
    ]
    compared: list[Compared] = [(_("Nom d’usage"), application.usage_name or "—", known or "—", same)]
    items = ("usage_name", "height_cm", "eye_colour")
    return Point("identity", _("Identité"), facts, findings, items, compared=compared)


def _eyes(code: str) -> str:
    return dict(rules.EYE_COLOURS).get(code, "—")


def _contact(application: queries.Application, read: rules.Draft, summary: dict[str, Any], now: datetime) -> Point:
    address = summary["address"]
    place = [address["line1"], address.get("line2", ""), f"{address['postcode']} {address['city']}", address["country"]]
    hosted = _("oui") if read.hosted else _("non")
    facts = [(_("Adresse au Registre"), ", ".join(part for part in place if part)), (_("Hébergé"), hosted)]
    if application.travel_on is not None:
        facts.append((_("Voyage prévu"), _day(application.travel_on)))
    soon = application.travel_on is not None and (application.travel_on - now.date()).days <= URGENT_DAYS
    findings = [_line(_("Adresse lue au Registre, elle ne se saisit pas."), "ok")]
    if soon:
        findings.append(_line(_("Voyage prévu bientôt."), "check"))
    return Point("contact", _("Coordonnées"), facts, findings, ("hosted", "travel_on", "phone"))


def _passport(application: queries.Application, summary: dict[str, Any], pages: tuple[queries.Doc, ...]) -> Point:
    """The passport as typed, beside its machine readable zone; the page also shows the previous photo."""
    typed = application.passport_number.text if application.passport_number else ""
    facts = [(_("Délivré le"), _day(application.passport_issued_on))]
    if application.keeps_visa:
        facts.append((_("Visa à garder, jusqu’au"), _day(application.visa_until)))
    items = ("passport_number", "passport_issued_on", "passport_expires_on", "keeps_visa", DATA_PAGE)
    zones = [doc.findings["mrz"] for doc in pages if doc.findings.get("mrz", {}).get("valid")]
    zone = zones[-1] if zones else None
    expires = application.passport_expires_on
    compared: list[Compared]
    if zone is None:
        compared = [(_("Numéro"), typed, "—", None), (_("Expire le"), _day(expires), "—", None)]
        findings = [notice for doc in pages for notice in doc.notices]
        findings = findings or [_line(_("Zone du passeport non lue : comparer à l’œil."), "check")]
        return Point("passport", _("Passeport actuel"), facts, findings, items, pages, compared)
    parts = zip(zone["birth"].split("-"), summary["birthdate"].split("-"), strict=True)
    same_birth = all(read == said or "00" in (read, said) for read, said in parts)
    same_expiry = bool(expires) and zone["expires_on"] == expires.isoformat()  # type: ignore[union-attr]  # checked
    compared = [
        (_("Numéro"), typed, zone["number"], zone["number"] == typed),
        (_("Expire le"), _day(expires), _iso(zone["expires_on"]), same_expiry),
        (_("Naissance (FranceConnect+)"), _iso(summary["birthdate"]), _iso(zone["birth"]), same_birth),
    ]
    findings = [
        _line(_("%(what)s : identiques") % {"what": what}, "ok")
        if same
        else _line(_("%(what)s : différents") % {"what": what}, "no")
        for same, what in (
            (zone["number"] == typed, _("Numéro saisi et numéro lu sur le passeport")),
            (same_expiry, _("Date d’expiration saisie et date lue sur le passeport")),
            (same_birth, _("Date de naissance de FranceConnect+ et du passeport")),
        )
    ]
    return Point("passport", _("Passeport actuel"), facts, findings, items, pages, compared)


def _iso(text: str) -> str:
    """« 24/08/1962 »; a day unknown to the civil register is shown as it was given."""
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}"


def _document(document: rules.Document, files: tuple[queries.Doc, ...]) -> Point:
    findings = [_line(told["text"], told["verdict"]) for doc in files for told in (*doc.notices, *doc.told)]
    if not files:
        findings = [_line(_("Pièce absente."), "no")]
    facts = [(_("Doit montrer"), _(document.hint))]
    return Point(document.kind, _(document.label), facts, findings, (document.kind,), files)


def _photo(by_kind: dict[str, tuple[queries.Doc, ...]]) -> Point:
    """The photo, beside the page that bears the previous one."""
    photos = by_kind.get(queries.PHOTO, ())[-1:]
    report = photos[0].findings.get("en" if get_language() == "en" else "fr", {}) if photos else {}
    verdicts = {"not_compliant": "no", "to_check": "check"}
    if not photos:
        findings = [_line(_("Pièce absente."), "no")]
    elif not report:
        findings = []
    elif report["engine"] == "off":
        findings = [_line(_("Photo : vérification automatique indisponible."), "check")]
    else:
        findings = [
            _line(f"{check['title']}{colon()}{check['reason']}", verdicts[check["verdict"]])
            for check in report["checks"]
            if check["verdict"] in verdicts
        ] or [_line(_("Photo : rien à signaler."), "ok")]
    findings = [*(photos[0].notices if photos else []), *findings]
    facts = [
        (_("À comparer"), _("avec la photo du passeport actuel, ci-contre")),
        (
            _("Toujours à l’œil"),
            _("tête nue, cheveux sur le visage, ressemblance, photo de moins de six mois, retouches"),
        ),
    ]
    return Point("photo", _("Photo"), facts, findings, ("photo",), (*photos, *by_kind.get(DATA_PAGE, ())[:1]))


def _stamp(application: queries.Application) -> Point:
    reserved = application.draft.stamp in {StampState.RESERVED, StampState.CONSUMED}
    finding = (
        _line(_("Réservé pour cette demande auprès de l’émetteur du timbre."), "ok")
        if reserved
        else _line(_("Pas encore réservé auprès de l’émetteur du timbre."), "check")
    )
    facts = [(_("Numéro du timbre"), application.stamp_masked or "—")]
    return Point("stamp", _("Timbre électronique"), facts, [finding], ("stamp",))
