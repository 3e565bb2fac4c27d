"""Personal data: refused before anything is kept, never repeated in the message.

Sources: the programme counts people and never names them (RGPD art. 5.1.c). The number of
the « sécurité sociale » (NIR) is recognised by its control key (97 minus the remainder).
Names: ``core.reading.names``; how well they are recognised is in docs/sources.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from core.catalogue.texts import Texte
from core.domain import french
from core.domain.dataset import Column, Dataset, Problem, Severity
from core.domain.french import fold
from core.errors import FileRefused
from core.reading import names
from core.reading.headings import Matched

_PHONE_WORDS = r"(tel|telephone|telephones|phone|mobile|gsm|portable)"
_HEADINGS = {
    "des adresses électroniques": r"\b(e ?mails?|mails?|courriels?|mel)\b",
    "des téléphones": (
        rf"^({_PHONE_WORDS}|(numero|n|num) .*{_PHONE_WORDS}|{_PHONE_WORDS} (?!en|pret|remis).*|.* (tel|telephone))$"
    ),
    "des dates de naissance": r"\b(naissance|nee? le|ddn|date naiss)\b",
    "des numéros de sécurité sociale": r"\b(nir|securite sociale|secu|n ?ss|num ss|numero ss)\b",
    "des noms": (
        r"^(noms?|prenoms?|civilite|identite|patronyme|nom prenoms?|prenoms? noms?|noms? (et|ou) prenoms?.*)$"
        r"|\b(prenoms?|patronyme|nom de famille|nom d usage|nom de jeune fille)\b"
        r"|\bnoms? .*(beneficiaire|eleve|enfant|etudiant|famille|parent|usager|habitant|locataire|contact|referent"
        r"|responsable|stagiaire|participant|personne|mere|pere)s?\b"
        r"|^(le )?contacts?$"
        r"|\b(maman|papa|mere|pere|conjointe?)\b"
    ),
    "des adresses de personnes": (
        r"\badresse .*(beneficiaire|famille|etudiant|usager|habitant|locataire|personne|domicile)"
    ),
}
_ROLES = re.compile(
    r"^(l |la |le |les )?(beneficiaire|locataire|usager|habitant|stagiaire|etudiant|eleve|referent|famille|animateur"
    r"|animatrice|mediateur|mediatrice|intervenant|formateur|formatrice|personne|participant|temoin|gardien|parent"
    r"|responsable|accompagnant|interlocuteur|interlocutrice|conseiller|conseillere|voisin|foyer)e?s?( .*)?$"
)
"""Headings that speak of people and often of their kind only (« famille », « étudiante »): the cells tell."""
_PLACES = re.compile(
    r"\b(lieu|ville|commune|quartier|residence|batiment|bat|immeuble|tour|hall|salle|site|adresse|rue|secteur|bailleur"
    r"|structure|organisme|entreprise|societe|fournisseur|operateur|fai|marque|modele|nom|presentation|horaires|service"
    r"|services|transfere a)\b"
)
"""Columns that name places, bodies and things, of which many bear somebody's name."""
_NO_PERSON = re.compile(r"^(nb|nbre|nombre|total|taux|type|statut|types|statuts)\b|\bordinateurs?\b|\bpc\b")
_IDENTIFIER = re.compile(
    r"\b(n|no|num|numero|code|ref|reference|id|identifiant|inventaire|serie|siret|siren|lot|pivot)\b|^a corriger$"
)

