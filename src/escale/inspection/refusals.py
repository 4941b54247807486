"""Why a file is refused: one stable code each, and the exact words for the person who sent it."""

from __future__ import annotations

_TEXTS: dict[str, tuple[str, str]] = {
    "empty": (
        "Le fichier est vide. Vérifiez qu’il s’ouvre sur votre appareil, puis envoyez-le de nouveau.",
        "The file is empty. Check that it opens on your device, then send it again.",
    ),
    "too_heavy": (
        "Le fichier pèse {size} Mo ; la limite est de {limit} Mo. Réduisez-le ou prenez une photo moins lourde.",
        "The file weighs {size} MB; the limit is {limit} MB. Make it smaller or take a lighter picture.",
    ),
    "unknown_type": (
        "Ce fichier n’est ni une image JPEG, PNG ou HEIC, ni un PDF : {found}. "
        "Enregistrez-le dans l’un de ces formats, ou choisissez un autre fichier.",
        "This file is not a JPEG, PNG or HEIC picture, nor a PDF: {found}. "
        "Save it in one of these formats, or choose another file.",
    ),
    "not_an_image": (
        "Une image est attendue ici (JPEG, PNG ou HEIC), pas un PDF. Envoyez la photo elle-même.",
        "A picture is expected here (JPEG, PNG or HEIC), not a PDF. Send the photo itself.",
    ),
    "damaged": (
        "Le fichier est abîmé ou incomplet : il n’a pas pu être lu jusqu’au bout. "
        "Enregistrez-le de nouveau depuis l’original, puis renvoyez-le.",
        "The file is damaged or incomplete: it could not be read to the end. "
        "Save it again from the original, then send it again.",
    ),
    "too_many_pixels": (
        "L’image est trop grande : {width} × {height} points, au plus {limit} millions. Réduisez ses dimensions.",
        "The picture is too large: {width} × {height} pixels, {limit} million at most. Reduce its dimensions.",
    ),
    "too_small": (
        "L’image est trop petite pour être lue : {width} × {height} points. Envoyez le fichier d’origine.",
        "The picture is too small to be read: {width} × {height} pixels. Send the original file.",
    ),
    "animated": (
        "Le fichier contient plusieurs images ou une animation. Envoyez une seule image fixe.",
        "The file holds several pictures or an animation. Send a single still picture.",
    ),
    "password": (
        "Le PDF est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe, puis envoyez-la.",
        "The PDF is protected by a password. Save a copy without a password, then send it.",
    ),
    "no_page": (
        "Le PDF ne contient aucune page.",
        "The PDF holds no page.",
    ),
    "too_many_pages": (
        "Le PDF compte {pages} pages ; la limite est de {limit}. Envoyez seulement les pages demandées.",
        "The PDF has {pages} pages; the limit is {limit}. Send only the pages asked for.",
    ),
    "page_too_large": (
        "Une page du PDF mesure {width} × {height} mm ; la limite est de {limit} mm. Envoyez un format courant (A4).",
        "A page of the PDF measures {width} × {height} mm; the limit is {limit} mm. Send a usual size (A4).",
    ),
    "too_complex": (
        "Le fichier demande trop de mémoire ou de temps pour être ouvert sans danger. "
        "Envoyez une simple photo ou une numérisation du document.",
        "The file needs too much memory or time to be opened safely. Send a plain photo or a scan of the document.",
    ),
    "infected": (
        "L’antivirus a reconnu un logiciel malveillant dans ce fichier : il n’a pas été conservé. "
        "Vérifiez votre appareil, puis envoyez une copie saine.",
        "The antivirus recognised malicious software in this file: it was not kept. "
        "Check your device, then send a clean copy.",
    ),
    "scanner_unavailable": (
        "L’antivirus ne répond pas : par prudence, aucun fichier n’est accepté pour le moment. "
        "Votre démarche est conservée ; réessayez dans quelques minutes.",
        "The antivirus does not answer: as a precaution, no file is accepted for now. "
        "Your application is kept; try again in a few minutes.",
    ),
    "inspection_failed": (
        "Le fichier n’a pas pu être contrôlé pour une raison technique. Il n’a pas été conservé ; réessayez.",
        "The file could not be checked for a technical reason. It was not kept; try again.",
    ),
}

CODES = frozenset(_TEXTS)


class UploadRefused(Exception):
    """A file is not accepted.

    ``code`` is stable (one of :data:`CODES`); ``fr`` and ``en`` say why and what to do. Neither ever quotes the
    file's content, nor its name.
    """

    def __init__(self, code: str, *, fr: str, en: str) -> None:
        super().__init__(code)
        self.code = code
        self.fr = fr
        self.en = en

    def text(self, lang: str) -> str:
        """The reason in ``fr`` or ``en`` (any other language reads French)."""
        return self.en if lang.startswith("en") else self.fr


def refusal(code: str, **facts: object) -> UploadRefused:
    """The refusal of this code, its words filled with ``facts``. A fact may be a pair (French, English)."""
    french, english = _TEXTS[code]
    in_french = {name: value[0] if isinstance(value, tuple) else value for name, value in facts.items()}
    in_english = {name: value[1] if isinstance(value, tuple) else value for name, value in facts.items()}
    return UploadRefused(code, fr=french.format(**in_french), en=english.format(**in_english))
