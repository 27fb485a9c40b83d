"""InkDesk: the front-desk program of a tattoo studio."""

__version__ = "0.1.0"
