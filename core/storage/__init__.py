"""What is kept: typed tables with their whole past, files, and a chained journal."""
