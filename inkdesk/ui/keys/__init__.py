"""The key map: shown, searched and changed."""
