"""A small strict Stripe for practice and tests: the real library talks to it over HTTP on 127.0.0.1.

It knows nothing of the rest of InkDesk: it plays somebody else's server.
"""

from inkdesk.practice.access import KEY_RIGHTS
from inkdesk.practice.controls import Controls, SeenSession
from inkdesk.practice.disputes import DisputeStatus
from inkdesk.practice.errors import ApiError, WrongStateError
from inkdesk.practice.faults import Fault, FaultKind
from inkdesk.practice.knobs import FundsRule, RefundOutcome
from inkdesk.practice.server import DEFAULT_KEY, PracticeServer
from inkdesk.practice.wire import PortBusy

__all__ = [
    "DEFAULT_KEY",
    "KEY_RIGHTS",
    "ApiError",
    "Controls",
    "DisputeStatus",
    "Fault",
    "FaultKind",
    "FundsRule",
    "PortBusy",
    "PracticeServer",
    "RefundOutcome",
    "SeenSession",
    "WrongStateError",
]
