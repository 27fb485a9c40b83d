"""What no event told of: refunds, disputes and sessions, asked for by lists, also after months away.

Each account is read by itself. One that is out of reach for a while is read later from where it was left.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

from inkdesk.application.payment_gateway import (
    GatewayBroken,
    GatewayNotAllowed,
    GatewayRefused,
    PaymentGateway,
    Reversal,
)
from inkdesk.application.poll_state import PollState
from inkdesk.application.strays import Strays
from inkdesk.application.sweeping import LINK_LIVES, LOOK_BACK
from inkdesk.domain.reconciling import SessionFacts
from inkdesk.domain.spans import to_instant

OWN: Final = ""
"""The studio's account among the connected ones."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Unheard:
    """What the lists told.

    ``strays`` are payments that were taken in from a session, ``told`` all sessions on the way. ``away_from_s`` says
    from when on (Stripe's POSIX seconds) accounts that are out of reach must be read; ``is_whole`` is False if a list
    broke off, so that all must be read again.
    """

    reversals: list[Reversal] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)
    told: list[SessionFacts] = field(default_factory=list)
    away_from_s: dict[str, int] = field(default_factory=dict)
    is_whole: bool = True


def list_unheard(
    gateway: PaymentGateway,
    strays: Strays,
    state: PollState,
    accounts: Collection[str],
    now_s: int,
    pulse: Callable[[], None],
) -> Unheard:
    """Read the lists of the studio's account and of connected ones since they were last read; ``now_s``: Stripe's time.

    ``pulse`` is called at each page. Raises GatewayFailure if the studio's own account cannot be asked.
    """
    found, since_s = Unheard(away_from_s=dict(state.away_from_s)), min(state.money_from_s or now_s, now_s)
    for account in [OWN, *sorted(accounts)]:
        from_s = min(since_s, state.away_from_s.get(account, since_s))
        try:
            _list_account(gateway, strays, account, from_s, found, pulse)
        except GatewayBroken:
            found.is_whole = False
        except (GatewayRefused, GatewayNotAllowed) as failure:
            if account == OWN:
                raise
            _log.warning("lists of a connected account are not to be had: %s", type(failure).__name__)
            found.away_from_s[account] = from_s
        else:
            found.away_from_s.pop(account, None)
    return found


def _list_account(
    gateway: PaymentGateway, strays: Strays, account: str, from_s: int, found: Unheard, pulse: Callable[[], None]
) -> None:
    since = to_instant(from_s)
    found.reversals += gateway.reversals_since(since - LOOK_BACK, account, pulse=pulse)
    for page in gateway.session_pages(since - LINK_LIVES, account):
        pulse()
        found.strays += strays.listed(gateway, page, account)
        found.told += page
