"""A plugin whose page raises; all the rest of it is sound."""

from core import Association, Experiment, Place, hookimpl


@hookimpl
def register_experiments():
    """One experiment, of an association of its own."""
    neighbours = Association("voisins-3", "Voisins 3")
    return [Experiment("essai-3", "Essai 3", "Essai 3", neighbours, (Place("13063", "Miramas", (1,)),))]


@hookimpl
def build_report(report):
    """Breaks where it is drawn."""
    yield from report.rows("materiel")[0]
