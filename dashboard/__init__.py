"""The screens: a server, its dress, and pages that only present what core computes."""
