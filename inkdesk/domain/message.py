"""Untranslated sentences that know their parameters.

Rules raise and return sentences, but only the edge (window, command line) knows the reader's language,
zone and number format. So a sentence travels as a template plus typed values and is rendered there.
"""

from dataclasses import dataclass
from datetime import date, datetime

from inkdesk.domain.money import Money

Value = str | int | date | datetime | Money
"""What a sentence may carry. Aware datetimes are shown in the studio's zone, money with its currency."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for a person: ``template`` holds ``{name}`` places, ``values`` what stands in them."""

    template: str
    values: tuple[tuple[str, Value], ...] = ()

    def plain(self) -> str:
        """English with plain values: for logs and tests; the edge renders in the reader's language."""
        if not self.values:
            return self.template
        shown = {name: value.plain() if isinstance(value, Money) else value for name, value in self.values}
        return self.template.format(**shown)


def message(template: str, **values: Value) -> Message:
    """Make a sentence. ``template`` must be a literal, or the catalogues cannot find it."""
    return Message(template, tuple(sorted(values.items())))
