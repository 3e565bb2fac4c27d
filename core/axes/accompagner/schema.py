"""Places and people of digital mediation: the national columns, training sessions, support, visits."""

from __future__ import annotations

import polars as pl

from core.axes.columns import Choice, Table, code_commune, decimal, entier, jour, lieu, liste, mois, texte

ACTOR_TYPES = (
    Choice("association", "association", "Structure associative."),
    Choice("travail social", "travail social", "Service ou centre social."),
    Choice("service public", "service public", "Mairie, caisse, agence, bibliothèque…"),
    Choice("autre", "autre", "Aucun des trois."),
)
RELAYS = (
    Choice("oui", "oui", "Reçoit du matériel ou accompagne les habitants."),
    Choice("possible", "possible", "Pourrait devenir acteur relais."),
    Choice("non", "non", "N’est pas acteur relais."),
)
ACTIONS = (
    Choice("visite technique", "visite technique", "Visite d’un immeuble ou d’un atelier."),
    Choice("dépôt relais", "dépôt relais", "Matériel déposé chez un acteur relais."),
    Choice("mise en relation", "mise en relation", "Deux structures mises en contact."),
    Choice("autre", "autre", "Aucune des trois."),
)
_SEVERAL = "Plusieurs valeurs se séparent par « | » ; la liste est celle du standard national."


class Acteurs(Table):
    """One place or body of digital mediation, in the columns of the national standard."""

    id: pl.String = texte("Identifiant", help="Identifiant du lieu dans votre fichier ; il ne change pas.")
    pivot: pl.String = texte("SIRET ou RNA", optional=True, help="Le numéro de la structure : SIRET, RNA ou RIDET.")
    nom: pl.String = texte("Nom de la structure", optional=True, help="Le nom du lieu ou de la structure.")
    commune: pl.String = texte("Commune", optional=True)
    code_postal: pl.String = texte("Code postal", optional=True)
    code_insee: pl.String = code_commune("Code INSEE", optional=True)
    adresse: pl.String = texte("Adresse", optional=True, help="L’adresse publique du lieu.")
    complement_adresse: pl.String = texte("Complément d’adresse", optional=True)
    latitude: pl.Float64 = decimal("Latitude", optional=True)
    longitude: pl.Float64 = decimal("Longitude", optional=True)
    typologie: pl.String = texte("Typologie", optional=True, help="Codes du standard (ASSO, CCAS…), séparés par « | ».")
    telephone: pl.String = texte(
        "Téléphone public",
        optional=True,
        help="Le téléphone public du lieu, pas celui d’une personne.",
        personal_exempt=True,
    )
    courriels: pl.String = texte(
        "Courriels publics",
        optional=True,
        help="L’adresse publique du lieu (« contact@… »), pas celle d’une personne.",
        personal_exempt=True,
    )
    site_web: pl.String = texte("Site web", optional=True, max_length=1000)
    horaires: pl.String = texte("Horaires", optional=True, help="Au format OpenStreetMap.", max_length=1000)
    presentation_resume: pl.String = texte("Présentation résumée", optional=True, max_length=2000)
    presentation_detail: pl.String = texte("Présentation détaillée", optional=True, max_length=10_000)
    source: pl.String = texte("Source", optional=True, help="La structure qui a recueilli la fiche.")
    itinerance: pl.String = texte("Itinérance", optional=True, help=_SEVERAL)
    structure_parente: pl.String = texte("Structure parente", optional=True)
    date_maj: pl.Date = jour("Date de mise à jour", optional=True, help="Le jour où la fiche a été vérifiée.")
    services: pl.String = texte("Services", optional=True, help=_SEVERAL, max_length=2000)
    publics_specifiquement_adresses: pl.String = texte(
        "Publics spécifiquement adressés", optional=True, help=_SEVERAL, max_length=1000
    )
    prise_en_charge_specifique: pl.String = texte(
        "Prise en charge spécifique", optional=True, help=_SEVERAL, max_length=1000
    )
    frais_a_charge: pl.String = texte("Frais à charge", optional=True, help=_SEVERAL)
    dispositif_programmes_nationaux: pl.String = texte(
        "Dispositifs et programmes nationaux", optional=True, help=_SEVERAL, max_length=1000
    )
    formations_labels: pl.String = texte("Formations et labels", optional=True, help=_SEVERAL, max_length=1000)
    autres_formations_labels: pl.String = texte("Autres formations et labels", optional=True, max_length=1000)
    modalites_acces: pl.String = texte("Modalités d’accès", optional=True, help=_SEVERAL, max_length=1000)
    modalites_accompagnement: pl.String = texte(
        "Modalités d’accompagnement", optional=True, help=_SEVERAL, max_length=1000
    )
    fiche_acces_libre: pl.String = texte("Fiche Accès libre", optional=True, max_length=1000)
    prise_rdv: pl.String = texte("Prise de rendez-vous", optional=True, max_length=1000)
    type_acteur: pl.String = liste("Type d’acteur", ACTOR_TYPES, optional=True)
    relais: pl.String = liste("Acteur relais", RELAYS, optional=True)


class Formations(Table):
    """One training session and how many people finished it; nobody is named."""

    code_session: pl.String = texte("Code de la session", max_length=60)
    date: pl.Date = jour("Date", help="Le premier jour de la session.")
    duree_jours: pl.Int64 = entier("Durée en jours", at_least=1, at_most=3, help="1, 2 ou 3 jours.")
    commune: pl.String = lieu("Commune ou quartier")
    inscrits_professionnels: pl.Int64 = entier("Professionnels inscrits")
    inscrits_benevoles: pl.Int64 = entier("Bénévoles inscrits")
    termine_professionnels: pl.Int64 = entier("Professionnels ayant terminé")
    termine_benevoles: pl.Int64 = entier("Bénévoles ayant terminé")
    modules: pl.String = texte("Modules", optional=True, help="Plusieurs modules se séparent par « | ».")


class Accompagnements(Table):
    """What one structure did at one place during one month, in counts only."""

    lieu: pl.String = lieu("Lieu")
    mois: pl.Date = mois("Mois")
    structure: pl.String = texte("Structure", optional=True, max_length=120)
    individuels: pl.Int64 = entier("Accompagnements individuels")
    participations_ateliers: pl.Int64 = entier(
        "Participations aux ateliers", help="Un atelier de 10 personnes compte pour 10."
    )
    ateliers: pl.Int64 = entier("Ateliers", optional=True)
    beneficiaires_suivis: pl.Int64 = entier("Bénéficiaires suivis", optional=True)
    beneficiaires_anonymes: pl.Int64 = entier(
        "Bénéficiaires anonymes", optional=True, help="Un accompagnement anonyme compte pour un bénéficiaire."
    )
    orientations: pl.Int64 = entier("Orientations", optional=True, help="Vers une autre structure.")


class Appuis(Table):
    """One action of support to an experiment of another association."""

    code_appui: pl.String = texte("Code de l’appui", max_length=60)
    date: pl.Date = jour("Date")
    lieu: pl.String = lieu("Lieu")
    axe: pl.Int64 = entier("Axe", at_least=1, at_most=2, help="1 (équiper) ou 2 (connecter).")
    action: pl.String = liste("Action", ACTIONS)
    structure: pl.String = texte("Structure", optional=True, max_length=120)
