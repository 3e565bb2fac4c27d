"""The committee's slides: a 16:9 deck of our own, with charts that stay editable."""
