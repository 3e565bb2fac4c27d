"""« Données personnelles »: what is kept here, why, how long, and what never enters."""

from __future__ import annotations

from core.depositing import retention
from core.domain import french
from core.domain.dataset import RowDict
from core.domain.programme import METROPOLE
from dashboard.components import Child, Html, bullets, lead, link, note, page_title, section, show, strong, table
from dashboard.context import Context

TITLE = "Données personnelles"
_UNDECIDED = "non fixée : gardé tant que la Métropole n’a pas décidé"
_ABOUT_PEOPLE = {
    "acteurs": "Structures : adresse, téléphone et courriel publics d’un lieu ; jamais ceux d’une personne.",
    "diagnostics": "Nombres d’habitants et de besoins, par lieu et par mois.",
    "accompagnements": "Nombres d’accompagnements, par lieu et par mois.",
    "formations": "Nombres d’inscrits et de personnes formées, par session.",
    "concertations": "Nombres de participants, par réunion.",
    "raccordements": "Nombres de foyers, par immeuble et par mois.",
    "materiel": "Machines ; pour une remise, le lieu et le type de bénéficiaire (étudiant ou famille), sans nom.",
    "communication": "Nombres de personnes touchées, par action.",
}
_PURPOSE = {
    METROPOLE: "Conduire le programme voté le 4 juin 2021.",
    "": "Suivre les expérimentations et évaluer le programme voté le 4 juin 2021.",
}


def draw(context: Context) -> None:
    """What never enters, then the register: accounts, journal, files, and every dataset."""
    show(
        page_title(TITLE),
        lead(
            "Aucun habitant n’est nommé ici : ", strong("les personnes se comptent"), ", elles ne s’enregistrent pas."
        ),
        section("Ce qui n’entre jamais", bullets(_refused())),
        section("Les personnes qui se connectent", _accounts()),
        section("Les données déposées, tableau par tableau", _datasets(context), note(*_purge(context))),
        section("Vos droits", bullets(_rights())),
    )


def _refused() -> list[str]:
    return [
        "Un fichier qui contient des noms, des téléphones, des courriels ou des dates de naissance est refusé en "
        "entier. Il n’est pas conservé, et la personne qui le dépose en est prévenue.",
        "Aucun pseudonyme de foyer ou d’aidant n’est demandé ; aucun texte libre n’accompagne une ligne sur des "
        "personnes.",
        "Un nombre trop petit pour être montré sans risque de reconnaître quelqu’un n’est pas publié.",
    ]


def _accounts() -> Html:
    headings = ["Ce qui est gardé", "Pourquoi", "Combien de temps"]
    rows = [
        [
            "Comptes : nom, adresse électronique, rôle, association, "
            "empreinte du mot de passe (jamais le mot de passe)",
            "Savoir qui peut lire et modifier quoi.",
            "Tant que le compte existe ; la Métropole le ferme ou le retire.",
        ],
        [
            "Sessions : l’empreinte d’un identifiant aléatoire, le nom du navigateur, l’heure d’ouverture et de "
            "dernière activité",
            "Rester connecté, et pouvoir être déconnecté partout.",
            "Jusqu’à la déconnexion ou l’expiration.",
        ],
        [
            "Mots de passe et codes faux : leur nombre, l’empreinte de l’adresse essayée et celle du réseau",
            "Empêcher de deviner un mot de passe.",
            "Un jour.",
        ],
        [
            "Navigateurs connus : l’empreinte d’un identifiant aléatoire, gardé par le navigateur",
            "Ne pas faire attendre quelqu’un pour les mots de passe faux des autres.",
            "Six mois sans connexion, ou jusqu’au changement du mot de passe.",
        ],
        [
            "Double authentification, pour qui la met en place : le secret qui fait les codes, et l’empreinte des "
            "codes de secours",
            "Demander aussi un code de son téléphone.",
            "Jusqu’à ce qu’elle soit retirée, ou que le compte le soit.",
        ],
        [
            "Journal : qui a fait quoi et quand, avec des nombres et des empreintes, jamais la valeur d’une cellule",
            "Prouver que les chiffres n’ont pas été changés en secret.",
            "Autant que la base : une ligne retirée romprait la preuve.",
        ],
        [
            "Commentaires et pièces jointes, récits de relevé : le texte, son auteur, la date",
            "Expliquer un chiffre, demander une correction.",
            "Un commentaire retiré, d’un dépôt passé ou d’une ligne disparue part avec le passé de son tableau ; le "
            "reste, autant que la base.",
        ],
    ]
    return table("Comptes, sessions et journal", headings, rows, wide=True)


def _datasets(context: Context) -> Html:
    held = {row["dataset"]: row for row in context.store.rows(METROPOLE, retention.RETENTION).to_dicts()}
    lead_codes = {one.code for one in context.registry.datasets(METROPOLE)}
    rows = [
        [
            link(title, f"/dictionnaire?jeu={code}"),
            _ABOUT_PEOPLE.get(code, "Aucune donnée sur des personnes."),
            _PURPOSE[METROPOLE if code in lead_codes else ""],
            _duration(held.get(code)),
        ]
        for code, title in retention.datasets(context.registry).items()
    ]
    headings = ["Tableau", "Ce qui touche à des personnes", "Pourquoi", "Durée de conservation du passé"]
    return table("Tableaux", headings, rows, wide=True)


def _duration(row: RowDict | None) -> str:
    if row is None:
        return _UNDECIDED
    return f"{french.count(row['duree_mois'], 'mois', 'mois')} ({row['decision']})"


def _purge(context: Context) -> list[Child]:
    done = context.store.entries("purge")
    last = f" Dernière suppression : {french.day(done[-1].at.date())}." if done else " Aucune n’a encore eu lieu."
    return [
        "Au-delà de la durée, les versions remplacées des lignes, les fichiers déposés et les commentaires retirés, de "
        "dépôts passés ou de lignes disparues, avec leurs pièces, sont supprimés pour de bon ; le journal garde leurs "
        "empreintes et le dit." + last
    ]


def _rights() -> list[str]:
    return [
        "La Métropole est responsable de ce traitement ; chaque association reste responsable de ses propres fichiers "
        "de bénéficiaires, qu’elle ne transmet pas.",
        "Pour accéder à ce qui vous concerne, le rectifier ou le faire effacer, écrivez au délégué à la protection "
        "des données de la Métropole.",
        "Vous pouvez aussi saisir la CNIL.",
    ]
