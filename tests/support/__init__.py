"""What several tests need: databases, a browser, an office suite, and their set-up."""
