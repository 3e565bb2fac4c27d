"""The due date of a target is moved: the new day, the decision, and the day from which it holds."""

from __future__ import annotations

from datetime import timedelta

from core.catalogue.keys import KEY
from core.depositing.reference_tables import move_due_date
from core.domain import french
from core.domain.dataset import Row
from core.domain.programme import METROPOLE
from core.errors import Refused
from dashboard.addresses import address
from dashboard.components import Html, heading, link, note, show, tag
from dashboard.components.forms import row_form
from dashboard.context import Context
from dashboard.views.table_editing import PATH
from dashboard.views.table_saving import save, seen, turn

MOVING = "echeance"
"""The act, in an address."""
_TARGETS = "objectifs"
_KEPT = ("experience", "indicateur", "valeur", "sens")
_ASKED = ("echeance", "decision", "decide_le")
_MEANS = (
    "L’objectif d’avant tient jusqu’à la veille de la décision : les trimestres passés gardent le leur, et qui était "
    "en retard le reste. Une échéance mal recopiée, elle, se corrige en retirant l’objectif et en l’ajoutant de "
    "nouveau."
)


def to_moving(row: Row, about: str) -> Html:
    """The link to the form, for the target that is shown."""
    where = address(PATH, registre=_TARGETS, ligne=row[KEY], acte=MOVING)
    return tag("p", link("Déplacer l’échéance", where), tag("span", f" {about}", class_="visually-hidden"))


def draw_moving(context: Context, row: Row, called: str) -> None:
    """The form that moves the due date of ``called``, alone on the page."""
    show(heading(f"Déplacer l’échéance : {called}", 2, anchor="saisie"), note(_MEANS))
    show(tag("p", f"Aujourd’hui : {french.number(row['valeur'], 2)} au {french.day(row['echeance'])}."))
    key = f"deplacer-{turn()}-{row[KEY]}"
    based_on = seen(context, key)
    sent = row_form(
        context.registry.dataset(METROPOLE, _TARGETS),
        {**row, **dict.fromkeys(_ASKED)},
        key=key,
        button="Déplacer l’échéance",
        hidden=_KEPT,
        required={"decide_le": "Le jour de la décision : l’objectif d’avant tient jusqu’à la veille."},
    )
    if sent is None:
        return
    try:
        edits = move_due_date(row, sent["echeance"], sent["decision"], sent["decide_le"])
    except Refused as error:
        sent.refuse(error)
        return
    eve = sent["decide_le"] - timedelta(days=1)
    done = (
        f"l’échéance est le {french.day(sent['echeance'])}, par décision du {french.day(sent['decide_le'])} ; "
        f"celle du {french.day(row['echeance'])} tient jusqu’au {french.day(eve)}"
    )
    save(context, _TARGETS, edits, said=lambda _: french.sentence(done), based_on=based_on, sent=sent)
