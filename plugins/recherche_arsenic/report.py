"""The page of the recherche-action: who learned to help, for how long, and who is there to help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from core import (
    LISTED,
    Callout,
    Chart,
    Figure,
    Heading,
    KeyFigures,
    People,
    Phrase,
    Prose,
    Report,
    Series,
    Share,
    Table,
    as_of,
    counted,
    french,
    known,
    known_base,
    phrase,
    said,
    share,
    so_far,
    told,
    written,
)

SOURCE = "Relevés d’ARSENIC, jeux « formations » et « acteurs »"
Row = dict[str, Any]
_TYPES = {
    "association": "Les acteurs associatifs",
    "travail social": "Les acteurs du travail social",
    "service public": "Les acteurs du service public",
    "autre": "Les autres acteurs",
}


def page(report: Report) -> Iterator[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """The blocks, in reading order; an experiment without data is told what to do first."""
    sessions = [row for row in report.rows("formations") if row["date"] <= report.until]
    actors = [row for row in report.of_derived(LISTED) if row["date_recensement"] <= report.until]
    yield Heading("Celles et ceux qui apprennent à aider")
    if sessions:
        yield Prose(_summary(report, sessions))
        yield KeyFigures(("AC3a", "AC3b", "AC4", "AC6", "AC7"))
        yield _by_length(sessions)
        yield _who_finished(sessions)
        yield from _over_time(report)
    else:
        yield Callout(
            "Aucune session de formation n’est encore renseignée. Pour commencer, ARSENIC dépose le jeu "
            "« formations » : une ligne par session, avec les inscrits et les personnes qui ont terminé."
        )
    yield from _actors(report, actors)
    yield from _help(report)


def _summary(report: Report, sessions: Sequence[Row]) -> Phrase | str:
    day = as_of([report.figure("AC3a")], report.until)
    return phrase(
        f"Au {french.day(day)}, {french.count(len(sessions), 'session')} : ",
        Figure("AC3a", "personne a terminé un module", "personnes ont terminé un module"),
        ", professionnels et bénévoles ensemble, soit ",
        Figure("AC3b", "journée de formation", "journées de formation"),
        ".",
    )


def _finished(row: Row) -> int:
    return row["termine_professionnels"] + row["termine_benevoles"]


def _by_length(sessions: Sequence[Row]) -> Chart:
    people: Counter[int] = Counter()
    for row in sessions:
        people[row["duree_jours"]] += _finished(row)
    lengths = [(french.count(days, "jour"), People(people[days], "personne")) for days in (1, 2, 3)]
    number = Counter(row["duree_jours"] for row in sessions)
    held = [(french.count(days, "jour"), float(number[days])) for days in (1, 2, 3)]
    return Chart(
        kind="columns",
        categories=tuple(name for name, _ in lengths),
        series=(Series("Personnes ayant terminé", tuple(value for _, value in lengths), "axis3"),),
        conclusion=_length_says(people),
        alternative=phrase(
            "Personnes ayant terminé, par durée de module. ", told(lengths), f". Sessions : {told(held)}."
        ),
        unit="personnes",
        source=SOURCE,
    )


def _length_says(people: Counter[int]) -> Phrase | str:
    total = sum(people.values())
    if not total:
        return "Personne n’a encore terminé de module"
    longer = people[2] + people[3]
    if not longer:
        return "Tous les modules terminés durent un jour"
    part = Share(People(longer, "personne"), People(total, "personne"), "des personnes formées")
    return phrase(part, " ont suivi plus d’un jour")


def _who_finished(sessions: Sequence[Row]) -> Table:
    rows = []
    for name, column in (("Professionnels", "professionnels"), ("Bénévoles", "benevoles")):
        finished = sum(row[f"termine_{column}"] for row in sessions)
        enrolled = sum(row[f"inscrits_{column}"] for row in sessions)
        whole = People(enrolled, "inscrit")
        rows.append((name, whole, Share(People(finished, "personne"), whole)))
    return Table(
        caption="Inscrits, et personnes qui ont terminé",
        headings=("Qui", "Inscrits", "Ont terminé"),
        rows=tuple(rows),
        note="Qui suit deux modules est compté deux fois ; personne n’est nommé.",
        numeric=(1, 2),
    )


def _over_time(report: Report) -> Iterator[Chart]:
    periods = so_far(report.by_period("AC3a"), report.until)
    values = tuple(known(found) for found in periods)
    if len(periods) < 2 or not any(values):
        return
    counts = tuple(counted(found, "personne") for found in periods)
    names = tuple(found.period.label for found in periods if found.period)
    yield Chart(
        kind="columns",
        categories=names,
        series=(Series("Personnes ayant terminé", counts, "axis3"),),
        conclusion=_quarters_say(names, values),
        alternative=phrase(
            "Personnes ayant terminé un module, par trimestre. ", told(zip(names, counts, strict=True)), "."
        ),
        unit="personnes",
        source=SOURCE,
    )


def _quarters_say(names: Sequence[str], values: Sequence[float | None]) -> Phrase | str:
    best = french.extreme((f"le {name}", value or 0) for name, value in zip(names, values, strict=True))
    unknown = [name for name, value in zip(names, values, strict=True) if value is None]
    most = People(best.value, "personne")
    rest = f" ; {french.listing(unknown)} non renseigné" if unknown else ""
    said = f"{best.names[:1].upper()}{best.names[1:]} {best.verb('a', 'ont')} formé le plus de monde : "
    return phrase(said, most, rest)


def _actors(report: Report, actors: Sequence[Row]) -> Iterator[Heading | Prose | Chart | Table | Callout]:
    yield Heading("Les acteurs de proximité")
    if not actors:
        yield Callout(
            "Aucun acteur n’est encore recensé. Le fichier national des lieux de médiation numérique se dépose "
            "tel quel dans le jeu « acteurs »."
        )
        return
    covered = report.figure("AR1")
    quality = report.figure("AC2")
    listed = said(report.figure("AC1"), "acteur recensé", "acteurs recensés")
    communes = said(covered, "commune", "communes")
    complete = share(known(quality), known_base(quality))
    yield Prose(
        french.sentence(f"{listed}, dans {communes} sur {written(known_base(covered))}")
        + f" Fiches complètes et à jour : {complete}."
    )
    yield _by_type(actors)
    yield _relays(actors)


def _by_type(actors: Sequence[Row]) -> Chart:
    counted = Counter(row["type_acteur"] or "type non renseigné" for row in actors)
    types = [(name, float(number)) for name, number in counted.most_common()]
    first, most = types[0]
    return Chart(
        kind="bars",
        categories=tuple(name for name, _ in types),
        series=(Series("Acteurs", tuple(value for _, value in types), "axis3"),),
        conclusion=f"{_TYPES.get(first, 'Les acteurs sans type')} sont les plus nombreux : {share(most, len(actors))}",
        alternative=f"Acteurs recensés, par type. {told(types)}.",
        unit="acteurs",
        source=SOURCE,
    )


def _relays(actors: Sequence[Row]) -> Table:
    counted = Counter(row["relais"] for row in actors)
    names = {"oui": "Acteurs relais", "possible": "Relais possibles", "non": "Pas relais", None: "Non renseigné"}
    return Table(
        caption="Combien peuvent recevoir du matériel ou accompagner des habitants",
        headings=("Rôle", "Acteurs"),
        rows=tuple((name, french.number(counted[value])) for value, name in names.items() if counted[value]),
        numeric=(1,),
    )


def _help(report: Report) -> Iterator[Heading | Prose]:
    supports, people = report.figure("AC7"), report.figure("AC8")
    yield Heading("Ce que cela change pour les habitants")
    diagnosed = Figure("AC6", "diagnostic")
    if known(supports) is None:
        unknown = "Les accompagnements, facultatifs, ne sont pas renseignés : ce n’est pas zéro, c’est inconnu."
        yield Prose(phrase(diagnosed, f". {unknown}"))
        return
    helped = (" ; ", Figure("AC8", "bénéficiaire"), " (doublons possibles)") if known(people) else ()
    yield Prose(
        phrase(
            diagnosed,
            " et ",
            Figure("AC7", "accompagnement"),
            *helped,
            ". Un atelier de 10 personnes compte pour 10 accompagnements.",
        )
    )
