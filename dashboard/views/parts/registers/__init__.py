"""The screens of the project lead's registers, one module for each kind of thing."""
