"""What was handed in and changed, by whom, from which file; taking it back; what is said of it."""
