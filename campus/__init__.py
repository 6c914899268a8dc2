"""campus: the software that runs a campus."""

__version__ = "0.1.0"
