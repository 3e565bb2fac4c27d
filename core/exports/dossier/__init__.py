"""The committee's dossier: one material, read once, drawn on paper, on slides and in tables."""
