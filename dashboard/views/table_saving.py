"""What the screens of the Métropole’s tables share: words, a matrix to type in, how a save ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.catalogue import places
from core.catalogue.keys import KEY
from core.checking.outcome import Outcome
from core.deliberation import ASSOCIATIONS, LINES
from core.depositing.editing import Edits
from core.depositing.reference_tables import Register
from core.domain import french
from core.domain.column_type import Choice
from core.domain.dataset import Row, RowDict
from core.domain.french import Thing
from core.domain.programme import METROPOLE
from core.errors import FabriqueError
from core.reading.typed_in import by_column, typed_in
from dashboard.components import Child, Html, announced, note, show, table, tag
from dashboard.components.fields import GridField, fields
from dashboard.components.forms import Sent, count_button, emptying, refused
from dashboard.context import Context
from dashboard.views.my_rows import draw_choice, tell_done
from dashboard.views.row_editor import Bench, changed_cells

# --- The words and lists that several registers share ----------------------------------------------


PROGRAMME = "Tout le programme"
THINGS = {
    "objectifs": Thing("cet objectif"),
    "valeurs_depart": Thing("cette valeur de départ", feminine=True),
    "periodes": Thing("cette période", feminine=True),
    "dates_experimentations": Thing("ces dates", feminine=True, plural=True),
    "seuils": Thing("ce seuil"),
    "cles": Thing("cette clé", feminine=True),
    "conventions": Thing("cette convention", feminine=True),
    "versements": Thing("ce versement"),
    "pieces": Thing("cette pièce", feminine=True),
    "autorisations": Thing("cette autorisation", feminine=True),
    "annexe_materiel": Thing("cette machine", feminine=True),
    "lots_cession": Thing("cet acte"),
    "conservation": Thing("cette durée", feminine=True),
}
"""One thing of each register, as a sentence names it."""


def rows(context: Context, dataset: str) -> list[RowDict]:
    """The rows of a register as they hold now."""
    return context.store.rows(METROPOLE, dataset).to_dicts()


def experiment(context: Context, code: str | None) -> str:
    """Its short title; « Tout le programme » for none."""
    if code is None:
        return PROGRAMME
    return next((one.short_title for one in context.registry.experiments if one.code == code), code)


def line(code: str) -> str:
    """« Anonymal : récupération, reformatage… »."""
    found = LINES[code]
    return f"{ASSOCIATIONS[found.association].name} : {found.purpose}"


def place(code: str | None) -> str:
    """The name of a place."""
    return places.name(code) if code else ""


def associations(context: Context) -> list[Choice]:
    """The associations of the experiments, to choose from."""
    return [Choice(one.code, one.name) for one in context.registry.associations]


def indicators(context: Context) -> list[Choice]:
    """« EQ5a : ordinateurs remis », to choose from."""
    return [Choice(code, f"{code} : {one.label}") for code, one in sorted(context.registry.catalogue.items())]


def label(context: Context, code: str) -> str:
    """The label of an indicator; its code when no plugin declares it any more."""
    found = context.registry.catalogue.get(code)
    return found.label if found else code


def decision(row: RowDict) -> str:
    """The decision of a row, said as missing when it has none."""
    return row.get("decision") or "décision non renseignée"


# --- Indicators in rows, experiments in columns: what the project lead recorded in each cell -------


def by_cell(rows: Iterable[Row]) -> dict[tuple[str, str | None], list[Row]]:
    """The rows of each (indicator, experiment or None)."""
    found: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        found.setdefault((row["indicateur"], row["experience"]), []).append(row)
    return found


def matrix(
    context: Context, caption: str, codes: Iterable[str], cell: Callable[[str, str | None], Sequence[Child]]
) -> Html:
    """One row for each of ``codes``; ``cell`` gives the lines of (indicator, experiment or None)."""
    listed = list(codes)
    columns: list[str | None] = [one.code for one in context.registry.experiments]
    if any(cell(code, None) for code in listed):
        columns.append(None)
    headings = ["Indicateur", *(_title(context, one) for one in columns)]
    body = [[label(context, code), *(_cell(cell(code, one)) for one in columns)] for code in listed]
    return table(caption, headings, body, wide=True)


def ordered(context: Context, codes: Iterable[str]) -> list[str]:
    """The codes in the order of the screens."""
    known = context.registry.catalogue
    return sorted(set(codes), key=lambda code: ((known[code].rank or 999) if code in known else 999, code))


def _title(context: Context, code: str | None) -> str:
    return PROGRAMME if code is None else context.registry.experiment(code).short_title


def _cell(lines: Sequence[Child]) -> Html:
    return tag("ul", [tag("li", one) for one in lines], class_="cell-list") if lines else tag("span", "–")


# --- What the project lead types is stored here: once, whole, with what happened said in French ----
# To add and to change are two acts: what exists is never replaced by an addition.


_SEEN = "registre-vu"
ALSO = {"lots_cession": ("annexe_materiel",)}
"""The registers that the screen of another one writes too."""


def bench_of(context: Context, register: str) -> Bench:
    """Where the rows of a register are changed."""
    registry = context.registry
    return Bench(context, registry.association(METROPOLE), registry.dataset(METROPOLE, register), context.actor)


def seen(context: Context, key: str) -> int:
    """The revision that the person sees in the form ``key``: the one at which it was first drawn."""
    held = st.session_state.setdefault(_SEEN, {})
    return held.setdefault(key, context.store.latest())


def save(
    context: Context,
    register: str,
    edits: Edits,
    *,
    said: str | Callable[[Outcome], str],
    based_on: int,
    sent: Sent | None = None,
) -> FabriqueError | None:
    """Store ``edits`` of a register, then draw the page again with what ``said`` tells of it; or say why not.

    ``sent`` is the form that they come from, whose fields then bear the problems. Returns why it is refused.
    """
    words = said if callable(said) else lambda _: french.sentence(said)
    return bench_of(context, register).save(edits, based_on=based_on, again=restart, sent=sent, said=words)


def offer_removal(context: Context, register: str, key: str, based_on: int | None = None) -> None:
    """Two gestures: nothing leaves by a slip of the finger. What leaves stays in the history."""
    thing, name = THINGS[register], f"retirer-{register}-{key}"
    whose = "leur" if thing.plural else "son"
    sure = st.checkbox(f"Retirer {thing.words} du registre ({whose} historique reste)", key=f"{name}-sur")
    if sure and st.button(f"Retirer {thing.words}", key=name):
        seen_at = seen(context, name) if based_on is None else based_on
        done = f"{thing.is_('retiré')} du registre"
        save(context, register, Edits(removed=(key,)), said=done, based_on=seen_at)


def over(held: Mapping[str, Row], rows: Mapping[str, Row]) -> Edits:
    """``rows``, by their key, over those that hold: those that are there are changed, the others added."""
    changed = {key: changed_cells(held[key], row) for key, row in rows.items() if key in held}
    return Edits(
        {key: cells for key, cells in changed.items() if cells},
        tuple(row for key, row in rows.items() if key not in held),
    )


def by_key(rows: list[RowDict]) -> dict[str, RowDict]:
    """Rows by their key."""
    return {row[KEY]: row for row in rows}


def restart() -> None:
    """Every form of the page starts again from what is stored."""
    st.session_state.pop(_SEEN, None)
    # A form draws what was typed as long as its keys stay: the next one starts from what is stored.
    st.session_state["registre-tour"] = turn() + 1
    if "ligne" in st.query_params:
        del st.query_params["ligne"]


def turn() -> int:
    """How many times something was stored: part of the keys of the forms."""
    return st.session_state.get("registre-tour", 0)


def forget(context: Context, found: Iterable[Register]) -> None:
    """What was done in the registers is no longer told: the person left them."""
    for one in found:
        bench_of(context, one.code).memory.pop("fait", None)


def told(context: Context, register: str) -> bool:
    """Say what was just done; draw the choice between two versions, if there is one: then nothing else is typed."""
    for code in (register, *ALSO.get(register, ())):
        bench = bench_of(context, code)
        tell_done(bench)
        if "litige" in bench.memory:
            draw_choice(bench)
            return True
    return False


# --- One decision applied to several things at once: the same cells for each of them, stored together ----


@dataclass(frozen=True, slots=True)
class Several:
    """The words of one decision over several things.

    ``legend`` asks which; ``button`` fixes, ``again`` changes; ``fixed`` and ``changed`` say what became of it; each
    for one and for several, « {} » being their number.
    """

    legend: str
    button: tuple[str, str]
    again: tuple[str, str]
    fixed: tuple[str, str]
    changed: tuple[str, str]


def decide(
    context: Context,
    dataset: str,
    offered: Mapping[str, Mapping[str, str]],
    names: Mapping[str, str],
    chosen: Sequence[str],
    words: Several,
) -> None:
    """Choose among ``offered`` (the cells of each, by key; ``names`` in words), type the rest, store.

    What is already decided says so beside its name, and the button counts it apart: nothing is replaced unsaid.
    A field left blank keeps what is decided.
    """
    declared = context.registry.dataset(METROPOLE, dataset)
    held = by_key(rows(context, dataset))
    given = {name for cells in offered.values() for name in cells}
    key = f"plusieurs-{dataset}-{turn()}"
    based_on = seen(context, key)
    alone = held.get(chosen[0]) if len(chosen) == 1 else None
    with st.container(key=f"formulaire-{dataset}"):
        keys = st.multiselect(
            words.legend,
            list(offered),
            default=[one for one in chosen if one in offered],
            format_func=lambda one: names.get(one, one),
            key=f"{key}-choix",
            placeholder="Choisissez",
        )
        again = [one for one in keys if one in held]
        typed, emptied = _cells(fields(declared, hidden=given), key, alone, [held[one] for one in again])
        if again:
            show(note(f"{_said(_REPLACED, len(again))} : un champ laissé vide garde ce qui est décidé."))
        label = _button(words, len(keys) - len(again), len(again))
        why = "Choisissez dans la liste : le bouton qui enregistre vient ensuite."
        pressed = count_button(label, len(keys), why=why, key=f"{key}-envoi")
    if not pressed:
        return
    write = {name: column.kind.write for name, column in declared.by_name.items()}
    texts = [_row(offered[one], typed, emptied, held.get(one), write) for one in keys]
    read = typed_in(declared, texts)
    if read.problems:
        wrong = [f"{declared.by_name[name].title} : {said}" for name, said in by_column(read.problems).items()]
        problems = [tag("p", one, class_="field-problem") for one in wrong]
        refused(problems)
        return
    edits = over(held, dict(zip(keys, read.rows, strict=True)))
    if not edits.count:
        show(announced(note("Rien n’a changé : c’est ce qui était déjà décidé.")))
        return
    save(context, dataset, edits, said=lambda outcome: _done(words, outcome), based_on=based_on)


_REPLACED = ("{} est déjà décidé", "{} sont déjà décidés")


def _cells(
    asked: Sequence[GridField], key: str, alone: Mapping[str, object] | None, held: Sequence[Mapping[str, object]]
) -> tuple[dict[str, str | None], set[str]]:
    """What is typed in each field, and the fields to empty where they hold something."""
    typed: dict[str, str | None] = {}
    emptied: set[str] = set()
    for one in asked:
        typed[one.name] = one.widget(alone[one.name] if alone else None, f"{key}-{one.name}")
        if one.hint:
            show(tag("p", one.hint, class_="field-hint"))
        if any(row[one.name] is not None for row in held) and emptying(one, f"{key}-{one.name}"):
            emptied.add(one.name)
    return typed, emptied


def _row(
    cells: Mapping[str, str], typed: Mapping[str, str | None], emptied: set[str], held: Row | None, write: Row
) -> dict[str, str | None]:
    """The row as texts: what is typed, else what is decided, nothing where one asked to empty."""
    row: dict[str, str | None] = dict(cells)
    for name, text in typed.items():
        kept = held[name] if held else None
        row[name] = None if name in emptied else text or (None if kept is None else write[name](kept))
    return row


def _button(words: Several, new: int, again: int) -> str:
    """« Fixer le seuil de 2 immeubles », « Fixer le seuil de 2 immeubles, modifier le seuil de 1 immeuble »."""
    parts = [_said(words.button, new)] if new else []
    parts += [_said(words.again, again)] if again else []
    said = ", ".join(parts)
    return said[:1] + said[1:].replace(", M", ", m")


def _done(words: Several, outcome: Outcome) -> str:
    counts = ((outcome.added, words.fixed), (outcome.changed, words.changed))
    return french.sentence(french.listing(_said(one, number) for number, one in counts if number))


def _said(words: tuple[str, str], number: int) -> str:
    return words[0 if number < 2 else 1].format(french.number(number))
