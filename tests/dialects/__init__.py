"""Known tables written as people write them, and the promise of the reading: the same, asked, or refused."""
