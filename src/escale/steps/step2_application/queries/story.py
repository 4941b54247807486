"""Step 2 on the applicant's timeline."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.queries import Line
from escale.steps.step2_application import rules
from escale.steps.step2_application.models import Application as Row
from escale.steps.step2_application.queries.reading import draft, open_corrections
from escale.steps.step2_application.rules import N_
from escale.ui.timeline import StepView

_URL_OF_PAGE = {
    "motive": "application_motive",
    "identity": "application_identity",
    "contact": "application_contact",
    "passport": "application_passport",
    "documents": "application_documents",
    "photo": "application_photo",
    "stamp": "application_stamp",
}


def _link(name: str, case: Case, label: str) -> tuple[str, str]:
    return reverse(name, args=[case.reference]), label


def _draft_view(case: Case) -> StepView:
    lacking = rules.missing(draft(case))
    begun = Row.objects.filter(case_id=case.id).exists()
    before = ledger.last_moment(case.id, DeadlineKind.DRAFT_LAPSE)
    if not begun:
        action = _link("application_motive", case, _("Commencer ma demande"))
        sentence = _("Remplissez votre demande de renouvellement.")
        detail = _("Comptez quinze minutes. Tout est enregistré à chaque page.")
    elif lacking:
        action = _link(_URL_OF_PAGE[lacking[0].page], case, _("Continuer ma demande"))
        sentence = _("Complétez votre demande de renouvellement.")
        detail = _("Il reste : %(things)s") % {"things": " ".join(_(lack.text) for lack in lacking[:3])}
    else:
        action = _link("application_review", case, _("Vérifier et envoyer ma demande"))
        sentence = _("Votre demande est complète : vérifiez-la et envoyez-la.")
        detail = ""
    return StepView(2, "now", sentence, detail, actions=(action,), before=before)


def _correction_view(case: Case) -> StepView:
    waiting = list(open_corrections(case.id).values())
    before = ledger.last_moment(case.id, DeadlineKind.CORRECTION_LAPSE)
    if not waiting:
        action = _link("application_review", case, _("Renvoyer ma demande corrigée"))
        return StepView(
            2, "now", _("Vos corrections sont prêtes : renvoyez votre demande."), actions=(action,), before=before
        )
    names = ", ".join(_(sent.label) for sent in waiting)
    action = _link(_URL_OF_PAGE[waiting[0].page], case, _("Corriger ma demande"))
    detail = _("À reprendre : %(names)s. Tout le reste est gardé.") % {"names": names}
    return StepView(
        2, "now", _("L’agent consulaire vous demande une correction."), detail, actions=(action,), before=before
    )


_ENDED: dict[str, str] = {
    "refused": N_("Votre demande est refusée."),
    "directed_in_person": N_("Votre demande se poursuit en personne, au poste consulaire."),
    "withdrawn": N_("Vous avez retiré votre demande."),
    "lapsed": N_("Votre demande a pris fin : le délai est passé."),
}


def timeline(case: Case, lines: list[Line]) -> StepView:
    """Step 2 as the applicant reads it."""
    at = {type(line.event): line.at for line in lines}
    state = case.application
    read = (_link("application_summary", case, _("Relire ma demande")),)
    if case.identity != "eligible" and state == "draft":
        return StepView(2, "next", _("Votre demande s’ouvre quand les conditions sont vérifiées."))
    if state in _ENDED:
        decided = state in {"refused", "directed_in_person"}
        why = (_link("application_summary", case, _("Voir pourquoi et que faire")),) if decided else read
        return StepView(2, "stopped", _(_ENDED[state]), at=case.closed_at, actions=why)
    if state == "draft":
        return _draft_view(case)
    if state == "correction_requested":
        return _correction_view(case)
    if state == "submitted":
        sent_at = at.get(e.CorrectionSubmitted) or at.get(e.ApplicationSubmitted)
        return StepView(
            2,
            "waiting",
            _("Votre demande est lue par un agent consulaire."),
            _("Vous n’avez rien à faire. S’il manque quelque chose, il vous l’écrira."),
            at=sent_at,
            actions=read,
        )
    return StepView(2, "done", _("Votre demande est acceptée."), at=at.get(e.ApplicationAccepted), actions=read)
