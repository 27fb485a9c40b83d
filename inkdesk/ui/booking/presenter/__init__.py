"""The decisions of the booking dialogs, free of Qt."""
