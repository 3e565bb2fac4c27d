"""« Vue d’ensemble »: the six experiments side by side, on one screen."""

from __future__ import annotations

from typing import Any

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.actor import Actor
from core.services.overview import overview_sentence
from dashboard.components import (
    band,
    bullets,
    callout,
    cards,
    columns,
    fold,
    heading,
    join,
    lead,
    legend,
    link,
    note,
    page_title,
    section,
    show,
    tag,
)
from dashboard.context import Context
from dashboard.views.parts.cards import cards_of
from dashboard.views.parts.ground import territory
from dashboard.views.parts.groups import first_screen, the_rest
from dashboard.views.parts.kept import kept, last_deposit, ledger
from dashboard.views.parts.matrix import indicator_matrix
from dashboard.views.parts.moment import Moment, moment_chooser, read_moment
from dashboard.views.parts.purse import money_of, money_sentence, undivided_sentence

TITLE = "Vue d’ensemble"


def draw(context: Context) -> None:
    """The page, for the moment of its address."""
    moment = read_moment(context)
    compared = context.monitor.compare(**moment.asked)
    show(_head(context, compared, moment), _failures(context), _first_steps(context))
    show(section("Où en sont les six", cards(cards_of(context, compared, moment))))
    # The largest part of the page: the same for everybody until the next deposit.
    key = ("figures", moment.code, moment.until)
    show(kept(context, key, moment.revision, lambda: _figures(compared, moment)))
    show(_money_and_map(context, compared, moment), _foot())


def _head(context: Context, compared: Any, moment: Moment) -> Any:
    return join(
        [
            page_title(TITLE, aside=moment_chooser("", moment)),
            band(_band(context, compared, moment)),
            lead(overview_sentence(compared)),
        ]
    )


def _band(context: Context, compared: Any, moment: Moment) -> dict[str, Any]:
    """Which period, up to what day, from which deposits, and whether the figures may still move."""
    last = last_deposit(context, moment.revision)
    return {
        "Période": moment.period.label if moment.period else "Aujourd’hui",
        "Données au": f"{french.day(moment.until)}, depuis le début",
        "État": "Chiffres du jour, non arrêtés"
        if moment.revision is None
        else f"Tels que connus à la révision {moment.revision}",
        "Dernier dépôt": f"{french.day(last)} (révision {french.number(compared.revision)})" if last else "aucun",
    }


def _failures(context: Context) -> Any:
    if not context.registry.failures:
        return None
    names = french.listing(sorted({one.plugin for one in context.registry.failures}))
    return callout(
        join(["Ne fonctionne pas aujourd’hui : ", names, ". Les autres expérimentations sont à jour. ",
              link("Voir pourquoi et que faire", "/etat-des-plugins")]),
        tone="attention",
    )  # fmt: skip


def _first_steps(context: Context) -> Any:
    """What the visitor can do while nothing was ever deposited."""
    if context.store.latest():
        return None
    said, steps = _steps(context.visitor)
    return callout(
        join([tag("p", "Aucun fichier n’a encore été déposé. ", said), bullets(steps) if steps else None]),
        title="Par où commencer",
    )


def _steps(visitor: Actor | None) -> tuple[str, list[Any]]:
    """A sentence and the pages that come first, for who is looking."""
    if access.allowed(visitor, Action.STEER):
        return "Dans l’ordre :", [
            join([link("Registres", "/registres"), " : le début et la fin des expérimentations, les périodes."]),
            join([link("Comptes", "/comptes"), " : les invitations des associations et du comité."]),
            join([link("Mes données", "/mes-donnees"),
                  " : un dépôt pour le compte d’une association, si elle est empêchée."]),
        ]  # fmt: skip
    if visitor is not None and access.allowed(visitor, Action.DEPOSIT, On(visitor.association)):
        return "", [join([link("Mes données", "/mes-donnees"), " : votre premier fichier, ou « rien à déclarer »."])]
    return "Les chiffres apparaîtront au premier dépôt d’une association.", []


def _figures(compared: Any, moment: Moment) -> Any:
    first = indicator_matrix(
        compared, first_screen(compared.indicators), moment,
        caption="Les six expérimentations, indicateur par indicateur", anchor="matrice",
        note="Chaque chiffre mène aux lignes qui le composent ; chaque indicateur, à sa définition. "
        "« au 31 mars 2022 » sous un chiffre : la suite de ces données est attendue ; "
        "« incomplet » : un total auquel elle manque.",
    )  # fmt: skip
    rest = the_rest(compared.indicators)
    others = indicator_matrix(compared, rest, moment, caption="Les autres indicateurs suivis", anchor="suite")
    count = french.count(len(rest), "autre indicateur suivi", "autres indicateurs suivis")
    return section(
        "Indicateur par indicateur",
        first,
        fold(f"Voir {'l’' if len(rest) == 1 else 'les '}{count}", others) if rest else None,
        fold("Lire les marques", legend()),
        anchor="indicateurs",
    )


def _money_and_map(context: Context, compared: Any, moment: Moment) -> Any:
    state = ledger(context, **moment.asked)
    money = join([
        heading("L’argent"), tag("p", money_sentence(state), class_="section__intro"),
        money_of(state, "Les six lignes de subvention", short=True),
        note(tag("strong", "Non ventilé. "), undivided_sentence(state)) if undivided_sentence(state) else None,
        note("Sommes votées : délibération du 4 juin 2021. ", link("Voir les subventions", "/subventions")),
    ])  # fmt: skip
    ground = join([
        heading("Les lieux"), tag("p", "À côté de chaque nom, les ordinateurs remis.", class_="section__intro"),
        territory(context, compared.experiments, moment),
    ])  # fmt: skip
    return columns(money, ground, wide="left")


def _foot() -> Any:
    """What a public service says at the foot of its first page."""
    return tag(
        "p", link("Accessibilité : non conforme", "/accessibilite", quiet=True), " · ",
        link("Données personnelles", "/donnees-personnelles", quiet=True), class_="foot",
    )  # fmt: skip
