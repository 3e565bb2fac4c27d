"""A plugin that raises in a hook, after it was asked for its experiments."""

from core import Association, Experiment, Place, hookimpl


@hookimpl
def register_experiments():
    """One experiment, of an association of its own."""
    neighbours = Association("voisins-2", "Voisins 2")
    return [Experiment("essai-2", "Essai 2", "Essai 2", neighbours, (Place("13063", "Miramas", (1,)),))]


@hookimpl
def register_datasets():
    """Never answers."""
    raise RuntimeError("le fichier des jeux de données est vide")
