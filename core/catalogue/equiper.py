"""Axis 1: computers and screens, one by one, from the Métropole to a student or a family."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import sqlalchemy as sa

from core.catalogue.columns import Schema, experience, jour, lieu, liste, montant, oui_non, texte
from core.catalogue.deriving import Columns, before_any, blank, hidden, shown, stop, warn
from core.deliberation import ASSOCIATIONS, EQUIPMENT
from core.domain.column_type import Choice
from core.domain.dataset import Dataset, Hand, Rule
from core.domain.indicator import Derived, apart, au

COMPUTERS = ("ordinateur fixe", "ordinateur portable")
SCREEN = "écran"
METROPOLE, OTHER_ASSOCIATION = "Métropole", "autre association"
STUDENT, FAMILY = "étudiant", "famille"

TYPES = (
    Choice("ordinateur fixe", "ordinateur fixe", "Unité centrale de bureau, avec ou sans écran."),
    Choice("ordinateur portable", "ordinateur portable", "Ordinateur qui se transporte, écran compris."),
    Choice("écran", "écran", "Écran seul ; il ne contient pas de données."),
)
PROVENANCES = (
    Choice(METROPOLE, "Métropole", "Cédé par la Métropole au titre de la délibération."),
    Choice(OTHER_ASSOCIATION, "autre association", "Transféré par une autre association du programme."),
)
TEST_RESULTS = (
    Choice("fonctionnel", "fonctionnel", "Marche sans réparation."),
    Choice("réparable", "réparable", "Marchera après réparation."),
    Choice("hors service", "hors service", "Ne se répare pas."),
)
STATUSES = (
    Choice("cédé", "cédé", "Sorti de l’inventaire de la Métropole, acte de cession à l’appui."),
    Choice("reçu", "reçu", "Arrivé dans les locaux de l’association."),
    Choice("testé", "testé", "Essayé ; le résultat est noté."),
    Choice("reconditionné", "reconditionné", "Effacé, remis en état, prêt à partir."),
    Choice("transféré", "transféré", "Confié à une autre association ou à un acteur relais, qui en accuse réception."),
    Choice("remis", "remis", "Donné à un étudiant ou à une famille."),
    Choice("recyclé", "recyclé", "Démonté pour pièces ou confié à la filière des déchets électroniques."),
)
BENEFICIARIES = (
    Choice(STUDENT, "étudiant", "Étudiant qui manque d’ordinateur."),
    Choice(FAMILY, "famille", "Famille qui manque d’ordinateur, dans un quartier prioritaire."),
)


class Materiel(Schema):
    """One computer or screen; its number never changes, its status advances."""

    numero_inventaire: pl.String = texte(
        "Numéro d’inventaire",
        help="Le numéro collé sur la machine ; il reste le même d’une association à l’autre.",
        max_length=60,
    )
    type: pl.String = liste("Type", TYPES)
    provenance: pl.String = liste("Provenance", PROVENANCES, optional=True, help="D’où vient la machine.")
    numero_serie: pl.String = texte("Numéro de série", optional=True, max_length=60)
    valeur_unitaire: pl.Int64 = montant(
        "Valeur unitaire", optional=True, help="Valeur nette à la cession ; la loi la limite à 300 €."
    )
    lot: pl.String = texte("Lot", optional=True, help="La livraison à laquelle la machine appartient.", max_length=60)
    affectation: pl.String = experience(
        "Affectation",
        optional=True,
        help="L’expérimentation prévue tant que la machine n’a pas de lieu ; ensuite le lieu décide.",
    )
    date_reception: pl.Date = jour("Date de réception", optional=True)
    date_test: pl.Date = jour("Date de test", optional=True)
    resultat_test: pl.String = liste("Résultat du test", TEST_RESULTS, optional=True)
    date_effacement: pl.Date = jour("Date d’effacement", optional=True)
    preuve_effacement: pl.String = texte(
        "Preuve d’effacement", optional=True, help="Le numéro du certificat, par machine ou par lot.", max_length=120
    )
    date_reconditionnement: pl.Date = jour("Date de reconditionnement", optional=True)
    statut: pl.String = liste("Statut", STATUSES)
    transfere_a: pl.String = texte(
        "Transféré à", optional=True, help="L’association, ou le nom de la structure relais.", max_length=120
    )
    date_transfert: pl.Date = jour("Date de transfert", optional=True)
    date_remise: pl.Date = jour("Date de remise", optional=True)
    lieu: pl.String = lieu("Lieu", optional=True, help="Où la machine est remise ; vide tant qu’elle ne l’est pas.")
    type_beneficiaire: pl.String = liste("Type de bénéficiaire", BENEFICIARIES, optional=True)
    en_qpv: pl.Boolean = oui_non(
        "En QPV", optional=True, help="Le bénéficiaire habite-t-il un quartier prioritaire, au jour de la remise ?"
    )
    prix_cession: pl.Int64 = montant(
        "Prix de cession", optional=True, help="Toujours 0 : la délibération exclut toute revente."
    )
    date_retour: pl.Date = jour(
        "Date de retour",
        optional=True,
        help="Le jour où la personne a rendu la machine. La remise reste comptée ; la machine est de nouveau là.",
    )
    date_nouvelle_remise: pl.Date = jour(
        "Date de nouvelle remise",
        optional=True,
        help="Remise de nouveau après un retour : la machine reste comptée une fois, à sa première remise.",
    )
    date_recyclage: pl.Date = jour(
        "Date de recyclage", optional=True, help="Le jour où la machine a quitté le parc ; vide : celui de son test."
    )


# --- What is judged on one row of equipment; what looks over several rows or associations is elsewhere ----


CEILING = EQUIPMENT.unit_value_ceiling_cents
CEILING_RULE = "300 € au plus (article D3212-3 du code général de la propriété des personnes publiques)"
"""What the law asks of a machine that is given."""

# Each date, and those that cannot come after it: a machine is received, tested and erased,
# refurbished, entrusted to somebody else, handed over.
_ORDER = {
    "date_test": ("date_reception",),
    "date_effacement": ("date_reception",),
    "date_reconditionnement": ("date_reception", "date_test", "date_effacement"),
    "date_transfert": ("date_reception", "date_test", "date_effacement", "date_reconditionnement"),
    "date_remise": ("date_reception", "date_test", "date_effacement", "date_reconditionnement", "date_transfert"),
    "date_retour": ("date_remise",),
    "date_nouvelle_remise": ("date_retour",),
    "date_recyclage": ("date_reception", "date_test", "date_remise", "date_retour", "date_nouvelle_remise"),
}
_WORDS = {
    "date_reception": "la réception",
    "date_test": "le test",
    "date_effacement": "l’effacement",
    "date_reconditionnement": "le reconditionnement",
    "date_transfert": "le transfert",
    "date_remise": "la remise",
    "date_retour": "le retour",
    "date_nouvelle_remise": "la nouvelle remise",
    "date_recyclage": "le recyclage",
}
# The status, the date that it implies, and what to do when the machine came ready.
_IMPLIED = {
    "reçu": ("date_reception", "Remplissez la date de réception."),
    "testé": ("date_test", "Remplissez la date de test, ou remettez le statut à « reçu »."),
    "reconditionné": (
        "date_reconditionnement",
        "Remplissez la date de reconditionnement. Si la machine est arrivée déjà reconditionnée, écrivez « reçu ».",
    ),
    "transféré": ("date_transfert", "Remplissez la date de transfert, ou corrigez le statut."),
    "remis": ("date_remise", "Remplissez la date de remise, ou corrigez le statut."),
}
DATE_OF = {status: date for status, (date, _remedy) in _IMPLIED.items()}
"""The date that each status implies."""

_remis = pl.col("statut") == "remis"
_is_computer = pl.col("type") != SCREEN
_to_family = _remis & (pl.col("type_beneficiaire") == FAMILY)


def _order(date: str, earlier: tuple[str, ...]) -> Rule:
    steps = " et ".join([", ".join(_WORDS[name] for name in earlier[:-1]), _WORDS[earlier[-1]]]).removeprefix(" et ")
    return stop(
        f"{date}_trop_tot",
        (date, *reversed(earlier)),
        before_any(date, earlier),
        f"{_WORDS[date]} le même jour ou après {steps}",
        "Vérifiez ces dates sur le bon ou sur l’étiquette, et corrigez celle qui est fausse.",
    )


def _implied(status: str, date: str, remedy: str) -> Rule:
    return stop(
        f"{date}_manquante",
        (date, "statut"),
        (pl.col("statut") == status) & blank(date),
        f"une date, puisque le statut est « {status} »",
        remedy,
    )


# What cannot happen without something before it.
_AFTER = {"date_retour": "date_remise", "date_nouvelle_remise": "date_retour"}


def _after(date: str, before: str) -> Rule:
    return stop(
        f"{date}_sans_{before.removeprefix('date_')}",
        (before, date),
        pl.col(date).is_not_null() & blank(before),
        f"une date pour {_WORDS[before]}, puisque {_WORDS[date]} en a une",
        "Remplissez-la, ou effacez l’autre date.",
    )


STOPS = (
    *(_order(date, earlier) for date, earlier in _ORDER.items()),
    *(_implied(status, date, remedy) for status, (date, remedy) in _IMPLIED.items()),
    *(_after(date, before) for date, before in _AFTER.items()),
    stop(
        "remise_sans_lieu",
        ("lieu", "statut"),
        _remis & blank("lieu"),
        "le lieu de la remise",
        "Indiquez la commune ou le quartier où la machine a été remise.",
    ),
    stop(
        "remise_sans_beneficiaire",
        ("type_beneficiaire", "statut"),
        _remis & blank("type_beneficiaire"),
        "« étudiant » ou « famille »",
        "Indiquez le type de bénéficiaire. « Remis » ne se dit que d’un étudiant ou d’une famille ; "
        "pour un acteur relais, écrivez « transféré ».",
    ),
)

WARNINGS = (
    warn(
        "valeur_superieure_a_300",
        ("valeur_unitaire",),
        pl.col("valeur_unitaire") > CEILING,
        CEILING_RULE,
        "Vérifiez la valeur ; si elle est exacte, mettez la machine de côté et prévenez la Métropole.",
        Hand.COMMITTEE,
    ),
    warn(
        "prix_non_nul",
        ("prix_cession",),
        pl.col("prix_cession") != 0,
        "0 € : la délibération exclut toute revente",
        "Si la machine a été donnée, écrivez 0. Sinon, prévenez la Métropole.",
        Hand.COMMITTEE,
    ),
    warn(
        "famille_hors_qpv",
        ("en_qpv", "type_beneficiaire"),
        _to_family & ~pl.col("en_qpv"),
        "« oui » : la délibération réserve le matériel aux familles des quartiers prioritaires",
        "Vérifiez l’adresse du jour de la remise ; si la famille habite ailleurs, expliquez-le dans le relevé.",
        Hand.COMMITTEE,
        people=True,
    ),
    warn(
        "famille_qpv_non_renseigne",
        ("en_qpv", "type_beneficiaire"),
        _to_family & blank("en_qpv"),
        "« oui » ou « non » quand la machine est remise à une famille",
        "Indiquez si la famille habite un quartier prioritaire ; sans réponse, la remise n’est pas comptée conforme.",
        Hand.COMMITTEE,
        people=True,
    ),
    warn(
        "remise_sans_preuve_effacement",
        ("preuve_effacement", "statut"),
        _remis & _is_computer & blank("preuve_effacement"),
        "le numéro du certificat d’effacement, pour tout ordinateur remis",
        "Ajoutez le numéro du certificat (celui du lot suffit) ; s’il n’existe pas, prévenez la Métropole.",
        Hand.COMMITTEE,
    ),
    warn(
        "transfert_sans_destinataire",
        ("transfere_a", "statut"),
        (pl.col("statut") == "transféré") & blank("transfere_a"),
        "l’association ou la structure qui a reçu la machine",
        "Indiquez à qui la machine est confiée, pour que la réception puisse être confirmée.",
        Hand.ASSOCIATION,
    ),
    warn(
        "date_de_remise_sans_statut",
        ("statut", "date_remise"),
        pl.col("date_remise").is_not_null() & blank("date_retour") & ~pl.col("statut").is_in(["remis", "recyclé"]),
        "le statut « remis », puisqu’une date de remise est donnée",
        "Écrivez « remis », ou effacez la date de remise : sans ce statut, la machine n’est pas comptée remise.",
        Hand.ASSOCIATION,
    ),
)


# --- What became of a machine that was handed over: given, back, given again, recycled; each on its own day ----
# A hand-over is an event of its quarter and stays one, whatever happens to the machine later: what an
# accepted quarter counted does not change. A machine that came back stands there again.


def handed_over(unit: Columns) -> sa.ColumnElement[bool]:
    """Handed over once; ``unit`` gives its columns by name: a table's ``.c``, or ``col``'s answers."""
    said = sa.or_(unit["statut"].in_(("remis", "recyclé")), unit["date_retour"].is_not(None))
    return sa.and_(said, unit["date_remise"].is_not(None))


def is_back(unit: Columns) -> sa.ColumnElement[bool]:
    """Came back, and was not given again, on the day of the figure."""
    again = sa.and_(unit["date_nouvelle_remise"].is_not(None), unit["date_nouvelle_remise"] <= au)
    return sa.and_(unit["date_retour"].is_not(None), unit["date_retour"] <= au, sa.not_(again))


# --- Axis 1, « Équiper »: computers and screens of the Métropole, refurbished and handed over ------


MATERIEL = Dataset(
    code="materiel",
    title="Matériel",
    schema=Materiel,
    key=("numero_inventaire",),
    description="Une ligne par ordinateur ou par écran, de la réception à la remise. "
    "Le numéro d’inventaire suit la machine quand elle change d’association.",
    axis=1,
    assigned="affectation",
    date="date_remise",
    events=(
        "date_reception",
        "date_test",
        "date_effacement",
        "date_reconditionnement",
        "date_transfert",
        "date_remise",
        "date_retour",
        "date_nouvelle_remise",
        "date_recyclage",
    ),
    told_by=dict.fromkeys(("lieu", "type_beneficiaire", "en_qpv", "prix_cession"), "date_remise"),
    rules=(*STOPS, *WARNINGS),
)

DATASETS = (MATERIEL,)


# --- Datasets made from the equipment: where each machine stands, how long it took, what left the stock ----


GIVEN, READY, WAITING, TO_TEST = "remis", "prêt", "en attente de pièces", "à tester"
"""The states of a machine in STOCK, on the day of the figure."""
IN_TRANSIT, AT_A_RELAY = "en transit", "chez un acteur relais"
"""Where a ready machine stands when no association of the programme holds it."""


def _by(day: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    return sa.and_(day.is_not(None), day <= au)


def _given(unit: sa.FromClause) -> sa.ColumnElement[bool]:
    """Handed over by the day of the figure: it stays true of a machine that came back, or was recycled years after."""
    return sa.and_(handed_over(unit.c), _by(unit.c.date_remise))


def _state(unit: sa.FromClause) -> sa.ColumnElement[object]:
    left = sa.and_(_by(unit.c.date_transfert), sa.not_(_by(unit.c.date_pret)))
    waits_again = sa.and_(is_back(unit.c), unit.c.statut != "recyclé")
    return sa.case(
        (sa.and_(_given(unit), waits_again), READY),
        (_given(unit), GIVEN),
        (sa.or_(unit.c.statut == "recyclé", left), sa.cast(sa.null(), sa.Text)),
        (_by(unit.c.date_pret), READY),
        (_by(unit.c.date_test), WAITING),
        (_by(unit.c.date_reception), TO_TEST),
        else_=sa.cast(sa.null(), sa.Text),
    )


_STAYS = (
    "date_reception",
    "date_test",
    "date_pret",
    "date_transfert",
    "date_arrivee",
    "date_remise",
    "date_retour",
    "date_nouvelle_remise",
)
"""The days on which a machine may change its state or its place."""


def _arrivals(machines: sa.FromClause) -> sa.Subquery:
    """Each machine sent to another association, with the day on which one first wrote it down as received."""
    sent, came, moved = machines.alias("partie"), machines.alias("arrive"), machines.alias("partante")
    numbers = sa.select(moved.c.numero_inventaire).where(moved.c.date_transfert.is_not(None))
    # Apart: few machines move, and the others are then never put beside them.
    there = (
        sa.select(came.c["_association"], came.c.numero_inventaire, came.c.date_reception)
        .where(came.c.numero_inventaire.in_(numbers))
        .subquery("arrivees")
    )
    elsewhere = sa.and_(
        there.c.numero_inventaire == sent.c.numero_inventaire,
        there.c["_association"] != sent.c["_association"],
        there.c.date_reception >= sent.c.date_transfert,
    )
    machine = (sent.c["_association"], sent.c.numero_inventaire)
    return (
        sa.select(*machine, sa.func.min(there.c.date_reception).label("jour"))
        .select_from(sent.join(there, elsewhere))
        .where(sent.c.date_transfert.is_not(None))
        .group_by(*machine)
        .subquery("premieres_arrivees")
    )


def _with_days(machines: sa.FromClause) -> sa.CTE:
    """The machines with the day since which each is ready, and that on which it arrived where it was sent.

    Ready: refurbished, or received already refurbished from another association.
    """
    arrival = _arrivals(machines)
    same = sa.and_(
        arrival.c["_association"] == machines.c["_association"],
        arrival.c.numero_inventaire == machines.c.numero_inventaire,
    )
    came_ready = sa.case((machines.c.provenance == OTHER_ASSOCIATION, machines.c.date_reception))
    columns = ("numero_inventaire", "type", "provenance", "statut", "transfere_a")
    return (
        sa.select(
            *hidden(machines),
            *shown(machines, *columns, *(name for name in _STAYS if name not in ("date_pret", "date_arrivee"))),
            sa.func.coalesce(machines.c.date_reconditionnement, came_ready).label("date_pret"),
            arrival.c.jour.label("date_arrivee"),
        )
        .select_from(machines.outerjoin(arrival, same))
        .cte("machines_et_jours")
    )


def _stock(tables: Mapping[str, sa.FromClause]) -> sa.Select[object]:
    """Each machine once, with its state and where it stands on the day of the figure.

    What was sent to another association is there once it wrote it down as received; until then,
    or at a relay that is no association of the programme, it counts for the programme only.
    """
    unit = _with_days(tables["materiel"])
    gone = sa.and_(_by(unit.c.date_transfert), sa.not_(_given(unit)))
    receivers = [word.lower() for one in ASSOCIATIONS.values() for word in (one.code, one.name)]
    to_association = sa.func.lower(unit.c.transfere_a).in_(receivers)
    away = sa.case((to_association, IN_TRANSIT), else_=AT_A_RELAY)
    marked = sa.case((to_association, apart(IN_TRANSIT)), else_=apart(AT_A_RELAY))
    state = _state(unit)
    return sa.select(
        unit.c["_key"].label("_key"),
        unit.c["_association"].label("_association"),
        sa.case((gone, marked), else_=unit.c["_experiment"]).label("_experiment"),
        unit.c["_place"].label("_place"),
        *shown(unit, "numero_inventaire", "type", "provenance", "statut", "date_pret"),
        state.label("etat"),
        sa.case((gone, away), else_=sa.cast(sa.null(), sa.Text)).label("ailleurs"),
    ).where(state.is_not(None), sa.not_(sa.and_(gone, _by(unit.c.date_arrivee))))


def _waited(tables: Mapping[str, sa.FromClause]) -> sa.Select[object]:
    """Each machine handed over, with the day on which an association of the programme first received it."""
    unit, every = tables["materiel"], tables["materiel"].alias("toutes")
    firsts = (
        sa.select(every.c.numero_inventaire, sa.func.min(every.c.date_reception).label("jour"))
        .group_by(every.c.numero_inventaire)
        .subquery("premieres")
    )
    return (
        sa.select(
            *hidden(unit),
            *shown(unit, "numero_inventaire", "type"),
            firsts.c.jour.label("premiere_reception"),
            *shown(unit, "date_remise"),
        )
        .select_from(unit.join(firsts, firsts.c.numero_inventaire == unit.c.numero_inventaire))
        .where(handed_over(unit.c), firsts.c.jour.is_not(None))
    )


def _gone(tables: Mapping[str, sa.FromClause]) -> sa.Select[object]:
    """Units handed over, entrusted to somebody else or recycled, with the day they left.

    It left on the day it was handed over, even when it came back since. For a recycled unit without
    a date of its own, the day of the test that condemned it stands for it.
    """
    unit = tables["materiel"]
    condemned = sa.func.coalesce(unit.c.date_test, unit.c.date_reception)
    left = sa.func.coalesce(unit.c.date_remise, unit.c.date_transfert, unit.c.date_recyclage, condemned)
    day = sa.case(
        (handed_over(unit.c), unit.c.date_remise),
        (unit.c.statut == "transféré", unit.c.date_transfert),
        (unit.c.statut == "recyclé", left),
    )
    columns = shown(unit, "numero_inventaire", "type", "statut", "date_effacement", "preuve_effacement")
    return sa.select(*hidden(unit), *columns, day.label("date_sortie")).where(day.is_not(None))


STOCK = Derived("materiel_sur_place", "Où est chaque machine", ("materiel",), _stock, by_key=True, changes=_STAYS)
WAITED = Derived(
    "materiel_remis_depuis_reception", "De la première réception à la remise", ("materiel",), _waited, by_key=True
)
GONE = Derived("materiel_sorti", "Matériel sorti du stock", ("materiel",), _gone, by_row=True)
