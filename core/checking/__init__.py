"""What rows must satisfy beyond their cells: rules across rows and tables, whose they are, what waits."""
