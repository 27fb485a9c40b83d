"""One order of locks for every unit of work that touches slots and money, so that desks queue and never deadlock.

First the resources, all of them in one batch; then the rows of the bookings; then whatever else is written: payments,
refunds, ledger, tasks. Each batch is taken in the order of ids. Nothing that was read before counts after it.
"""

from collections.abc import Collection

from inkdesk.application.claims import alike
from inkdesk.application.ports import UnitOfWork


def lock_for_money(uow: UnitOfWork, booking_ids: Collection[int], *, seating: int | None = None) -> None:
    """Keep other writers off these bookings and what they claim: first of all, before anything is read to be trusted.

    ``seating`` is the booking among them, if any, that may get other units than it claims: then all that would do are
    locked with it, and its whole group sitting.
    """
    group_id = None if seating is None else uow.bookings.get(seating).group_id
    locked: set[int] = set()
    while not locked.issuperset(wanted := _resources(uow, booking_ids, seating, group_id)):
        uow.bookings.lock_resources(sorted(wanted))
        locked |= wanted  # a booking may have moved while we waited: look again
    uow.bookings.lock_rows(booking_ids)


def _resources(uow: UnitOfWork, booking_ids: Collection[int], seating: int | None, group_id: int | None) -> set[int]:
    """What the bookings claim now, and what would do for the one that may get other units."""
    held = uow.bookings.claims_by_booking(booking_ids)
    claimed = {claim.resource_id for claims in held.values() for claim in claims}
    if group_id is not None:
        group = uow.groups.get(group_id)
        return {*claimed, uow.artists.get(group.artist_id).resource_id, *group.unit_ids}
    if seating is not None:
        others = alike(uow)
        claimed.update(unit for claim in held[seating] for unit in others.get(claim.resource_id, ()))
    return claimed