_EMAIL = r"[\p{L}0-9._%+-]+@[\p{L}0-9.-]+\.\p{L}{2,}"
_ALONE = r"(?:^|[^0-9])", r"(?:$|[^0-9])"
_PHONE_WRITTEN = (
    rf"{_ALONE[0]}(?:\+33|0033)[ .-]?(?:\(0\))?[1-9](?:[ .-]?[0-9]{{2}}){{4}}{_ALONE[1]}"
    rf"|{_ALONE[0]}0[1-9](?:[ .-][0-9]{{2}}){{4}}{_ALONE[1]}"
)
_PHONE_BARE = r"(?:^|[^0-9A-Za-z-])0[1-9][0-9]{8}(?:$|[^0-9A-Za-z])"
_PHONE_EXCEL = r"^[67][0-9]{8}$"
_NIR = r"(?:^|[^0-9])[12] ?[0-9]{2} ?[0-9]{2} ?[0-9AB]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}(?:$|[^0-9])"
_BORN = r"(?i)\bn[ée]+e? le [0-9]{1,2}"
_BIRTHDAY = r"^[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:19[2-9][0-9]|200[0-5])$|^(?:19[2-9][0-9]|200[0-5])-[0-9]{2}-[0-9]{2}$"
_OBJECT_DATE = re.compile(
    r"\b(achat|acquisition|fabrication|construction|creation|mise en service|fondation|garantie)\b"
)
_PERSON_MAILBOX = re.compile(r"^[a-zà-ÿ]{2,}[._-][a-zà-ÿ]{2,}@", re.IGNORECASE)
_OFFICE_WORDS = frozenset(
    [
        "accueil",
        "contact",
        "info",
        "infos",
        "mairie",
        "ccas",
        "centre",
        "social",
        "sociale",
        "maison",
        "espace",
        "secretariat",
        "direction",
        "association",
        "asso",
        "bureau",
        "mediatheque",
        "numerique",
        "service",
        "mission",
        "locale",
        "pole",
        "france",
        "services",
        "rdv",
        "admin",
        "communication",
        "formation",
        "atelier",
        "cyber",
    ]
)


@dataclass(frozen=True, slots=True)
class PersonalDataFound:
    """Personal data in a column: what it looks like and, when it is a cell, on which line."""

    heading: str
    what: str
    line: int | None = None
    declared: bool = False
    column: str | None = None


def check(matched: Matched, head: Sequence[Sequence[str]], below: pl.DataFrame, dataset: Dataset) -> None:
    """Refuse a file in which a heading, a cell or a line above the headings looks personal.

    Raises FileRefused.
    """
    found = _in_headings(matched) or [*_in_cells(matched, below, dataset), *_above(matched, head)]
    _refuse(found)


def check_misplaced(lines: Mapping[str, pl.Series], cells: Mapping[str, pl.Series], dataset: Dataset) -> None:
    """Refuse a file in which a cell that is no date, number or place is somebody's address or name.

    Raises FileRefused.
    """
    found = []
    for name, texts in cells.items():
        column = dataset.by_name[name]
        if not column.personal_exempt and (hit := _in_column(texts, column.title, column)):
            found.append(PersonalDataFound(column.title, hit[0], int(lines[name][hit[1]]), True, name))
    _refuse(found)


def _refuse(found: Sequence[PersonalDataFound]) -> None:
    """Refuse the file when something was found, saying where and never what. Raises FileRefused."""
    if found:
        raise FileRefused(_message(found), tuple(_problem(one) for one in found))


def _problem(one: PersonalDataFound) -> Problem:
    return Problem(
        one.line,
        one.column or (one.heading or None),
        "",
        french.typeset(f"Nous lisons {one.what}."),
        french.typeset("Les personnes sont comptées, jamais nommées : effacez la cellule, ou retirez la colonne."),
        Severity.ERROR,
        "donnee_personnelle",
    )


def _in_headings(matched: Matched) -> list[PersonalDataFound]:
    positions = [*matched.unknown, *sorted(matched.guessed)]
    kinds = ((matched.headings[n], heading_kind(matched.headings[n])) for n in positions)
    return [PersonalDataFound(heading, what, matched.row + 1) for heading, what in kinds if what]


def heading_kind(heading: str) -> str | None:
    """What a heading says the column holds, when that is personal: « des téléphones »."""
    text = fold(heading)
    if _NO_PERSON.search(text):
        return None
    return next((what for what, pattern in _HEADINGS.items() if re.search(pattern, text)), None)


def _in_cells(matched: Matched, below: pl.DataFrame, dataset: Dataset) -> list[PersonalDataFound]:
    found = []
    for position, name in enumerate(below.columns):
        column = dataset.by_name.get(matched.columns.get(position, ""))
        if column is not None and (column.personal_exempt or type(column.kind) is not Texte):
            continue
        heading = matched.headings[position] if position < len(matched.headings) else ""
        if hit := _in_column(below[name], heading, column):
            what, row = hit
            shown = column.title if column else heading or f"colonne {position + 1}, sans titre"
            declared = column.name if column else None
            found.append(PersonalDataFound(shown, what, matched.row + 2 + row, column is not None, declared))
    return found


