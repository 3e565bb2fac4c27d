"""The points to treat: what rows that were accepted still leave to look at.

A warning lets a row in and is not forgotten: it is found again in the rows as they stand,
whoever handed them in, until the row is mended.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

import polars as pl

from core.checking import cross_checks, naming, reference_table_checks
from core.checking.cross_checks import Finding
from core.checking.near import StoredRows
from core.contract import Registry
from core.domain import french
from core.domain.dataset import Dataset, Hand, Rule, Severity
from core.domain.programme import METROPOLE
from core.storage import Store

logger = logging.getLogger(__name__)
RULE_BROKEN = "regle_en_panne"
TITLES = {
    "annexe_differente": "Machines décrites autrement que dans l’annexe",
    "accords_trop_nombreux": "Plus d’accords que de logements",
    "cle_incomplete": "Clés de répartition dont les parts ne font pas 100 %",
    "commune_et_code_insee": "Communes et codes INSEE qui ne s’accordent pas",
    "commune_et_code_postal": "Communes et codes postaux qui ne s’accordent pas",
    "compte_vide": "Comptes sans montant",
    "convention_sans_fournisseur": "Conventions signées sans le nom du fournisseur",
    "courriel_de_personne": "Adresses électroniques qui semblent personnelles",
    "date_de_remise_sans_statut": "Dates de remise sans le statut « remis »",
    "depense_superieure_au_vote": "Dépenses au-delà de la somme votée",
    "echeance_avant_la_fin": "Périodes attendues avant leur fin",
    "eligibilite_contradictoire": "Éligibilité au câble contradictoire",
    "eligibilite_sans_diagnostic": "Immeubles sans date de diagnostic",
    "famille_hors_qpv": "Remises à une famille hors quartier prioritaire",
    "famille_qpv_non_renseigne": "Remises à une famille, quartier non renseigné",
    "jalon_sans_cause": "Jalons arrêtés sans cause écrite",
    "jalon_termine_sans_date": "Jalons terminés sans date",
    "logements_eligibles_trop_nombreux": "Plus de logements éligibles que de logements",
    "materiel_au_dela_du_vote": "Plus de matériel reçu que cédé",
    "mise_en_service_sous_seuil": "Mises en service sous le seuil d’accord",
    "mises_en_service_trop_nombreuses": "Plus de mises en service que d’accords",
    "part_sous_un": "Seuils de moins de 1 %, peut-être écrits en fraction",
    "prix_en_hausse": "Prix mensuel plus élevé qu’avant",
    "prix_non_nul": "Matériel remis contre de l’argent",
    RULE_BROKEN: "Règles d’un plugin qui ne s’appliquent pas",
    "remis_deux_fois": "Même numéro remis deux fois",
    "remise_sans_preuve_effacement": "Ordinateurs remis sans preuve d’effacement",
    "reversement_au_dela_du_verse": "Reversements au-delà de ce qui est versé",
    "solde_sans_compte_rendu": "Soldes versés sans compte rendu financier",
    "transfert_non_confirme": "Transferts dont la réception n’est pas confirmée",
    "transfert_sans_destinataire": "Transferts sans destinataire",
    "transferts_trop_nombreux": "Plus de transferts que de mises en service",
    "valeur_superieure_a_300": "Machines d’une valeur de plus de 300 €",
    "versements_au_dela_du_vote": "Versements au-delà du vote",
    "versement_avant_signature": "Versements avant la signature de la convention",
}
"""What each warning is about, in a few words; elsewhere the title of the column says it."""


@dataclass(frozen=True, slots=True)
class PointToTreat:
    """One kind of thing to treat: what is expected, what to do, and each row that it touches.

    ``code`` names the rule and ``title`` says it in a few words; ``experiment`` is None when several
    or none are concerned; ``hand`` is to whom it is shown first. ``people``: each row is a person or a home;
    ``hidden`` is then what stands in place of a small number of them where points leave the restricted screens.
    """

    code: str
    title: str
    dataset: str
    experiment: str | None
    association: str | None
    expected: str
    remedy: str
    subjects: tuple[str, ...]
    names: tuple[str, ...] = ()
    people: bool = False
    hidden: str = ""
    hand: Hand = Hand.ASSOCIATION

    @property
    def concerned(self) -> tuple[str, ...]:
        """The rows as people call them."""
        return self.names or self.subjects

    @property
    def count(self) -> int:
        """How many rows are concerned."""
        return len(self.subjects)

    def masked(self, below: int) -> PointToTreat:
        """The same, which of people tells how many only when they are ``below`` at least."""
        if not self.people or not 0 < self.count < below:
            return self
        return replace(self, subjects=(), names=(), hidden=f"moins de {below}")

    @property
    def rows(self) -> str:
        """« 3 lignes », « moins de 5 lignes »."""
        return f"{self.hidden} lignes" if self.hidden else french.count(self.count, "ligne")


def points_to_treat(registry: Registry, store: Store, revision: int | None = None) -> tuple[PointToTreat, ...]:
    """Every point that the rows leave at ``revision``, those of one rule and experiment together.

    The order is that of the experiments, what concerns the whole programme first.
    """
    read = cache(partial(store.rows, revision=revision))  # a long table is read once for all the rules
    found = [*_of_rules(registry, read), *_over_associations(registry, read)]
    ranks = {experiment.code: experiment.rank for experiment in registry.experiments}
    return tuple(
        sorted(_together(registry, found), key=lambda point: (ranks.get(point.experiment or "", 0), point.code))
    )


def _of_rules(registry: Registry, read: StoredRows) -> Iterator[Finding]:
    for body in (*(one.code for one in registry.associations), METROPOLE):
        for dataset in registry.datasets(body):
            rules = dataset.rules_of(Severity.WARNING)
            if rules:
                rows = read(body, dataset.code)
                yield from (one for rule in rules for one in _broken(rule, rows, dataset, body))


def _broken(rule: Rule, rows: pl.DataFrame, dataset: Dataset, association: str) -> Iterator[Finding]:
    try:
        kept = rows.filter(rule.broken.fill_null(False)).select("_key", "_experiment", "_place")
    except Exception:
        logger.warning("rule %s of %s/%s failed", rule.code, association, dataset.code, exc_info=True)
        yield _rule_broken(rule, dataset, association)
        return
    for key, experiment, place in kept.iter_rows():
        yield Finding(
            code=rule.code,
            dataset=dataset.code,
            found=key,
            expected=rule.expected,
            remedy=rule.remedy,
            column=rule.columns[0],
            subject=key,
            association=association,
            experiment=experiment,
            place=place,
            people=rule.people,
            hand=rule.hand,
        )


def _rule_broken(rule: Rule, dataset: Dataset, association: str) -> Finding:
    return Finding(
        code=RULE_BROKEN,
        dataset=dataset.code,
        found=rule.code,
        expected="Une règle qui s’applique à toutes les lignes.",
        remedy="Prévenez l’auteur du plugin : le journal technique dit pourquoi. Les lignes sont gardées.",
        subject=rule.code,
        association=association,
        hand=Hand.LEAD if association == METROPOLE else Hand.ASSOCIATION,
    )


def _over_associations(registry: Registry, read: StoredRows) -> Iterator[Finding]:
    frames = {
        key: frame
        for dataset in cross_checks.DEPENDS_ON
        for key, frame in cross_checks.frames_for(registry, dataset, read).items()
    }
    yield from cross_checks.findings(registry, frames, read(METROPOLE, "seuils"))
    yield from reference_table_checks.findings(lambda code: read(METROPOLE, code))
    listed = read(METROPOLE, cross_checks.ANNEX)
    for (association, code), held in frames.items():
        if code == cross_checks.MACHINES:
            yield from cross_checks.differences(registry.dataset(association, code), association, held, listed)


def _together(registry: Registry, found: Iterable[Finding]) -> Iterator[PointToTreat]:
    groups: dict[tuple[str, str, str | None, str | None], list[Finding]] = {}
    for one in found:
        groups.setdefault((one.code, one.dataset, one.experiment, one.association), []).append(one)
    for (code, dataset, experiment, association), members in groups.items():
        first = members[0]
        subjects = tuple(one.subject or one.found for one in members)
        title = TITLES.get(code) or _column_title(registry, first, code)
        names = tuple(_name(registry, one) for one in members)
        yield PointToTreat(
            code,
            title,
            dataset,
            experiment,
            association,
            first.expected,
            first.remedy,
            subjects,
            names,
            first.people,
            hand=first.hand,
        )


def _name(registry: Registry, found: Finding) -> str:
    """What people call the row or the thing that was found."""
    subject = found.subject or found.found
    if found.association is None or found.subject is None:
        return subject
    dataset = registry.dataset(found.association, found.dataset)
    if found.column in dataset.by_name and found.column in dataset.key and naming.partial(dataset, subject):
        return naming.value(registry, dataset.by_name[found.column], subject)
    return naming.name_of(registry, dataset, subject)


def _column_title(registry: Registry, found: Finding, code: str) -> str:
    """« Commune » ; « Adresse à compléter » where the rule says that it lacks."""
    if found.association is None or found.column is None:
        return found.found
    title = registry.dataset(found.association, found.dataset).by_name[found.column].title
    return f"{title} à compléter" if code.endswith("_manquant") else title
