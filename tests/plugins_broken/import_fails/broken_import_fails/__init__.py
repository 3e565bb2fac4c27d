"""A plugin whose import fails: it wants a package that nobody has."""

import paquet_que_personne_n_a

from core import Association, Experiment, Place, hookimpl


@hookimpl
def register_experiments():
    """One experiment, of an association of its own."""
    neighbours = Association("voisins-1", paquet_que_personne_n_a.NAME)
    return [Experiment("essai-1", "Essai 1", "Essai 1", neighbours, (Place("13063", "Miramas", (1,)),))]
