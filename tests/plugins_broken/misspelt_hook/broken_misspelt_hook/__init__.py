"""A plugin with a misspelt hook."""

from core import Association, Experiment, Place, hookimpl


@hookimpl
def register_experiments():
    """One experiment, of an association of its own."""
    neighbours = Association("voisins-4", "Voisins 4")
    return [Experiment("essai-4", "Essai 4", "Essai 4", neighbours, (Place("13063", "Miramas", (1,)),))]


@hookimpl
def build_raport(report):
    """Would never be called."""
    return []
