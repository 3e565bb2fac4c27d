"""« Avant le comité »: what is still to be done before the next meeting, for the project lead; what is done already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.alerts import Status
from core.committee import meetings
from core.depositing.reference_tables import registers
from core.domain import french
from core.domain.access import ReleveState
from core.domain.meeting import Meeting, Stage
from core.domain.releve import Releve
from dashboard.addresses import address
from dashboard.components import Html, fold, lead, link, page_title, section, show, strong, tag
from dashboard.context import Context
from dashboard.views.meeting_agenda import PATH, readable_meetings, step_address
from dashboard.views.point_list import followed_points
from dashboard.views.releve_acts import releve_address
from dashboard.views.shared import kept, releves_of

TITLE = "Avant le comité"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do or done: what, why or how far, and the page where it is done."""

    what: str
    detail: str
    address: str
    done: bool = False


def draw(context: Context) -> None:
    """The sentence, what is to do in the order of the preparation, what is done."""
    groups = [
        ("Le comité", list(_meeting(context))),
        ("Les relevés", list(_releves(context))),
        ("Les registres", list(_registers(context))),
        ("Le suivi", list(_followed(context))),
    ]
    left = [(name, [one for one in found if not one.done]) for name, found in groups]
    done = [one for _, found in groups for one in found if one.done]
    show(page_title(TITLE), lead(*_sentence(context, sum(len(found) for _, found in left))))
    show([section(f"{name} ({len(found)})", _list(found)) for name, found in left if found])
    if done:
        show(fold(french.count(len(done), "chose est faite", "choses sont faites"), _list(done)))


def _sentence(context: Context, left: int) -> list[Html | str]:
    last = _last(context)
    when = "Avant le prochain comité"
    if last is not None and last.stage is not Stage.CLOSED:
        when = f"Avant le {last.title.lower()}, le {french.day(last.day)}"
    if not left:
        return [f"{when}, ", strong("tout est prêt"), "."]
    return [f"{when}, ", strong(french.count(left, "chose reste", "choses restent")), " à faire."]


def _list(found: Sequence[Task]) -> Html:
    return tag("ul", [tag("li", _task(one), class_="task") for one in found], class_="tasks")


def _task(one: Task) -> Html:
    shape, word = ("✓", "Fait") if one.done else ("□", "À faire")
    return tag(
        "div",
        tag("span", shape, class_="mark__shape", aria_hidden="true"),
        tag("span", f"{word} : ", class_="visually-hidden"),
        tag("div", link(one.what, one.address), tag("p", one.detail, class_="task__detail") if one.detail else None),
        class_="task__in",
    )


# --- the committee itself ---------------------------------------------------------------------


def _last(context: Context) -> Meeting | None:
    found = readable_meetings(context)
    return found[-1] if found else None


def _meeting(context: Context) -> Iterator[Task]:
    last = _last(context)
    if last is None or last.stage is Stage.CLOSED:
        yield Task("Fixer le jour du prochain comité", "Aucun comité n’est en préparation.", f"/{PATH}")
        return
    count = french.count(len(last.points), "point")
    yield Task(
        "Écrire l’ordre du jour",
        f"{count} à l’ordre du jour." if last.points else "Aucun point n’est encore inscrit.",
        step_address(last, "preparer"),
        done=bool(last.points),
    )
    yield Task(
        "Arrêter les données",
        f"{last.freeze.mark}." if last.freeze else "Le comité décide au vu de chiffres arrêtés.",
        step_address(last, "arreter"),
        done=last.freeze is not None,
    )


# --- the relevés of the last period that is over ----------------------------------------------


def _releves(context: Context) -> Iterator[Task]:
    over = [one for one in releves_of(context) if one.state is not None and one.period.end < context.today]
    last = max((one.period for one in over), default=None)
    for one in over:
        if one.state is ReleveState.APPROVED:
            continue
        if one.period == last or one.awaited:
            yield _releve(context, one)
    accepted = [one for one in over if one.period == last and one.state is ReleveState.APPROVED]
    if accepted and last is not None:
        count = french.count(len(accepted), "relevé accepté", "relevés acceptés")
        yield Task("Accepter les relevés", f"{last.label} : {count}.", address("echeances"), done=True)


def _releve(context: Context, one: Releve) -> Task:
    name = context.registry.experiment(one.experiment).short_title
    verb = "Relire et accepter" if one.state is ReleveState.SUBMITTED else "Obtenir"
    return Task(f"{verb} le relevé de {name}", f"{one.period.label} : {one.words.lower()}.", releve_address(one))


# --- the registers, the points, the decisions -------------------------------------------------


def _registers(context: Context) -> Iterator[Task]:
    found = kept(context, "registers", None, lambda: registers(context.registry, context.store, today=context.today))
    for one in found:
        detail = french.sentence(one.missing) if one.missing else "Rien ne manque."
        yield Task(one.title, detail, address("registres", registre=one.code), done=not one.missing)


def _followed(context: Context) -> Iterator[Task]:
    found = [one for one in followed_points(context) if one.status is not Status.CLOSED]
    alone = sum(one.status is Status.NEW for one in found)
    late = sum(one.overdue(context.today) for one in found)
    told = (
        f"{french.count(alone, 'point')} sur {len(found)} sans responsable." if alone else "Chacun a son responsable."
    )
    yield Task("Donner un responsable à chaque point", told, address("points"), done=not alone)
    if late:
        yield Task("Revoir les points dont la date est passée", french.count(late, "point"), address("points"))
    for one in meetings.all_decisions(readable_meetings(context)).values():
        if one.to_do:
            due = f", pour le {french.day(one.due)}" if one.due else ""
            yield Task(
                f"Dire la suite de la décision n° {one.number}",
                f"{one.text.rstrip('.')}{due}.",
                address(PATH, comite=str(one.committee), etape="suivre"),
            )