def _in_column(cells: pl.Series, heading: str, column: Column | None) -> tuple[str, int] | None:
    if cells.null_count() == len(cells):
        return None
    identifier = _IDENTIFIER.search(fold(column.name if column else heading)) is not None
    for what, expression in _signs(identifier):
        matches = cells.to_frame("c").select(expression.fill_null(False).alias("m"))["m"]
        if matches.any() and (what != _NIR_WHAT or _real_nir(cells.filter(matches))):
            return what, int(matches.arg_true()[0])
    if (row := _named(cells, heading, column)) is not None:
        return _NAME, row
    if column is None and not identifier:
        return _mostly_personal(cells, heading)
    return None


def _named(cells: pl.Series, heading: str, column: Column | None) -> int | None:
    """The first cell that names a person, or the first of a column of names."""
    pairs = _may_pair(heading, column)
    suspect = pl.col("c").str.contains(names.CIVILITY)
    if pairs:
        suspect |= pl.col("c").str.contains(names.PAIR)
    looked = cells.to_frame("c").with_row_index("row").drop_nulls()
    for text, row in (
        looked.filter(suspect).unique("c", keep="first", maintain_order=True).select("c", "row").iter_rows()
    ):
        if names.names_somebody(text, pairs=pairs):
            return int(row)
    return _column_of_names(looked, heading) if column is None and pairs else None


def _column_of_names(looked: pl.DataFrame, heading: str) -> int | None:
    """In a column of which nothing is known: a name under a heading that speaks of people, else first names mostly."""
    distinct = looked.unique("c", keep="first", maintain_order=True).head(_MOST_LOOKED)
    texts = [text.strip() for text in distinct["c"]]
    if _ROLES.search(fold(heading)):
        return next((row for text, row in zip(texts, distinct["row"], strict=True) if names.is_a_name(text)), None)
    first = [names.is_a_first_name(text) for text in texts]
    return int(distinct["row"][first.index(True)]) if sum(first) * 2 > len(first) and sum(first) > 1 else None


def _may_pair(heading: str, column: Column | None) -> bool:
    """Whether a first name beside a surname is somebody here, and not the name of a place."""
    said = fold(f"{column.name} {column.title}" if column else heading)
    return _PLACES.search(said) is None


_NAME = "le nom d’une personne"
_MOST_LOOKED = 5_000
_NIR_WHAT = "un numéro de sécurité sociale"


def _signs(identifier: bool) -> Iterable[tuple[str, pl.Expr]]:
    cell = pl.col("c")
    yield "une adresse électronique", cell.str.contains("@", literal=True) & cell.str.contains(_EMAIL)
    yield _NIR_WHAT, cell.str.contains(_NIR)
    yield "un numéro de téléphone", cell.str.contains(_PHONE_WRITTEN)
    if not identifier:
        yield "un numéro de téléphone", cell.str.contains(_PHONE_BARE)
    yield "une date de naissance", cell.str.contains(_BORN)


def _mostly_personal(cells: pl.Series, heading: str) -> tuple[str, int] | None:
    """In a column of which nothing is known, what half of the cells look like."""
    filled = cells.drop_nulls().str.strip_chars()
    tests = [("des numéros de téléphone", _PHONE_EXCEL)]
    if not _OBJECT_DATE.search(fold(heading)):
        tests.append(("des dates de naissance", _BIRTHDAY))
    for what, pattern in tests:
        if filled.str.contains(pattern).sum() * 2 > len(filled):
            return what, int(cells.is_not_null().arg_true()[0])
    return None


def _real_nir(cells: pl.Series) -> bool:
    return any(_valid_nir(text) for text in cells.head(1000))


def _valid_nir(text: str) -> bool:
    for found in re.finditer(r"[12](?: ?[0-9AB]){14}", text):
        digits = found[0].replace(" ", "").replace("2A", "19").replace("2B", "18")
        if digits.isdigit() and 97 - int(digits[:13]) % 97 == int(digits[13:]):
            return True
    return False


