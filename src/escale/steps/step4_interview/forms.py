"""Forms of step 4, and the words of its refusals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from dsfr.widgets import InlineRadioSelect

from escale.steps.step4_interview import rules, words
from escale.ui.forms import Form, conditional
from escale.ui.said import SaidForm, box, ready_box

TEXTS = {
    "slot_unknown": _("Choisissez un créneau dans la liste."),
    "slot_taken": _("Ce créneau vient d’être pris. Les autres sont à jour : choisissez-en un."),
    "already_booked": _("Vous avez déjà un rendez-vous : déplacez-le si l’heure ne convient pas."),
    "same_slot": _("Ce rendez-vous est déjà le vôtre : rien n’a changé."),
    "appointment_changed": _(
        "Votre rendez-vous a changé entre-temps, peut-être dans un autre onglet. Rien de plus n’est fait : relisez-le."
    ),
    "nothing_to_book": _("Il n’y a pas de rendez-vous à prendre à ce stade du dossier."),
    "nothing_booked": _("Aucun rendez-vous n’est en cours."),
    "too_late_to_change": _(
        "Un rendez-vous se déplace ou s’annule jusqu’à {hours} heures avant. Écrivez à votre poste."
    ),
    "reason_missing": _("Choisissez la raison : l’usager la lira."),
    "waiting_closed": _("Il n’y a pas de rendez-vous à attendre à ce stade du dossier."),
    "waiting_needless": _("Des créneaux sont libres, ou votre rendez-vous est trop proche : choisissez dans la liste."),
    "offer_over": _("Cette proposition n’est plus en cours."),
    "already_lent": _("Cet agent est déjà prêté à ce poste, ou la proposition attend sa réponse."),
    "lent_home": _("Un agent tient déjà les entretiens de son propre poste : choisissez un autre poste."),
    "still_booked": _("Cet agent tient encore des entretiens pris avec ce poste : attendez qu’ils aient eu lieu."),
    "answered": _("Cette proposition a déjà reçu sa réponse, ou a été retirée."),
    "end_before_today": _("Le dernier jour ne peut pas être passé."),
    "day_over": _("Ce jour est passé."),
    "zone_unknown": _("Choisissez une horloge dans la liste."),
    "language_unknown": _("Choisissez une langue dans la liste."),
    "doors_closed": _("La salle ouvre trente minutes avant l’entretien et ferme après lui."),
    "conflict_unsaid": _("Déclarez que vous ne connaissez pas cette personne, ou signalez un conflit d’intérêts."),
    "conflict_of_interest": _("Vous avez déclaré un conflit d’intérêts : un autre agent doit s’en charger."),
    "interrupt_first": _("L’entretien a commencé : interrompez-le d’abord."),
    "not_under_way": _("Aucun entretien n’est en cours pour ce dossier."),
    "other_agent_holds": _("Un autre agent mène cet entretien."),
    "mrz_shape": _("La zone compte deux lignes de 44 caractères : lettres, chiffres et chevrons « < »."),
    "mrz_check": _("Un caractère est faux : une clé de contrôle ne correspond pas. Relisez les deux lignes."),
    "challenge_unknown": _("Ce défi n’existe pas."),
    "challenge_used": _("Ce défi a déjà servi. Tirez-en un autre."),
    "challenge_expired": _("Le temps de ce défi est passé. Tirez-en un autre."),
    "challenge_kind": _("Choisissez un défi dans la liste."),
    "challenge_why": _("Dites pourquoi vous choisissez le défi au lieu de le tirer au sort."),
    "challenge_device": _("Ce défi se réussit par les deux appareils de l’usager, pas par votre appréciation."),
    "presence_code": _("Ce code n’est pas, ou n’est plus, valable. Relisez-le sur l’écran de l’entretien."),
    "presence_answer": _("Ce n’est pas le nombre affiché sur l’autre appareil. Relisez-le."),
    "still_purpose": _("Choisissez ce que montre l’image."),
    "still_unknown": _("Cette image n’a pas été demandée."),
    "still_taken": _("Cette image est déjà prise."),
    "still_untold": _("L’usager n’est pas encore prévenu : l’image n’est pas prise."),
    "still_late": _("Le temps de cette image est passé. Redemandez-la."),
    "still_shape": _("Cette image ne peut pas être lue."),
    "no_backup": _("Aucune salle de secours n’est prévue. Continuez par écrit, ou interrompez pour panne technique."),
    "backup_silent": _("La salle de secours ne répond pas. Continuez par écrit, ou interrompez pour panne technique."),
    "backup_refused": _(
        "La salle de secours refuse de s’ouvrir à votre adresse professionnelle. Continuez par écrit, ou interrompez "
        "pour panne technique, puis prévenez la personne qui administre le service."
    ),
    "controls_missing": _("Il manque un contrôle : l’entretien ne peut pas être clos."),
    "not_held": _("L’entretien n’est pas terminé."),
    "reauthentication_required": _("Confirmez d’abord votre identité : elle date de plus de dix minutes."),
    "same_agent": _("Un second agent doit décider : vous avez mené l’entretien ou demandé son avis."),
    "ground_missing": _("Choisissez la règle qui fonde votre décision."),
    "reasons_missing": _("Choisissez un motif prêt, ou écrivez les motifs : l’usager les lira."),
    "decision_unknown": _("Choisissez une décision."),
    "message_refused": _("Ce message ne peut pas passer maintenant."),
    "message_too_long": _("Ce message est trop long."),
    "InterviewBooked": _("La réservation n’est pas ouverte : votre demande doit d’abord être validée."),
    "InterviewMoved": _("Ce rendez-vous ne peut plus être déplacé."),
    "InterviewCancelled": _("Ce rendez-vous ne peut plus être annulé."),
    "InterviewStarted": _("Cet entretien ne peut pas commencer maintenant."),
    "InterviewFailedTechnically": _("Aucun entretien n’est en cours."),
    "InterviewHeld": _("Aucun entretien n’est en cours."),
    "InterviewApproved": _("La décision est déjà prise, ou l’entretien n’a pas eu lieu."),
    "InterviewRefused": _("La décision est déjà prise, ou l’entretien n’a pas eu lieu."),
    "InterviewDirectedInPerson": _("La décision est déjà prise, ou l’entretien n’a pas eu lieu."),
    "SecondOpinionRequested": _("Un second avis est déjà demandé."),
}


class SheetForm(Form):
    """The verdicts the agent gives with their eyes; all may be filled little by little."""

    own_doubt = forms.BooleanField(label=_("J’ai un autre doute : demander un second avis"), required=False)
    remarks = forms.CharField(
        label=_("Remarques (non communiquées)"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        controls = ("passport_shown", "face_photo", "face_previous", "answers")
        for control in controls:
            self.fields[control] = forms.ChoiceField(
                label=words.CONTROLS[control],
                choices=list(words.VERDICTS.items()),
                required=False,
                widget=InlineRadioSelect(),
            )
        self.order_fields(controls)

    @property
    def verdicts(self) -> list[forms.BoundField]:
        """The controls judged by eye, one row each. None is optional in the end: the sheet says what is missing."""
        return [self[name] for name in ("passport_shown", "face_photo", "face_previous", "answers")]

    @property
    def controls(self) -> dict[str, str]:
        return {control: value for control in rules.CONTROLS if (value := self.cleaned_data.get(control))}


class MrzForm(Form):
    mrz = forms.CharField(
        label=_("Zone lue par machine du passeport montré"),
        help_text=_("Les deux lignes du bas de la page, telles quelles."),
        max_length=200,
        error_messages={"required": _("Recopiez les deux lignes, ou dites que la zone est illisible.")},
        widget=forms.Textarea(
            attrs={"rows": 2, "cols": 46, "spellcheck": "false", "autocomplete": "off", "class": "fr-input step4-mrz"}
        ),
    )


class DecisionForm(SaidForm):
    decision = forms.ChoiceField(
        label=_("Décision"),
        choices=[
            ("approve", _("Valider la demande")),
            ("refuse", _("Refuser la demande")),
            ("in_person", _("Orienter vers la comparution personnelle")),
        ],
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choisissez une décision.")},
    )
    ground = forms.ChoiceField(label=_("Règle (pour un refus ou une orientation)"), required=False)
    ready = conditional(ready_box(_("Motif prêt, dans les deux langues")))
    reasons = conditional(box(_("Motifs en français, que l’usager lira"), rows=4, most=2000))
    reasons_en = conditional(box(_("Les mêmes motifs en anglais"), rows=4, most=2000))

    boxes = ("reasons", "reasons_en")
    sentences = words.ENDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", "—")] + [
            (code, f"{words.GROUNDS[code]} ({article})") for code, article in rules.GROUNDS.items()
        ]
        self.fields["ground"].choices = offered
