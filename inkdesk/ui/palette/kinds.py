"""What can be found."""

from enum import Enum


class Kind(Enum):
    """What is found."""

    DATE = "date"
    ACTION = "action"
    CLIENT = "client"
    BOOKING = "booking"


EVERYTHING = frozenset(Kind)
PEOPLE = frozenset({Kind.CLIENT, Kind.BOOKING})
DATES = frozenset({Kind.DATE})