def _above(matched: Matched, head: Sequence[Sequence[str]]) -> list[PersonalDataFound]:
    """A mobile phone or somebody's mailbox in the lines above the headings."""
    for number, row in enumerate(head[: matched.row]):
        for cell in row:
            mobile = re.search(r"(?<!\d)0[67]([ .-]?\d{2}){4}(?!\d)", cell)
            if mobile or any(is_person_mailbox(word) for word in cell.split() if "@" in word):
                return [PersonalDataFound(f"ligne {number + 1}", "les coordonnées d’une personne", number + 1, True)]
    return []


def looks_personal(text: str, column: Column | None = None) -> str | None:
    """What a text typed by hand holds of a person, « un numéro de téléphone »; None when nothing.

    ``column`` is the one that it was typed in; None for a comment.
    """
    if column is not None and (column.personal_exempt or type(column.kind) is not Texte):
        return None
    identifier = column is not None and _IDENTIFIER.search(fold(column.name)) is not None
    cell = pl.DataFrame({"c": [text]})
    for what, expression in _signs(identifier):
        if cell.select(expression).item() and (what != _NIR_WHAT or _valid_nir(text)):
            return what
    pairs = column is None or _may_pair("", column)
    return _NAME if names.names_somebody(text, pairs=pairs) else None


def is_person_mailbox(address: str) -> bool:
    """Whether an address looks like « prenom.nom@… » rather than that of an office."""
    if not _PERSON_MAILBOX.match(address):
        return False
    words = re.split(r"[._-]", fold(address.partition("@")[0]).replace(" ", "."))
    return not any(word in _OFFICE_WORDS for word in words)


def mailbox_warnings(rows: pl.DataFrame, dataset: Dataset) -> list[Problem]:
    """A warning for each exempt cell whose address looks like a person's."""
    found = []
    for column in dataset.columns:
        judged = any(rule.code.startswith("courriel") and column.name in rule.columns for rule in dataset.rules)
        if judged or not column.personal_exempt or type(column.kind) is not Texte:
            continue
        likely = rows.filter(pl.col(column.name).str.contains(r"[._-][^@|;, ]*@")).select("_line", column.name)
        for line, text in likely.iter_rows():
            if any(is_person_mailbox(part) for part in re.split(r"[|;, ]+", text)):
                found.append(_mailbox_warning(line, column))
    return found


def _mailbox_warning(line: int, column: Column) -> Problem:
    return Problem(
        line,
        column.name,
        "une adresse au nom d’une personne",
        french.typeset("Cette adresse semble être celle d’une personne, pas celle du lieu."),
        french.typeset("Préférez une adresse générale, par exemple contact@… ou accueil@…"),
        Severity.WARNING,
        "courriel_nominatif",
    )


def _message(found: Sequence[PersonalDataFound]) -> str:
    columns = [item for item in found if not item.declared]
    if columns:
        names = french.listing(f"« {item.heading} »" for item in columns)
        kinds = " ou ".join(dict.fromkeys(_plural(item.what) for item in columns))
        several = len(columns) > 1
        return (
            f"Votre fichier contient {'des colonnes qui ressemblent' if several else 'une colonne qui ressemble'} à "
            f"{kinds} ({names}). Il n’a pas été conservé. "
            f"Supprimez {'ces colonnes' if several else 'cette colonne'} et déposez-le de nouveau."
        )
    first = found[0]
    where = f"Ligne {first.line}" + ("" if first.heading.startswith("ligne ") else f", colonne « {first.heading} »")
    place = " Si c’est le nom d’un lieu, dites-le : « gymnase Jules Ladoumègue »." if first.what == _NAME else ""
    more = f" ({len(found)} colonnes sont concernées)" if len(found) > 1 else ""
    return (
        f"{where} : nous lisons {first.what}{more}. Votre fichier n’a pas été conservé : il ne doit contenir ni nom, "
        f"ni téléphone, ni adresse d’une personne. Effacez-le et déposez le fichier de nouveau.{place}"
    )


def _plural(what: str) -> str:
    return {
        "une adresse électronique": "des adresses électroniques",
        "un numéro de téléphone": "des téléphones",
        "des numéros de téléphone": "des téléphones",
        _NIR_WHAT: "des numéros de sécurité sociale",
        _NAME: "des noms",
        "une date de naissance": "des dates de naissance",
    }.get(what, what)
