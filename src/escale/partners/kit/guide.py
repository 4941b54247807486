"""What each simulator is, in both languages: the head of its pages, and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Guide:
    """One simulator: whom it imitates, how one tries it, and its pages (French words, English words, address)."""

    name: str
    colour: str
    fr: str
    en: str
    pages: tuple[tuple[str, str, str], ...]


GUIDES = {
    "franceconnect": Guide(
        "FranceConnect+",
        "#000091",
        "Connexion des usagers : choisissez un fournisseur, puis une personne ; chacune illustre une situation.",
        "Sign-in of citizens: choose a provider, then a person; each of them shows a situation.",
        (("Réglages", "Settings", "/franceconnect/_reglages"),),
    ),
    "proconnect": Guide(
        "ProConnect",
        "#000091",
        "Connexion des agents : une adresse quelconque, puis un agent ; certains sont refusés, la liste dit pourquoi.",
        "Sign-in of agents: any address, then an agent; some of them are refused, and the list says why.",
        (("Réglages", "Settings", "/proconnect/_reglages"),),
    ),
    "registre": Guide(
        "Registre des Français établis hors de France",
        "#3a3a3a",
        "Les personnes inscrites, leur NUMIC et leur adresse électronique ; cinq essais faux par heure au plus.",
        "Who is registered, with the NUMIC and the email address; five wrong tries an hour at most.",
        (("Personnes inscrites", "Registered people", "/registre/inscrits/"),),
    ),
    "timbre": Guide(
        "Timbres fiscaux et PayFiP",
        "#1f5d3b",
        "Achetez un timbre ou prenez un numéro prêt à l’emploi ; chaque numéro illustre un état.",
        "Buy a stamp, or take a number that is ready: each of them shows a state.",
        (
            ("Boutique et numéros prêts à l’emploi", "Shop and ready numbers", "/timbre/boutique/"),
            ("Paiements", "Payments", "/timbre/payfip/operations/"),
        ),
    ),
    "dhl": Guide(
        "Transporteur",
        "#b3261e",
        "Étiquettes et colis : un colis avance seul après sa prise en charge ; ses boutons jouent un événement.",
        "Labels and parcels: a parcel moves by itself once it is handed in; its buttons play an event.",
        (
            ("Colis et événements", "Parcels and events", "/dhl/colis/"),
            ("Acheter une étiquette", "Buy a label", "/dhl/etiquettes/"),
        ),
    ),
    "webconf": Guide(
        "Webconférence de l’État et Visio",
        "#000091",
        "Salles d’entretien : l’agent ouvre la salle avec son lien, l’usager frappe et attend qu’on le fasse entrer.",
        "Rooms of interviews: the agent opens the room by a link, the applicant knocks and waits to be let in.",
        (),
    ),
    "titres": Guide(
        "Fabrication des titres",
        "#5b3a8e",
        "Les demandes avancent avec l’horloge ou par leurs boutons ; le passeport fait se lit et s’imprime.",
        "Orders move with the clock or by their buttons; the passport that is made can be read and printed.",
        (
            ("Demandes de passeport", "Passport orders", "/titres/demandes/"),
            ("Passeports actuels des personnages, à téléverser", "Present passports, to upload", "/titres/specimens/"),
        ),
    ),
    "sltd": Guide(
        "Relais Interpol",
        "#14424d",
        "Tapez un numéro ou une bande de lecture : signalé ou non. Un numéro qui commence par 99 est refusé au relais.",
        "Type a number or a machine-readable zone: hit or no hit. The relay rejects numbers that begin with 99.",
        (
            ("Contrôle à la frontière", "Border check", "/sltd/frontiere/"),
            ("Enregistrements", "Records", "/sltd/enregistrements/"),
        ),
    ),
    "courriel": Guide(
        "Boîte aux lettres",
        "#3a3a3a",
        "Tous les courriels envoyés. « bounce@ » est refusé, « late-bounce@ » revient dix minutes plus tard.",
        "Every mail that was sent. “bounce@” is refused, “late-bounce@” comes back ten minutes later.",
        (("Tous les courriels", "All mails", "/courriel/"),),
    ),
}


def shown(request: HttpRequest) -> dict[str, object]:
    """Context of every template: the simulator a page belongs to, by the first part of its address."""
    prefix = request.path.strip("/").partition("/")[0]
    return {"prefix": prefix, "guide": GUIDES.get(prefix)}
