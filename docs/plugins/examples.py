# ruff: noqa: B018, F403, F405, I001
"""One example for each public name, under its mark; docs/plugin_api.py runs them to write docs/plugins/api.md."""

from datetime import date
import polars as pl
import sqlalchemy as sa
from core import *

given = Observation("EQ5a", "Ordinateurs remis", "ordinateurs", numerator=84.0, denominator=149.0, value=84.0)
unknown = Observation("EQ5a", "Ordinateurs remis", "ordinateurs", missing_because=Missing.NOT_REPORTED)
homes = Observation("AC6", "Diagnostics", "diagnostics", numerator=3.0, value=3.0, people=True)
months = [
    Observation("EQ8", "Remises", "remises", month=date(2022, month, 1), numerator=number)
    for month, number in ((1, 4.0), (2, 6.0), (3, None))
]

#: Association
Association("entraide", "Entraide").name

#: Experiment
town = Place("13063", "Miramas", axes=(1, 3), insee="13063")
body = Association("entraide", "Entraide")
trial = Experiment("essai-miramas", "Essai de Miramas", "Miramas", body, (town,))
trial.axes
trial.tries(2)

#: Place
Place("13047", "Istres", axes=(3,), insee="13047").axes

#: Citation
Citation("article 2").where

#: Period
Period.parse("2022-T1").label
Period.quarter_of(date(2022, 7, 5)).previous.code

#: voted_experiment
voted_experiment("ct3-pays-salonais").title

#: DATASETS
sorted(DATASETS)[:3]
DATASETS["materiel"].title


#: Schema
class Passages(Schema):
    code: pl.String = texte("Code", pattern=r"P\d{3}", example="P001")
    lieu: pl.String = lieu("Lieu")
    date: pl.Date = jour("Date")
    inscrits: pl.Int64 = entier("Inscrits", optional=True)


#: Dataset
passages = Dataset("passages", "Passages", Passages, key=("code",), date="date")
[column.title for column in passages.columns]

#: Column
isinstance(passages.columns[0], Column)
passages.by_name["inscrits"].required

#: Choice
Choice("cede", "Cédé", "La machine a été donnée.").label

#: Reference
Reference("code_immeuble", "immeubles").dataset

#: Rule
early = Rule(
    "passage_futur",
    Severity.WARNING,
    ("date",),
    pl.col("date") > pl.date(2030, 1, 1),
    "Un passage a déjà eu lieu.",
    "Vérifiez le jour.",
)
early.severity

#: Severity
[one.value for one in Severity]

#: Upgrade
to_two = Upgrade(2, "des heures aux minutes", lambda rows: rows.with_columns(pl.col("duree") * 60))
to_two.apply(pl.DataFrame({"duree": [2.5]}))["duree"].to_list()

#: FormerDataset
parted = FormerDataset("permanences", "les passages à part", lambda rows: rows.filter(pl.col("genre") == "passage"))
parted.apply(pl.DataFrame({"code": ["P1", "P2"], "genre": ["passage", "atelier"]}))["code"].to_list()

#: texte
column = texte("Code", pattern=r"P\d{3}", example="P001", help="Un par permanence.")

#: entier
column = entier("Durée (minutes)", at_least=15, at_most=600, example="180")

#: decimal
column = decimal("Durée (heures)", at_least=0, at_most=10, example="2,5")

#: montant
column = montant("Coût", optional=True, example="150")

#: jour
column = jour("Tenue le", optional=True)

#: mois
column = mois("Mois")

#: oui_non
column = oui_non("Salle accessible")

#: liste
column = liste("Thèmes", ("emploi", Choice("sante", "Santé")), multiple=True)

#: lieu
column = lieu("Lieu")

#: code_commune
column = code_commune("Commune", optional=True)

#: experience
column = experience("Expérimentation")

#: ligne
column = ligne("Ligne de subvention")

#: compte
column = compte("Compte")

#: CATALOGUE
CATALOGUE["EQ5a"].label

#: indicators_for
[one.code for one in indicators_for(trial)][:3]

#: Indicator
sessions = Indicator(
    code="XP1",
    label="Passages",
    definition="Passages de l’année.",
    unit="passages",
    numerator=Count(source="passages", date="date"),
)
sessions.additive

#: Count
Count(source="passages", where=col("inscrits") > 0, date="date").source

