"""Words of step 4: controls, challenges, questions, flags, grounds, phases. French is the reference."""

from __future__ import annotations

from django.utils.translation import gettext as _t, gettext_lazy as _, override

CONTROLS = {
    "passport_shown": _("Le passeport est montré, ouvert à la page de la photo, incliné pour voir ses sécurités."),
    "mrz": _("La zone lue par machine correspond au dossier."),
    "face_photo": _("Le visage est celui de la photo de la demande."),
    "face_previous": _("Le visage est celui de la photo du passeport montré."),
    "challenge": _("Le défi tiré au sort est réussi."),
    "answers": _("Les réponses aux questions sont justes."),
}
VERDICTS = {"ok": _("Conforme"), "doubt": _("Doute")}
FLAGS = {
    "passport_doubt": _("doute sur le passeport montré"),
    "mrz_mismatch": _("la zone lue par machine diffère du dossier"),
    "face_doubt": _("doute sur le visage"),
    "challenge_failed": _("défi échoué"),
    "answers_doubt": _("doute sur les réponses"),
    "address_changed": _("changement d’adresse récent"),
    "agent": _("doute signalé par l’agent"),
}
LANGUAGES = {"fr": _("français"), "en": _("anglais"), "es": _("espagnol"), "pt": _("portugais")}
MRZ_FIELDS = {
    "number": _("le numéro du passeport"),
    "country": _("le pays"),
    "surname": _("le nom"),
    "given_names": _("les prénoms"),
    "birth": _("la date de naissance"),
    "sex": _("le sexe"),
    "expiry": _("la date d’expiration"),
    "unreadable": _("zone illisible à l’écran"),
}
QUESTIONS = {
    "second_name": _("Quel est votre deuxième prénom ?"),
    "city": _("Dans quelle ville habitez-vous ?"),
    "postcode": _("Quel est votre code postal ?"),
    "street": _("Quelle est votre adresse ?"),
    "numic_end": _("Quels sont les trois derniers chiffres de votre NUMIC ?"),
    "usage_name": _("Quel est votre nom d’usage ?"),
    "height": _("Quelle taille avez-vous déclarée ?"),
    "issue_year": _("En quelle année votre passeport actuel a-t-il été délivré ?"),
    "passport_end": _("Quels sont les deux derniers chiffres de votre passeport actuel ?"),
}
GROUNDS = {
    "identity_doubt": _("Un doute demeure sur votre identité."),
    "not_eligible": _("Vous ne remplissez pas, ou plus, les conditions de la démarche à distance."),
    "file_not_compliant": _("Votre dossier n’est pas conforme."),
    "validity_doubt": _("Un doute demeure sur la validité de votre titre ou de vos pièces."),
    "applicant_wish": _("Vous avez demandé à venir en personne."),
    "missed_twice": _("Vous avez manqué deux entretiens."),
}
# Sentences kept ready for the agent who refuses or directs to an appointment, in both languages.
ENDS = {
    "face": _("Votre visage n’a pas pu être reconnu avec certitude sur les photos de votre dossier."),
    "passport": _("Le passeport montré à l’entretien n’est pas celui de votre dossier, ou n’a pas pu être lu."),
    "answers": _("Vos réponses aux questions tirées de votre dossier ne permettent pas de lever le doute."),
    "wish": _("Vous l’avez demandé pendant l’entretien."),
}
# Why the post moves or cancels an interview: what agents choose from, and what the applicant reads.
REASONS = {
    "agent_away": _("L’agent qui devait vous recevoir est absent."),
    "post_closed": _("Le poste est fermé ce jour-là."),
    "equipment": _("Le poste a un empêchement technique."),
    "applicant_asked": _("Vous avez demandé ce changement au poste."),
}
# What the agent may ask for instead of chance, and why.
CHALLENGE_KINDS = {
    "any": _("Tiré au sort"),
    "device": _("Second appareil"),
    "gesture": _("Un geste"),
    "voice": _("Un nombre à lire à voix haute"),
    "passport": _("Le passeport à incliner"),
}
CHALLENGE_WHYS = {
    "hearing": _("L’usager entend ou parle difficilement"),
    "sight": _("L’usager voit difficilement"),
    "mobility": _("L’usager bouge difficilement"),
    "equipment": _("Son équipement ne le permet pas"),
}
STILLS = {"passport": _("Passeport"), "face": _("Visage")}
READINGS = {
    "match": _("la zone lue correspond au dossier"),
    "differs": _("la zone lue diffère du dossier"),
    "unread": _(
        "zone non lue : faites approcher la page jusqu’à remplir l’image, à plat, sans reflet ; ou recopiez-la"
    ),
}
_GESTURES = {
    "turn_left": _("Tournez lentement la tête vers votre gauche."),
    "turn_right": _("Tournez lentement la tête vers votre droite."),
    "hand_over_face": _("Passez lentement la main ouverte devant votre visage."),
    "tilt_passport": _("Inclinez votre passeport ouvert vers la lumière."),
}


# The same in a table of figures: by kind, whatever number or side was drawn.
CHALLENGES = {
    "turn_left": _("tourner la tête à gauche"),
    "turn_right": _("tourner la tête à droite"),
    "hand_over_face": _("main devant le visage"),
    "fingers": _("montrer des doigts"),
    "touch_ear": _("toucher une oreille"),
    "read_number": _("lire un nombre"),
    "tilt_passport": _("incliner le passeport"),
    "device": _("second appareil"),
}


def challenge(code: str) -> str:
    """A challenge as the applicant reads it, in the active language."""
    kind, _separator, value = code.partition(":")
    if kind == "device":
        return _t("Prenez un second appareil, un téléphone par exemple.")
    if kind == "fingers":
        return _t("Montrez %(number)s doigts près de votre visage.") % {"number": value}
    if kind == "read_number":
        return _t("Lisez à voix haute, chiffre par chiffre : %(number)s.") % {"number": " ".join(value)}
    if kind == "touch_ear":
        left = _t("Touchez votre oreille gauche.")
        return left if value == "left" else _t("Touchez votre oreille droite.")
    return str(_GESTURES[kind])


def ground(code: str, language: str) -> str:
    """Why a request was refused, in a language; a code without words reads as nothing."""
    with override(language):
        return str(GROUNDS[code]) if code in GROUNDS else ""


def reason(code: str, language: str) -> str:
    """Why the post changed an appointment, in a language; a code without words reads as nothing."""
    with override(language):
        return str(REASONS[code]) if code in REASONS else ""
