"""Pages: each asks for figures, and lays them out with the components. One module, one ``draw(context)``."""
