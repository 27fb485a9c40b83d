"""Threads and what they tell the window. Objects here live in the window's thread and own plain threads."""
