"""The questions people ask, their answers, and which of them matter to a case at the point where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from escale.ledger.models import Case


def N_(text: str) -> str:
    """Marks a message: pages translate it when they show it."""
    return text


@dataclass(frozen=True, slots=True)
class Answer:
    """``slug`` is its anchor on the help page; ``link`` the name of a public page and the words that lead there."""

    slug: str
    question: str
    paragraphs: tuple[str, ...]
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    title: str
    answers: tuple[Answer, ...]


TOPICS: tuple[Topic, ...] = (
    Topic(
        "commencer",
        N_("Avant de commencer"),
        (
            Answer(
                "franceconnect",
                N_("Je n’arrive pas à obtenir FranceConnect+ depuis l’étranger"),
                (
                    N_(
                        "Il faut France Identité (une carte d’identité au format carte bancaire et un téléphone qui lit"
                        " les puces) ou L’Identité Numérique La Poste. Certains numéros étrangers ne sont pas acceptés,"
                        " et une première vérification peut demander un passage en France."
                    ),
                    N_(
                        "Si aucune des deux n’est à votre portée, ne perdez pas de temps : demandez votre passeport en"
                        " personne. Aucun agent ne peut vous connecter à votre place."
                    ),
                ),
                ("sign_in", N_("Ce qu’il faut pour se connecter")),
            ),
            Answer(
                "numic",
                N_("Je ne connais pas mon NUMIC, ou l’adresse électronique du Registre"),
                (
                    N_(
                        "Le NUMIC est sur votre carte et sur votre attestation d’inscription consulaire. L’adresse est"
                        " celle que vous avez donnée au Registre, pas forcément celle de FranceConnect+ : les deux se"
                        " lisent dans votre espace du Registre, sur service-public.fr."
                    ),
                    N_(
                        "Si votre inscription a expiré, renouvelez-la au Registre, puis revenez. Sinon, écrivez à votre"
                        " poste : il ne donne pas ces deux informations par téléphone."
                    ),
                ),
                ("register_match", N_("Retrouver mon inscription")),
            ),
            Answer(
                "voyage",
                N_("Je pars bientôt en voyage"),
                (
                    N_(
                        "Vous gardez votre passeport actuel pendant toute la demande : s’il est encore valable, vous"
                        " pouvez voyager avec. Vérifiez que le pays visité n’exige pas une validité plus longue."
                    ),
                    N_(
                        "Écrivez la date du voyage dans votre demande : le poste en tient compte sans pouvoir garantir"
                        " un délai. Si les délais constatés sont trop longs pour vous, demandez un rendez-vous en"
                        " personne ; pour une urgence médicale, familiale ou professionnelle, appelez le poste."
                    ),
                ),
                ("delays", N_("Délais constatés")),
            ),
            Answer(
                "demenagement",
                N_("J’ai déménagé, ou je vais déménager"),
                (
                    N_(
                        "L’adresse qui compte est celle du Registre : le passeport n’est envoyé nulle part ailleurs."
                        " Changez-la d’abord au Registre, sur service-public.fr, puis préparez votre étiquette d’envoi."
                    ),
                    N_(
                        "Si l’étiquette est déjà partie ou si votre demande est déjà validée, écrivez tout de suite au"
                        " poste : il décide de la suite avec vous. Si vous changez de pays, les conditions sont à"
                        " vérifier de nouveau."
                    ),
                ),
            ),
            Answer(
                "perdu",
                N_("Mon passeport est perdu ou volé"),
                (
                    N_(
                        "Votre passeport actuel : déclarez-le à la police et au poste consulaire. Un passeport perdu ou"
                        " volé ne peut pas être renouvelé à distance : la demande s’arrête et se poursuit en personne."
                    ),
                    N_(
                        "Le nouveau passeport, après sa remise : prévenez le poste aussitôt. Il est invalidé, même s’il"
                        " est retrouvé ensuite, et une nouvelle demande se fait en personne."
                    ),
                ),
            ),
        ),
    ),
    Topic(
        "timbre-messages",
        N_("Le timbre et les messages"),
        (
            Answer(
                "timbre",
                N_("Mon timbre est refusé, ou je l’ai payé deux fois"),
                (
                    N_(
                        "Il faut le timbre « Français de l’étranger », acheté depuis moins d’un an et pas encore"
                        " utilisé. Celui du tarif de France ne convient pas : faites-vous le rembourser et achetez"
                        " l’autre."
                    ),
                    N_(
                        "Après un paiement interrompu, ne payez pas une seconde fois : la page du timbre interroge la"
                        " banque. Un timbre payé en double reste à vous ; il se rembourse dans les dix-huit mois, sur"
                        " timbres.impots.gouv.fr."
                    ),
                ),
            ),
            Answer(
                "courriels",
                N_("Je ne reçois pas les courriels"),
                (
                    N_(
                        "Ils partent à l’adresse du Registre : regardez aussi les courriers indésirables. Si cette"
                        " adresse n’est plus la vôtre, changez-la au Registre, puis écrivez à votre poste."
                    ),
                    N_(
                        "Rien ne se perd : tout ce qu’il y a à faire, et avant quand, est sur la page de votre demande."
                    ),
                ),
            ),
        ),
    ),
    Topic(
        "photo-etiquette",
        N_("La photo et l’étiquette"),
        (
            Answer(
                "photo-refusee",
                N_("Ma photo est refusée"),
                (
                    N_(
                        "Le message dit ce qui ne va pas. Les causes les plus fréquentes : un fond blanc (il doit être"
                        " bleu clair ou gris clair), une ombre, un reflet, un sourire, un visage trop petit ou trop"
                        " grand."
                    ),
                    N_(
                        "Refaites une photo et envoyez-la : vous gardez votre place, rien d’autre n’est à refaire. Le"
                        " contrôle automatique donne un avis ; c’est un agent qui décide."
                    ),
                ),
                ("documents", N_("Pièces à préparer")),
            ),
            Answer(
                "etiquette-refusee",
                N_("Mon étiquette d’envoi est refusée"),
                (
                    N_(
                        "L’étiquette doit être prépayée, à votre nom, à votre adresse du Registre, et sans l’option"
                        " « signature d’un adulte » : avec cette option, DHL annule l’envoi."
                    ),
                    N_(
                        "Préparez-en une autre dans votre espace, page « Envoi » : celle qui y est préparée respecte"
                        " ces règles. Le remboursement de l’ancienne se demande au transporteur."
                    ),
                ),
            ),
        ),
    ),
    Topic(
        "entretien",
        N_("L’entretien vidéo"),
        (
            Answer(
                "camera",
                N_("Ma caméra ou mon micro ne marche pas"),
                (
                    N_(
                        "Faites l’essai, dans votre espace, plusieurs jours avant : il dit ce qui manque. Le plus"
                        " souvent : le navigateur n’a pas l’autorisation (touchez le cadenas à côté de l’adresse), ou"
                        " une autre application se sert déjà de la caméra (fermez-la)."
                    ),
                    N_(
                        "Essayez ensuite un autre navigateur, puis un téléphone. Une panne, de votre côté ou du nôtre,"
                        " n’est jamais comptée comme une absence : l’entretien est repris."
                    ),
                ),
            ),
            Answer(
                "manque",
                N_("J’ai manqué l’entretien"),
                (
                    N_(
                        "Votre demande continue : choisissez un autre créneau dans votre espace. Après deux absences,"
                        " elle se poursuit en personne. Vous pouvez déplacer ou annuler jusqu’à 24 heures avant."
                    ),
                ),
            ),
        ),
    ),
    Topic(
        "recevoir",
        N_("Recevoir et confirmer"),
        (
            Answer(
                "colis",
                N_("Le pli n’arrive pas"),
                (
                    N_(
                        "Regardez le suivi dans votre espace, puis appelez le transporteur avec le numéro de suivi."
                        " Sans aucun passage pendant dix jours, une enquête est ouverte sans que vous ayez à la"
                        " demander."
                    ),
                    N_(
                        "Un pli qui n’a pas pu être remis revient au poste, qui le garde trois mois et peut le renvoyer"
                        " une fois, avec une nouvelle étiquette. Si le passeport est perdu en route, il est invalidé et"
                        " le poste vous dit comment en obtenir un autre."
                    ),
                ),
            ),
            Answer(
                "numero",
                N_("J’ai perdu mon numéro de sécurité"),
                (
                    N_(
                        "Il est sur votre récépissé, dans votre espace, jusqu’à la confirmation de la réception :"
                        " connectez-vous, ouvrez votre demande, puis « Voir mon récépissé ». Il n’est jamais envoyé par"
                        " courriel, et personne ne vous le demandera par téléphone."
                    ),
                    N_(
                        "Après cinq numéros faux, la confirmation est fermée pendant 24 heures et le poste est prévenu."
                    ),
                ),
            ),
            Answer(
                "visa",
                N_("Mon ancien passeport contient un visa encore valable"),
                (
                    N_(
                        "Dites-le dans votre demande, ou sur la page « Vos deux obligations », avec une copie du visa."
                        " Si un agent l’accepte, vous gardez l’ancien passeport jusqu’à la fin du visa."
                    ),
                    N_("La confirmation de réception du nouveau passeport reste due dans les quarante jours."),
                ),
            ),
            Answer(
                "arreter",
                N_("Je veux arrêter ma demande"),
                (
                    N_(
                        "Dans votre espace, « Retirer ma demande », tant que le passeport n’est pas commandé. Le timbre"
                        " non utilisé est rendu et vous gardez votre passeport actuel. Vous pourrez faire une nouvelle"
                        " demande plus tard."
                    ),
                ),
            ),
        ),
    ),
)
BY_SLUG = {answer.slug: answer for topic in TOPICS for answer in topic.answers}
MOST = 3


def relevant(case: Case) -> list[Answer]:
    """The questions people ask at this point, the likeliest first; three at most."""
    if not case.is_open:
        return []
    wanted: list[str] = []
    if case.posted_items == "replacement_requested":
        wanted += ["photo-refusee", "etiquette-refusee"]
    if case.interview in {"bookable", "booked", "in_progress"}:
        wanted += ["camera", "manque"]
    if case.dispatch == "dispatched":
        wanted += [] if case.delivery == "delivered" else ["colis"]
        wanted += [] if case.receipt == "confirmed" else ["numero"]
        wanted += ["perdu"]
    elif case.posted_items in {"awaited", "announced"}:
        wanted += ["etiquette-refusee", "photo-refusee", "demenagement"]
    elif case.application in {"draft", "correction_requested"}:
        wanted += ["photo-refusee", "demenagement", "arreter"]
    wanted += ["voyage", "demenagement"]
    return [BY_SLUG[slug] for slug in dict.fromkeys(wanted)][:MOST]
