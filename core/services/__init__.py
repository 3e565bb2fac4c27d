"""Capabilities over the store: what the screens, the command and the plugins may ask for."""
