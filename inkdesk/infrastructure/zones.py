"""Which country a time zone lies in."""

from importlib.resources import files


def country_of_zone(zone: str) -> str:
    """The ISO 3166 code of the country ``zone`` (an IANA name) is mainly used in; "" if it is in none, e.g. UTC."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[0] for row in rows if row[2] == zone), "")
