"""Test code shared by several folders; imported as ``support``."""
