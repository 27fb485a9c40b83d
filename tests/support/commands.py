"""How a test sees a command that ran."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON
        """Its JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> tuple[int, str, str | None]:
        """Exit code, error code and field of a failure told in JSON: one or two sentences, nothing on stderr."""
        error = self.data["error"]
        assert error["message"].endswith(".")
        assert self.err == ""
        return self.code, error["code"], error["field"]


Run = Callable[..., Ran]
"""Runs ``inkdesk`` with these arguments."""
