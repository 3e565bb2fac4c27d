"""The one-row form of a Métropole’s table: add, change, remove with a second look; deeds and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from core.catalogue.equiper import SCREEN
from core.catalogue.keys import KEY, with_key
from core.checking import naming
from core.deliberation import EQUIPMENT, LINES
from core.depositing.editing import TAKEN, Edits
from core.depositing.reference_tables import Sharing, ceded, remainder, sharings
from core.depositing.submit import typed
from core.depositing.transfers import contents
from core.domain import french
from core.domain.column_type import Choice
from core.domain.dataset import Dataset, Row, RowDict
from core.domain.french import Thing
from core.domain.programme import METROPOLE
from core.errors import FabriqueError, RowsRefused
from core.reading import problem_heading as title_of
from core.reading.typed_in import typed_in
from dashboard.addresses import address
from dashboard.components import Html, answer, callout, empty, heading, join, link, note, section, show, table, tag
from dashboard.components.forms import count_button, row_form
from dashboard.components.forms import refused as refuse
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.row_editor import changed_cells, same
from dashboard.views.table_saving import THINGS, by_key, experiment, line, offer_removal, over, rows, save, seen, turn

PATH = "registres"
_TYPED = "registre-saisi"


@dataclass(frozen=True, slots=True)
class Editor:
    """How one register is typed: the words of its buttons, and the lists offered.

    ``new`` is the title above a blank form; the thing itself is named by ``THINGS``.
    """

    dataset: str
    new: str
    choices: Mapping[str, Sequence[Choice | str]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    start: Row = field(default_factory=dict)

    @property
    def one(self) -> Thing:
        """One thing of the register: « ce versement »."""
        return THINGS[self.dataset]


def to_row(register: str, key: str, text: str = "Modifier", about: str = "") -> Html:
    """The link that puts one row in the form; ``about`` says which, for who hears the link alone."""
    said = [text, tag("span", f" {about}", class_="visually-hidden")] if about else text
    return tag("a", said, href=f"{address(PATH, registre=register, ligne=key)}#saisie", target="_self", class_="link")


def edit(context: Context, editor: Editor, rows: Iterable[Row], *, name: Callable[[Row], str] | None = None) -> None:
    """The form: blank, or on the row that the address names (``name`` says it in words)."""
    dataset = context.registry.dataset(METROPOLE, editor.dataset)
    asked = st.query_params.get("ligne")
    held = {row[KEY]: row for row in rows}
    row = held.get(asked or "")
    called = name or (lambda one: naming.row_name(context.registry, dataset, one))
    show(heading(f"Modifier : {called(row)}" if row else editor.new, 2, anchor="saisie"))
    if row:
        _change(context, editor, dataset, row)
    else:
        _add(context, editor, dataset, held, called)


def _add(
    context: Context, editor: Editor, dataset: Dataset, held: Mapping[str, Row], called: Callable[[Row], str]
) -> None:
    """A blank form; what exists is never replaced: it is shown, and may be changed."""
    key = f"{editor.dataset}-{turn()}-"
    based_on = seen(context, key)
    sent = row_form(
        dataset,
        dict(editor.start),
        key=key,
        button=f"Ajouter {editor.one.words}",
        hidden=editor.hidden,
        choices=editor.choices,
    )
    if sent is None:
        return
    refused = save(
        context, editor.dataset, Edits(added=(dict(sent),)), said=editor.one.is_("ajouté"), based_on=based_on, sent=sent
    )
    taken = with_key(typed(dataset, [sent]), dataset)[KEY][0]
    if _exists(refused) and taken in held:
        _offer(context, dataset, held[taken], dict(sent), called(held[taken]))


def _change(context: Context, editor: Editor, dataset: Dataset, row: Row) -> None:
    """The form on what is recorded: a field left blank keeps it, its box empties it."""
    show(tag("p", link(editor.new, address(PATH, registre=editor.dataset))))
    before = st.session_state.get(_TYPED, {}).get((editor.dataset, row[KEY]))
    if before is not None:
        show(
            note("Ce que vous veniez de saisir, à reporter ci-dessous si c’est juste :"),
            _compared(context, dataset, row, before),
        )
    key = f"{editor.dataset}-{turn()}-{row[KEY]}"
    based_on = seen(context, key)
    sent = row_form(
        dataset,
        dict(row),
        key=key,
        button=f"Enregistrer {editor.one.words}",
        hidden=editor.hidden,
        choices=editor.choices,
        fixed=[one for one in dataset.key if one not in editor.hidden],
        changing=True,
    )
    if sent is not None:
        cells = changed_cells(row, sent)
        if cells:
            save(
                context,
                editor.dataset,
                Edits(changed={row[KEY]: cells}),
                said=editor.one.is_("modifié"),
                based_on=based_on,
                sent=sent,
            )
        else:
            kept = french.listing(f"« {one} »" for one in sent.kept)
            blank = f" Laissé vide, donc gardé : {kept}." if kept else ""
            show(answer(f"Rien n’a changé dans ce formulaire.{blank}", title="À savoir"))
    offer_removal(context, editor.dataset, row[KEY], based_on)


def _exists(refused: FabriqueError | None) -> bool:
    return isinstance(refused, RowsRefused) and any(one.code == TAKEN for one in refused.problems)


def _offer(context: Context, dataset: Dataset, row: Row, sent: Row, called: str) -> None:
    """What is there beside what was typed, and the button that puts it in the form."""
    words = join(
        [
            tag("p", "Rien n’est enregistré. Corrigez ce que vous ajoutez, ou modifiez ce qui est inscrit :"),
            _compared(context, dataset, row, sent),
        ]
    )
    refuse(callout(words, tone="question", title=french.typeset(f"« {called} » existe déjà")))

    def opened() -> None:
        st.session_state[_TYPED] = {(dataset.code, row[KEY]): sent}
        st.query_params["ligne"] = row[KEY]

    st.button(plain_label(f"Modifier « {called} »"), key=f"modifier-{dataset.code}-{row[KEY]}", on_click=opened)


def _compared(context: Context, dataset: Dataset, row: Row, sent: Row) -> Html:
    """Column by column, what is recorded and what was typed, where they differ."""
    body = []
    for column in dataset.columns:
        held, given = row[column.name], sent.get(column.name)
        if given is None or same(given, held):
            continue
        words = (naming.value(context.registry, column, one) for one in (held, given))
        body.append([french.capital(title_of(column.name, dataset)), *words])
    if not body:
        return tag("p", "Ce que vous avez saisi est déjà ce qui est inscrit.")
    return table("Ce qui diffère", ["Colonne", "Inscrit", "Vous avez saisi"], body)


# --- The cession, batch by batch: which machines make a batch, and the deed by which it left the inventory ----


CODE = "lots_cession"


def draw_deeds(context: Context) -> None:
    """The deeds against 455 and 202, the batches without a deed, the machines without a batch."""
    deeds = sorted(rows(context, CODE), key=lambda row: row["date"])
    annex = rows(context, "annexe_materiel")
    _deeds(deeds)
    waiting = _without_deed(annex, {row["lot"] for row in deeds})
    _waiting(waiting)
    asked = st.query_params.get("lot")
    start = _start(asked, waiting[asked]) if asked in waiting else {}
    edit(context, Editor(CODE, "Inscrire un acte de cession", start=start), deeds, name=lambda row: f"lot {row['lot']}")
    _compose(context, [row for row in annex if not row["lot"]])


def _deeds(deeds: list[RowDict]) -> None:
    if not deeds:
        show(empty("Aucun acte n’est inscrit", "455 ordinateurs et 202 écrans sont votés ; aucun n’est encore cédé."))
        return
    body = [
        [
            row["lot"],
            french.day(row["date"]),
            french.number(row["ordinateurs"]),
            french.number(row["ecrans"]),
            row["reference"] or "",
            to_row(CODE, row["_key"], about=f"le lot {row['lot']}"),
        ]
        for row in deeds
    ]
    computers, screens = ceded(deeds)
    total = [
        "Cédés",
        "",
        french.out_of(computers, EQUIPMENT.computers),
        french.out_of(screens, EQUIPMENT.screens),
        "",
        "",
    ]
    headings = ["Lot", "Date", "Ordinateurs", "Écrans", "Acte", "Changer"]
    shown = table("Actes de cession", headings, body, numeric=(2, 3), total=total, wide=True)
    show(section("Ce qui est sorti de l’inventaire de la Métropole", shown))


def _without_deed(annex: list[RowDict], ceded_lots: set[str]) -> dict[str, list[RowDict]]:
    found: dict[str, list[RowDict]] = {}
    for row in annex:
        if row["lot"] and row["lot"] not in ceded_lots:
            found.setdefault(row["lot"], []).append(row)
    return found


def _waiting(waiting: dict[str, list[RowDict]]) -> None:
    if waiting:
        body = [
            [lot, contents(machines), link("Inscrire son acte", f"{address(PATH, registre=CODE, lot=lot)}#saisie")]
            for lot, machines in waiting.items()
        ]
        shown = table("Lots sans acte", ["Lot", "Machines", "Acte"], body)
        show(section("Lots composés, sans acte", shown))


def _start(lot: str, machines: list[RowDict]) -> RowDict:
    screens = sum(row["type"] == SCREEN for row in machines)
    return {"lot": lot, "ordinateurs": len(machines) - screens, "ecrans": screens}


def _compose(context: Context, free: list[RowDict]) -> None:
    """Choose machines of the annex that are in no batch, and name the batch."""
    show(heading("Composer un lot", 2))
    if not free:
        annex = link("l’annexe du matériel", address(PATH, registre="annexe_materiel"))
        show(note("Aucune machine n’attend de lot. Les machines se chargent dans ", annex, "."))
        return
    key = f"lot-{turn()}"
    based_on = seen(context, key)
    names = {row["numero_inventaire"]: f"{row['numero_inventaire']} ({row['type']})" for row in free}
    show(note(f"{contents(free)} de l’annexe ne sont dans aucun lot."))
    with st.container(key="formulaire-lot"):
        chosen = st.multiselect(
            "Machines du lot",
            list(names),
            format_func=names.__getitem__,
            key=f"{key}-machines",
            placeholder="Choisissez",
        )
        whole = st.checkbox(french.typeset(f"Toutes : {contents(free)}"), key=f"{key}-toutes")
        name = st.text_input("Nom du lot", key=f"{key}-nom", autocomplete="off").strip()
        picked = list(names) if whole else chosen
        pressed = count_button(
            f"Mettre {french.count(len(picked), 'machine')} dans ce lot",
            len(picked),
            why="Choisissez des machines : le bouton qui les met dans le lot vient ensuite.",
            key=f"{key}-envoi",
        )
    if pressed and not name:
        show(answer("Donnez un nom au lot, par exemple « Livraison 5 ».", "attention"))
    elif pressed:
        keys = {row["numero_inventaire"]: row["_key"] for row in free}
        edits = Edits(changed={keys[one]: {"lot": name} for one in picked})
        done = f"{french.count(len(picked), 'machine est', 'machines sont')} dans le lot « {name} »"
        save(context, "annexe_materiel", edits, said=done, based_on=based_on)


# --- The allocation keys: how a line voted for several experiments is divided; its parts make 100 % ----


def draw_keys(context: Context) -> None:
    """Each line that is not of a single experiment: its parts, and the form to decide them."""
    held = rows(context, "cles")
    lines = sorted(sharings(context.registry, context.store), key=lambda one: not LINES[one.line].experiments)
    for one in lines:
        show(heading(line(one.line), 2), note(f"{french.euros(LINES[one.line].cents)} votés."))
        mine = [row for row in held if row["ligne"] == one.line]
        show(_state(context, one, mine))
        if one.parts or LINES[one.line].experiments:
            _form(context, one, mine)
        else:
            with st.expander("Décider une clé pour cette ligne"):
                _form(context, one, mine)
    show(note("Les autres lignes ont été votées pour une seule expérimentation : elles ne se répartissent pas."))


def _state(context: Context, one: Sharing, held: list[RowDict]) -> Html | list[Html]:
    if not held:
        return callout("Non ventilé : aucune clé n’est décidée. La somme n’est comptée à aucune expérimentation.")
    body = [
        [
            experiment(context, row["experience"]),
            french.percent(row["part"], 2),
            french.euros(round(LINES[one.line].cents * row["part"] / 100)),
            row["decision"],
            french.day(row["date"]),
        ]
        for row in held
    ]
    shown = table(
        "Clé de répartition", ["Expérimentation", "Part", "Montant", "Décision", "Date"], body, numeric=(1, 2)
    )
    if one.divided:
        return shown
    left = french.percent(float(one.remainder), 2)
    return [shown, callout(f"Non ventilé : il manque {left} pour que les parts fassent 100 %.", tone="attention")]


def _form(context: Context, one: Sharing, held: list[RowDict]) -> None:
    """One field for each experiment, the remainder said at once, one decision for all."""
    dataset = context.registry.dataset(METROPOLE, "cles")
    key = f"cle-{one.line}-{turn()}"
    based_on = seen(context, key)
    with st.container(key=f"formulaire-cle-{one.line}"):
        show(heading("Décider les parts" if not one.parts else "Changer les parts", 3))
        read = typed_in(dataset, _texts_of_key(context, one, held, dataset, key))
        parts = [row["part"] for row in read.rows]
        show(_remainder(parts))
        whole = bool(parts) and None not in parts and remainder(parts) == 0
        pressed = st.button("Enregistrer la clé", type="primary", key=f"{key}-envoi", disabled=not whole)
    if not pressed:
        return
    if read.problems:
        said = {f"{french.sentence(found.expected)} {found.remedy}" for found in read.problems}
        refuse(callout(" ".join(sorted(said)), tone="attention"))
        return
    edits = _edits(one, by_key(held), read.rows)
    if not edits.count:
        show(answer("Rien n’a changé : c’est la clé qui est déjà décidée.", title="À savoir"))
        return
    done = THINGS["cles"].is_("modifié" if held else "ajouté")
    save(context, "cles", edits, said=done, based_on=based_on)


def _texts_of_key(
    context: Context, one: Sharing, held: Sequence[Row], dataset: Dataset, key: str
) -> list[dict[str, str | None]]:
    """The fields, and the rows that they make: one for each part that is typed, or kept."""
    write = {column.name: column.kind.write for column in dataset.columns}
    typed = {
        code: st.text_input(
            french.typeset(f"{experiment(context, code)} (en %)"),
            key=f"{key}-{code}",
            autocomplete="off",
            value=_kept(one, code, write),
        )
        for code in one.experiments
    }
    if one.parts:
        show(note("Une case laissée vide garde sa part ; écrivez 0 pour retirer une expérimentation de la clé."))
    texts = _decided(held, write)
    decision, day = (
        st.text_input(words, value=texts[name], key=f"{key}-{name}", autocomplete="off")
        for name, words in (("decision", "Décision"), ("date", "Date de la décision (jj/mm/aaaa)"))
    )
    given = {code: text.strip() or _kept(one, code, write) for code, text in typed.items()}
    same = {"ligne": one.line, "decision": decision.strip() or texts["decision"], "date": day.strip() or texts["date"]}
    return [{**same, "experience": code, "part": text} for code, text in given.items() if text]


def _decided(held: Sequence[Row], write: Row) -> dict[str, str]:
    """The decision and its day as they stand for the whole key; blank where its parts do not agree."""
    found = {name: {row[name] for row in held} for name in ("decision", "date")}
    return {name: write[name](next(iter(values))) if len(values) == 1 else "" for name, values in found.items()}


def _kept(one: Sharing, code: str, write: Row) -> str:
    return write["part"](one.parts[code]) if code in one.parts else ""


def _edits(one: Sharing, held: Mapping[str, Row], given: Sequence[Row]) -> Edits:
    """The parts that stand are changed, the new ones added, those of 0 % leave."""
    rows = {f"{one.line}|{row['experience']}": row for row in given if row["part"]}
    edits = over(held, rows)
    return replace(edits, removed=tuple(key for key in held if key not in rows))


def _remainder(parts: list[float | None]) -> Html:
    if None in parts:
        said = "Une part n’est pas un nombre entre 0 et 100."
    elif not parts:
        said = "Reste à répartir : 100 %."
    else:
        left = remainder([part for part in parts if part is not None])
        said = f"Reste à répartir : {french.percent(float(left), 2)}." if left else "Les parts font 100 %."
        if left < 0:
            said = f"Les parts dépassent 100 % de {french.percent(float(-left), 2)}."
    return tag("p", said, class_="remainder", role="status")
