"""What an association keeps: the acknowledgement of a deposit, and that of a relevé, as PDF."""

from __future__ import annotations

from core import reporting
from core.checking import naming
from core.contract import Registry
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import Action, On
from core.domain.calendar import day_in_france
from core.domain.releve import Releve, ReleveAction, ReleveEvent
from core.errors import UnknownName
from core.exports.typesetting import pdf
from core.reporting import ReportTable
from core.storage import Store
from core.storage.deposits import Deposit

ACKNOWLEDGEMENT = "Accusé de réception"


def acknowledgement(scope: Scope, deposit: Deposit, *, fictitious: bool = False) -> bytes:
    """The PDF of one deposit, the same each time that it is asked for.

    Raises Forbidden when the data are not the actor's, UnknownName.
    """
    access.check(scope.actor, Action.READ_HISTORY, On(deposit.association))
    association = scope.registry.association(deposit.association)
    table = scope.registry.readable(deposit.association, deposit.dataset).title
    title = f"{ACKNOWLEDGEMENT} – {table} – {association.name}"
    return pdf(
        "acknowledgement",
        _data(scope.registry, deposit, fictitious=fictitious),
        at=deposit.at,
        title=french.typeset(title),
    )


def acknowledgement_name(deposit: Deposit) -> str:
    """« accuse-de-reception-185.pdf »."""
    rank = deposit.revision if deposit.revision is not None else f"sans-changement-{deposit.number}"
    return f"accuse-de-reception-{rank}.pdf"


def _data(registry: Registry, deposit: Deposit, *, fictitious: bool) -> dict[str, object]:
    association = registry.association(deposit.association)
    dataset = registry.readable(deposit.association, deposit.dataset)
    moment = french.moment(deposit.at)
    facts = [
        ("Association", association.name),
        ("Tableau", dataset.title),
        ("Reçu le", moment),
        ("Par", naming.who(registry, deposit.actor, deposit.on_behalf_of)),
        ("Fichier", deposit.file_name or "aucun (saisie ou déclaration)"),
        ("Dépôt", f"n° {deposit.revision}" if deposit.revision is not None else "sans changement : aucun numéro"),
    ]
    return {
        "mark": french.sentence(naming.deposit(deposit)).rstrip("."),
        "fictitious": fictitious,
        "sentence": french.typeset(_sentence(deposit)),
        "facts": [[name, french.typeset(value)] for name, value in facts],
        "counts": {"headings": ["Lignes", "Nombre"], "rows": _counts(deposit)},
        "fingerprint": deposit.sha256 or "",
        "closing": french.typeset(
            "Ce document atteste le dépôt, pas l’exactitude des données. Seules les colonnes lues de l’onglet lu sont "
            "conservées. Un dépôt s’annule depuis la page « Mes données »."
        ),
    }


def _sentence(deposit: Deposit) -> str:
    if deposit.declares_nothing:
        return f"Vous avez déclaré qu’il n’y a rien à transmettre pour {deposit.period}."
    changed = deposit.added + deposit.changed + deposit.removed
    if not changed:
        return "Votre dépôt est bien reçu. Toutes ses lignes étaient déjà enregistrées : rien n’a changé."
    return f"Votre dépôt est bien reçu : {french.count(changed, 'ligne a changé', 'lignes ont changé')}."


def _counts(deposit: Deposit) -> list[list[str]]:
    told = (
        ("Ajoutées", deposit.added),
        ("Modifiées", deposit.changed),
        ("Inchangées", deposit.unchanged),
        ("Retirées", deposit.removed),
    )
    return [[name, french.number(value)] for name, value in told]


# --- The acknowledgement of a relevé, as a PDF for its association: when it was sent, and what it holds now ----


STATEMENT = "Accusé de réception d’un relevé"


def statement(scope: Scope, found: Releve, *, fictitious: bool = False) -> bytes:
    """The PDF of the last sending of a relevé.

    Raises Forbidden when the data are not the actor's, UnknownName when it was never sent.
    """
    access.check(scope.actor, Action.READ_HISTORY, On(found.association))
    sent = [
        one
        for one in reporting.history(scope.store, found.experiment, found.period.code)
        if one.deed is ReleveAction.SENT
    ]
    if not sent:
        raise UnknownName("Ce relevé n’a pas encore été transmis : il n’y a pas d’accusé de réception.")
    title = f"{STATEMENT} – {scope.registry.experiment(found.experiment).title} – {found.period.label}"
    data = _statement_data(scope.registry, scope.store, found, sent[-1], fictitious=fictitious)
    return pdf("releve", data, at=sent[-1].at, title=french.typeset(title))


def statement_name(found: Releve) -> str:
    """« releve-ct6-pays-de-martigues-2022-T2.pdf »."""
    return f"releve-{found.experiment}-{found.period.code}.pdf"


def _statement_data(
    registry: Registry, store: Store, found: Releve, sent: ReleveEvent, *, fictitious: bool
) -> dict[str, object]:
    association = registry.association(found.association).name
    moment = french.moment(sent.at)
    behalf = f", pour le compte {french.of(association)}" if sent.on_behalf_of else ""
    facts = [
        ("Association", association),
        ("Expérimentation", registry.experiment(found.experiment).title),
        ("Période", found.period.label),
        ("Attendu le", french.day(found.due)),
        ("Transmis le", moment),
        ("Par", f"{sent.actor}{behalf}"),
    ]
    held = [(part.dataset.title, *_said(part)) for part in reporting.contents(registry, store, found)]
    told = reporting.narrative(store, found.experiment, found.period.code)
    return {
        "mark": f"Inscription n° {sent.number}",
        "fictitious": fictitious,
        "sentence": french.typeset(f"Votre relevé est bien transmis à la Métropole, le {moment}."),
        "facts": [[name, french.typeset(value)] for name, value in facts],
        "parts": {"headings": ["Tableau", "Lignes", "Ce qui a été dit"], "rows": [list(row) for row in held]},
        "told": _told(told),
        "closing": french.typeset(
            "Ce document atteste la transmission. Le relevé peut encore être repris : demandez-le depuis sa page. "
            "Une fois accepté par la Métropole, il ne se modifie plus."
        ),
    }


def _said(part: ReportTable) -> tuple[str, str]:
    return french.number(part.rows), french.typeset(words_of(part))


def words_of(part: ReportTable) -> str:
    """What was said of one table: « Déposé le 5 juillet 2022 ; 3 lignes à corriger », « Rien à déclarer »."""
    left = f" ; {french.count(part.waiting, 'ligne à corriger', 'lignes à corriger')}" if part.waiting else ""
    return f"{_handed_in(part)}{left}"


def _handed_in(part: ReportTable) -> str:
    if part.nothing:
        return "Rien à déclarer"
    if part.last is not None:
        return f"Déposé le {french.day(day_in_france(part.last))}"
    if part.rows:
        return "Déposé plus tôt"
    return "Facultatif" if part.optional else "Manque"


def _told(told: reporting.Narrative | None) -> list[list[str]]:
    if told is None:
        return []
    parts = (
        ("Commentaire", told.text),
        ("Cause d’un retard", told.cause),
        ("Prochaine action", told.next_action),
    )
    return [[title, french.typeset(said)] for title, said in parts if said]
