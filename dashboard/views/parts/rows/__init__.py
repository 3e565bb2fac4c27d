"""Correcting rows in place: the grid, the form of one row, the batch, the choice between two versions."""
