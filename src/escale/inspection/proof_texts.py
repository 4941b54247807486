"""What was found on a proof of address, in French and in English, by the code of the finding."""

from __future__ import annotations

from datetime import date

# Of a list that is not fit for use: said alike to the applicant and to the agent.
_OUR_SIDE = (
    "la signature du code 2D-Doc n’a pas pu être vérifiée. Cela ne vient pas du document, qui n’est pas refusé : "
    "un agent le vérifie lui-même.",
    "the signature of the 2D-Doc code could not be verified. This is not due to the document, which is not refused: "
    "an agent checks it.",
)

_TEXTS: dict[str, tuple[str, str]] = {
    "no_2d_doc": (
        "Le document ne porte pas de code 2D-Doc lisible, ce qui est normal pour un document établi hors de France : "
        "un agent le vérifie.",
        "The document carries no readable 2D-Doc code, which is usual for a document issued outside France: "
        "an agent checks it.",
    ),
    "other_document": (
        "Le code 2D-Doc est celui d’un document qui n’est pas un justificatif de domicile.",
        "The 2D-Doc code belongs to a document that is not a proof of address.",
    ),
    "seal_ok": (
        "Le code 2D-Doc est authentique : sa signature est vérifiée et son autorité est sur la liste de confiance.",
        "The 2D-Doc code is genuine: its signature is verified and its authority is on the trust list.",
    ),
    "seal_unknown_authority": (
        "L’autorité nommée par le code 2D-Doc n’est pas sur la liste de confiance.",
        "The authority named by the 2D-Doc code is not on the trust list.",
    ),
    "seal_authority_withdrawn": (
        "L’autorité du code 2D-Doc n’est plus agréée.",
        "The authority of the 2D-Doc code is no longer approved.",
    ),
    "seal_no_signature_date": (
        "Le code 2D-Doc ne porte pas de date de signature : sa validité ne peut pas être établie.",
        "The 2D-Doc code carries no signature date: its validity cannot be established.",
    ),
    "seal_signed_in_future": (
        "Le code 2D-Doc porte une date de signature à venir.",
        "The 2D-Doc code carries a signature date in the future.",
    ),
    "seal_list_expired": (
        "La liste de confiance dont nous disposons n’est plus à jour : " + _OUR_SIDE[0],
        "The trust list we hold is out of date: " + _OUR_SIDE[1],
    ),
    "seal_list_seal_expired": (
        "Le certificat qui garantit notre liste de confiance n’est plus valable : " + _OUR_SIDE[0],
        "The certificate that vouches for our trust list is no longer valid: " + _OUR_SIDE[1],
    ),
    "seal_list_unusable": (
        "La liste de confiance dont nous disposons ne peut pas être utilisée : " + _OUR_SIDE[0],
        "The trust list we hold cannot be used: " + _OUR_SIDE[1],
    ),
    "seal_unknown_signer": (
        "Le certificat qui a signé le code 2D-Doc n’est pas connu ici.",
        "The certificate that signed the 2D-Doc code is not known here.",
    ),
    "seal_not_issued_by_authority": (
        "Le certificat du code 2D-Doc n’a pas été délivré par l’autorité qu’il nomme.",
        "The certificate of the 2D-Doc code was not issued by the authority it names.",
    ),
    "seal_outside_validity": (
        "Le code 2D-Doc a été signé hors de la période de validité du certificat.",
        "The 2D-Doc code was signed outside the validity period of the certificate.",
    ),
    "seal_bad_signature": (
        "La signature du code 2D-Doc ne correspond pas à son contenu : le document a pu être modifié.",
        "The signature of the 2D-Doc code does not match its content: the document may have been altered.",
    ),
    "name_same": (
        "Le nom est celui de la demande.",
        "The name is that of the application.",
    ),
    "name_near": (
        "Le nom ressemble à celui de la demande sans lui être identique.",
        "The name resembles that of the application without being identical.",
    ),
    "name_different": (
        "Le nom n’est pas celui de la demande. Si vous êtes hébergé(e), indiquez-le dans la demande.",
        "The name is not that of the application. If you live at someone’s home, say so in the application.",
    ),
    "address_same": (
        "L’adresse est celle de la demande.",
        "The address is that of the application.",
    ),
    "address_near": (
        "L’adresse ressemble à celle de la demande sans lui être identique.",
        "The address resembles that of the application without being identical.",
    ),
    "address_different": (
        "L’adresse n’est pas celle de la demande.",
        "The address is not that of the application.",
    ),
    "recent": (
        "Le document, daté du {day}, a moins d’un mois.",
        "The document, dated {day}, is less than one month old.",
    ),
    "too_old": (
        "Le document, daté du {day}, a plus d’un mois : un justificatif plus récent est demandé.",
        "The document, dated {day}, is more than one month old: a more recent proof is required.",
    ),
    "date_in_future": (
        "Le document porte une date à venir : le {day}.",
        "The document carries a date in the future: {day}.",
    ),
    "no_date": (
        "Le code 2D-Doc ne porte pas de date : l’agent la lit sur le document.",
        "The 2D-Doc code carries no date: the agent reads it on the document.",
    ),
}

CODES = frozenset(_TEXTS)


def finding_text(code: str, lang: str, day: date | None) -> str:
    """The words of one finding; a day is written as figures, day first in French, year first in English."""
    french, english = _TEXTS[code]
    if lang.startswith("en"):
        return english.format(day=day.isoformat() if day else "")
    return french.format(day=day.strftime("%d/%m/%Y") if day else "")
