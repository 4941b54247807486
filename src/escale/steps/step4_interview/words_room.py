"""What the room's and the rehearsal's scripts say: they hold no words of their own. French is the reference."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy, ngettext

# What an agent opens of the interview, as the applicant reads it among the openings of their file.
PARTS = {
    "interview": gettext_lazy("la fiche de votre entretien"),
    "still": gettext_lazy("une image prise pendant l’entretien"),
}
# Whose room it is, when it is not ours, as both sides read it.
SERVICES = {
    "webconf": gettext_lazy("L’entretien a lieu sur la Webconférence de l’État."),
    "visio": gettext_lazy("L’entretien a lieu sur Visio, le service de visioconférence de l’État."),
}
# What the statistics call the minutes of an interview.
INTERVIEW_MINUTES = gettext_lazy("Entretien, de l’entrée à la clôture")


def room_texts(side: str) -> dict[str, str]:
    """The call, the quality of the line, what is in the way. ``side``: who reads, ``applicant`` or ``agent``."""
    return {
        "asking": _("Autorisez la caméra et le micro quand le navigateur le demande."),
        "alone": _("L’autre personne n’est pas encore là."),
        "there": _("L’autre personne est là."),
        "connecting": _("Connexion en cours…"),
        "connected": _("Vous êtes en communication."),
        "lost": _("La communication est coupée. Nouvelle tentative en cours…"),
        "left": _("L’autre personne a quitté la salle. Restez ici : elle peut revenir."),
        "over": _("La salle est fermée."),
        "network": _("Votre connexion à internet est interrompue. Nous réessayons."),
        "mute": _("Couper le micro"),
        "unmute": _("Rétablir le micro"),
        "camera_off": _("Couper la caméra"),
        "camera_on": _("Rétablir la caméra"),
        "me": _("Moi"),
        "other": _("L’autre personne"),
        "blocked": _("L’image et le son ne passent pas."),
        "blocked_here": _("Votre réseau bloque la voie (UDP) que prennent l’image et le son."),
        "blocked_there": _("Le réseau de l’autre personne bloque la voie (UDP) que prennent l’image et le son."),
        "blocked_between": _("Aucun chemin n’a été trouvé entre les deux réseaux."),
        "away": _("L’entretien continue dans une autre salle de visioconférence."),
        "unsent": _("Ce message n’est pas parti. Réessayez."),
        "still_failed": _("L’image n’a pas pu être prise. Redemandez-la."),
        **quality_texts(),
        **device_texts(),
        **(_of_the_agent() if side == "applicant" else {}),
    }


def _of_the_agent() -> dict[str, str]:
    """The applicant knows who the other person is."""
    return {
        "over": _("La salle est fermée. La page de votre demande dit ce qui suit."),
        "alone": _("L’agent consulaire n’est pas encore là."),
        "there": _("L’agent consulaire est là."),
        "left": _("L’agent consulaire a quitté la salle. Restez ici : il peut revenir."),
        "other": _("L’agent consulaire"),
        "blocked_there": _("Le réseau de l’agent bloque la voie (UDP) que prennent l’image et le son."),
    }


def quality_texts() -> dict[str, str]:
    """The quality of the line, in words; ``{rtt}``, ``{loss}`` and ``{rate}`` are filled by the script."""
    return {
        "quality_good": _("Liaison : bonne"),
        "quality_poor": _("Liaison : moyenne"),
        "quality_bad": _("Liaison : mauvaise. Coupez votre caméra : le son passera mieux."),
        "quality_detail": _("aller-retour {rtt} ms, pertes {loss} %, {rate} kbit/s"),
    }


def device_texts() -> dict[str, str]:
    """Why camera or microphone cannot be had."""
    return {
        "device_refused": _("Le navigateur n’a pas le droit d’utiliser la caméra ou le micro."),
        "device_missing": _("Aucune caméra ou aucun micro n’est branché sur cet appareil."),
        "device_busy": _("La caméra ou le micro est pris par une autre application. Fermez-la, puis recommencez."),
        "device_other": _("La caméra ou le micro ne répond pas."),
    }


def rehearsal_texts() -> dict[str, str]:
    """What the rehearsal's script says."""
    return {
        "camera_ok": _("Caméra : elle marche."),
        "camera_no": _("Caméra : aucune image."),
        "microphone_ok": _("Micro : on vous entend."),
        "microphone_no": _("Micro : aucun son."),
        "network_ok": _("Réseau : suffisant."),
        "network_no": _("Réseau : trop lent ou interrompu."),
        "network_relay": _("Réseau : suffisant, par un relais."),
        "network_blocked": _("Réseau : il bloque la voie (UDP) de l’image et du son. Essayez un autre réseau."),
        "speak": _("Parlez quelques secondes…"),
        **device_texts(),
    }


def permission_steps() -> list[tuple[str, str, str]]:
    """How to give the permission back: browser's code, its name, what to do."""
    return [
        (
            "chrome",
            "Chrome, Edge",
            _("Cliquez sur l’icône à gauche de l’adresse, autorisez « Caméra » et « Micro », puis rechargez la page."),
        ),
        (
            "firefox",
            "Firefox",
            _("Cliquez sur l’icône barrée à gauche de l’adresse, retirez le blocage, puis rechargez la page."),
        ),
        (
            "safari",
            "Safari",
            _(
                "Menu Safari, « Réglages pour ce site web » : caméra et micro sur « Autoriser ». Sur iPhone :"
                " bouton « aA » dans l’adresse, puis « Réglages du site web »."
            ),
        ),
    ]


def waiting(ahead: int, minutes: int) -> str:
    """The applicant's place in the waiting room and their wait, about."""
    if ahead:
        place = ngettext("%(count)s personne passe avant vous.", "%(count)s personnes passent avant vous.", ahead) % {
            "count": ahead
        }
    else:
        place = _("Vous êtes la prochaine personne reçue.")
    if minutes:
        how_long = ngettext(
            "Attente prévue : environ %(count)s minute.", "Attente prévue : environ %(count)s minutes.", minutes
        ) % {"count": minutes}
    else:
        how_long = _("L’agent peut vous faire entrer à tout moment.")
    return f"{place} {how_long}"


def still_announced(purpose: str) -> str:
    """Told before a still is taken."""
    if purpose == "passport":
        return _(
            "L’agent va prendre une image fixe de votre passeport : plusieurs en une seconde, dont une seule est "
            "gardée. Montrez la page de la photo, à plat et éclairée, sans bouger."
        )
    return _("L’agent va prendre une image fixe de votre visage. Regardez la caméra.")


def still_taken(purpose: str, reading: str) -> str:
    """Told once a still is taken; and, when nothing could be read on it, how to hold the page for the next one."""
    if purpose == "passport":
        said = _("L’image fixe de votre passeport est prise et scellée. L’historique de votre dossier la mentionne.")
        if reading != "unread":
            return said
        hold = _(
            "Les deux lignes du bas n’ont pas pu être lues : approchez la page de la caméra, à plat, sans reflet, "
            "sans bouger."
        )
        return f"{said} {hold}"
    return _("L’image fixe de votre visage est prise et scellée. L’historique de votre dossier la mentionne.")
