"""Stripe accounts: the studio's own, and those of artists who are paid by themselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChargeWay(StrEnum):
    """Whose charge a payment is.

    OWN: the studio's. DESTINATION: the studio's, and Stripe hands the money on. DIRECT: the artist's own.
    """

    OWN = "own"
    DESTINATION = "destination"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeAccount:
    """One account; ``artist_id`` None is the studio's own, the account of its key.

    ``fee_basis_points`` is what the studio keeps of the artist's payments, in hundredths of a percent; None: nothing.
    ``is_ready``: by Stripe's last word the account may take card payments; else ``problem`` says why not.
    """

    id: int = 0
    artist_id: int | None
    account_id: str
    way: ChargeWay = ChargeWay.OWN
    fee_basis_points: int | None = None
    is_ready: bool = False
    problem: str = ""
    checked_at: datetime | None = None
    version: int = 1