#: CountDistinct
CountDistinct(source="passages", expression=col("lieu"), date="date").source

#: Sum
Sum(source="passages", expression=col("inscrits"), date="date", people=True).people

#: Median
wait = days_between(col("demandee_le", sa.Date), col("tenue_le", sa.Date))
Median(source="permanences", expression=wait, where=col("tenue_le").is_not(None), date="tenue_le").date

#: Constant
Constant(value=92, citation="Les 92 communes de la Métropole").value


#: Computed
def mean(cells):
    return known(cells["AC6"]), known(cells["AC1"])


Computed(codes=("AC6", "AC1"), function=mean).codes


#: Derived
def first(tables):
    rows = tables["passages"]
    kept = [rows.c[name] for name in ("_association", "_experiment", "_place")]
    day = sa.func.min(rows.c.date).label("premier")
    key = sa.func.min(rows.c["_key"]).label("_key")
    return sa.select(key, *kept, day).where(rows.c.date <= au).group_by(*kept)


served = Derived("lieux", "Lieux servis", ("passages",), first, titles={"premier": "Premier passage"})
served.title

#: BUILDINGS
BUILDINGS.title

#: LISTED
LISTED.title

#: Direction
[one.value for one in Direction]

#: col
str(col("statut") == "remis")

#: au
str(col("date_remise") <= au)

#: days_between
days_between(col("demandee_le", sa.Date), au).name

#: Observation
isinstance(given, Observation)
given.numerator
unknown.missing_because

#: Cell
Cell(given, Standing(Progress.NO_TARGET)).observation.value

#: Standing
Standing(Progress.LATE).progress.judged

#: Progress
[one.value for one in Progress]

#: Missing
[one.value for one in Missing]

#: known
known(given)
known(unknown)

#: known_base
known_base(given)

#: counted
counted(homes, "foyer")
counted(given)

#: said
said(given, "ordinateur remis", "ordinateurs remis")
said(unknown, "ordinateur")

#: written
written(84)
written(None)

#: share
share(84, 149)

#: rate
rate(149, 219, "des ordinateurs testés")

#: left
left(149, 84)
left(149, None)

#: told
told([("Aix", 46), ("Gardanne", None)])

#: so_far
[one.numerator for one in so_far(months, date(2022, 4, 15))]

#: as_of
as_of([given], date(2022, 6, 30)).isoformat()

#: covered_until
covered_until([given])

#: waited_for
waited_for([given])

#: not_yet
not_yet(unknown, date(2022, 6, 30))


#: Report
def page(report: Report):
    place = report.experiment.place("13063")
    yield Prose(phrase(f"À {place.name} : ", Figure("AC6", "diagnostic"), "."))


#: Heading
Heading("Les permanences").text

#: Prose
Prose(phrase("Au 30 juin, ", People(3, "famille"), ".")).text.parts[0]

#: KeyFigures
KeyFigures(("EQ5a", "AC6")).codes

#: Series
Series("Accords", (People(3, "accord"), None), "axis2").role

#: Chart
Chart(
    "bars",
    ("Aix", "Pertuis"),
    (Series("Remis", (46.0, 17.0), "axis1"),),
    "Aix vient en tête",
    "Ordinateurs remis. Aix : 46 et Pertuis : 17.",
    unit="ordinateurs",
    source="Relevés",
).kind

#: Table
row = ("Tour B", Share(People(3, "accord"), 60))
Table("Les accords", ("Immeuble", "Accords"), (row,), numeric=(1,)).caption

#: Callout
Callout("Déposez « Passages » pour commencer.", "question").tone

#: Phrase
isinstance(phrase("a", "b"), Phrase)

#: phrase
len(phrase("Au 30 juin, ", People(3, "famille"), ".").parts)

#: listed
len(listed([People(3, "famille"), People(2, "école")]).parts)

#: People
People(3, "famille").several

#: Share
Share(People(8), 11, "des inscrits").of

#: Tells
Tells("il manque 16 accords", (People(4),)).instead

#: Figure
Figure("AC6", "diagnostic").several

#: french
french.count(2, "lieu", "lieux")
french.day(date(2022, 6, 1))
french.listing(["Aix", "Salon"])


#: hookimpl
@hookimpl
def register_experiments():
    return [trial]
