"""What every association hands in, whatever its axes."""

from core.axes.transverse import rules
from core.axes.transverse.schema import Communication, Comptes, DepensesADate, Diagnostics, Jalons
from core.domain.dataset import Dataset

DIAGNOSTICS = Dataset(
    code="diagnostics",
    title="Diagnostics des besoins",
    schema=Diagnostics,
    key=("lieu", "mois", "structure"),
    description="Une ligne par lieu, mois et structure : combien de diagnostics, combien de besoins de chaque sorte. "
    "Anonymal, chargée de centraliser les diagnostics, les lit tous.",
    date="mois",
    rules=rules.DIAGNOSTICS,
)

COMMUNICATION = Dataset(
    code="communication",
    title="Communication",
    schema=Communication,
    key=("code_action",),
    description="Une ligne par action de communication auprès des habitants.",
    date="date",
)

JALONS = Dataset(
    code="jalons",
    title="Jalons",
    schema=Jalons,
    key=("code_jalon",),
    description="Une ligne par étape prévue. Le lieu, facultatif, dit à quelle expérimentation elle appartient "
    "quand l’association en mène plusieurs ; l’axe, facultatif, dit lequel est concerné.",
    date="date_reelle",
    events=("date_reelle",),
    rules=rules.JALONS,
    optional=True,
)

DEPENSES_A_DATE = Dataset(
    code="depenses_a_date",
    title="Dépenses à date",
    schema=DepensesADate,
    key=("ligne_subvention", "date"),
    description="Une ligne par ligne de subvention et par date : ce qui est dépensé depuis le début.",
    place=None,
    date="date",
    programme_wide=True,
    rules=rules.DEPENSES,
)

COMPTES = Dataset(
    code="comptes",
    title="Comptes de l’action",
    schema=Comptes,
    key=("ligne_subvention", "exercice", "compte"),
    description="Une ligne par compte et par exercice, aux lignes du compte rendu financier (Cerfa 15059). "
    "Le budget prévu est équilibré ; le réalisé peut laisser un reliquat, qui est alors nommé.",
    place=None,
    programme_wide=True,
    rules=rules.COMPTES,
    cadence="exercice",
)

DATASETS = (DIAGNOSTICS, COMMUNICATION, JALONS, DEPENSES_A_DATE, COMPTES)
