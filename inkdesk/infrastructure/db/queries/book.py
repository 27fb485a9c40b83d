"""The calendar, one booking, the client search, the ledger and the desk's tasks."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select

from inkdesk.application.calendar import BookingCard, BookingDetail, CalendarRange, ClientMatch, LedgerLine
from inkdesk.application.ports import Clock
from inkdesk.domain.catalogue import CancellationPolicy
from inkdesk.domain.message import message
from inkdesk.domain.payments import DeskTask
from inkdesk.infrastructure.db import tables as t
from inkdesk.infrastructure.db.engines import open_connection
from inkdesk.infrastructure.db.queries.cards import CARDS, cards_within, further_artists_within
from inkdesk.infrastructure.db.queries.groups import groups_within, seats_taken_within, units_within
from inkdesk.infrastructure.db.queries.wall_hours import wall_hours
from inkdesk.infrastructure.db.repositories.artists import SqlArtistRepository
from inkdesk.infrastructure.db.repositories.studio import SqlStudioRepository
from inkdesk.infrastructure.db.rows import OVERRIDE_MARGIN, instants, shown_artists, to_card, to_cards, to_groups
from inkdesk.infrastructure.db.session import Session
from inkdesk.infrastructure.db.settings_memory import SettingsMemory

if TYPE_CHECKING:
    from inkdesk.application.ledger_view import LedgerFilter, LedgerNames, LedgerPlace, LedgerSums
    from inkdesk.domain.statement import BookLine


class SqlBookQueries:
    """Each call is one short read of one consistent picture, in a fixed number of queries.

    What only the other pages need is imported when they ask: the calendar is the first that is painted.
    """

    def __init__(self, engine: Engine, clock: Clock, memory: SettingsMemory) -> None:
        self._engine = engine
        self._clock = clock
        self._memory = memory

    def calendar(self, first: date, last: date) -> CalendarRange:
        """Everything between two dates, both included; hours also of the day before ``first``."""
        with self._session() as session:
            studio = SqlStudioRepository(session).get()
            within = instants(studio.zone_info, first, last)
            cards = to_cards(
                session.rows(cards_within(studio.id, within)), session.rows(further_artists_within(studio.id, within))
            )
            groups = to_groups(
                *(session.rows(asked(studio.id, within)) for asked in (groups_within, units_within, seats_taken_within))
            )
            repository = SqlArtistRepository(session)
            artists = shown_artists(repository.all(with_inactive=True), cards, groups)
            days = first - OVERRIDE_MARGIN, last + OVERRIDE_MARGIN
            overrides = repository.overrides([one.id for one in artists], *days)
            return CalendarRange(
                zone=studio.zone,
                first=first,
                last=last,
                artists=artists,
                cards=cards,
                hours=wall_hours(artists, overrides, studio.zone_info, first, last),
                leaves=repository.leaves(within),
                groups=groups,
            )

    def booking(self, booking_id: int) -> BookingDetail:
        """One booking whole; ValidationError if there is none."""
        from inkdesk.infrastructure.db.repositories.bookings import further_artists  # noqa: PLC0415 - see the class
        from inkdesk.infrastructure.db.repositories.clients import SqlClientRepository  # noqa: PLC0415
        from inkdesk.infrastructure.db.repositories.payments import SqlPaymentRepository  # noqa: PLC0415

        with self._session() as session:
            mine = (t.booking.c.id == booking_id) & (t.booking.c.studio_id == session.studio_id)
            missing = message("This booking is not in the book. Reload the calendar.")
            booking = t.booking.c
            whole = CARDS.add_columns(booking.cutoff_hours, booking.refund_percent).where(mine)
            row = session.one(whole, missing)
            card = to_card(row, further_artists(session, [booking_id]).get(booking_id, ()))
            line, payments = t.booking_history, SqlPaymentRepository(session)
            history = session.rows(select(line).where(line.c.booking_id == booking_id).order_by(line.c.id))
            return BookingDetail(
                card=card,
                client=SqlClientRepository(session).get(card.client_id),
                policy=CancellationPolicy(row.cutoff_hours, row.refund_percent),
                payments=payments.of_booking(booking_id),
                ledger=payments.ledger_of(booking_id),
                history=[(row.at, row.who, row.what, row.why) for row in history],
            )

    def find_clients(self, typed: str, limit: int = 20) -> list[ClientMatch]:
        """Digits match the last digits of a number, letters the starts of name words; "" gives the latest clients."""
        from inkdesk.infrastructure.db.queries.search import matching_clients, to_match  # noqa: PLC0415 - see the class

        with self._session() as session:
            query = matching_clients(session.studio_id, typed, self._clock.now(), limit)
            return [to_match(row) for row in session.rows(query)]

    def find_bookings(self, typed: str, limit: int = 20) -> list[BookingCard]:
        """Bookings of the clients that fit: what is to come, then what was; "" finds none."""
        from inkdesk.infrastructure.db.queries.search import bookings_of_matching, clean  # noqa: PLC0415 - see the class
        from inkdesk.infrastructure.db.repositories.bookings import further_artists  # noqa: PLC0415

        if not clean(typed):
            return []
        with self._session() as session:
            asked = bookings_of_matching(session.studio_id, typed, self._clock.now(), limit)
            rows = [row for query in asked for row in session.rows(query)]
            along = further_artists(session, [row.id for row in rows])
            return [to_card(row, along.get(row.id, ())) for row in rows]

    def ledger(
        self, wanted: "LedgerFilter", after: "LedgerPlace | None" = None, limit: int | None = None
    ) -> list[LedgerLine]:
        """The ledger entries that fit, newest first: at most ``limit`` of those that stand behind ``after``."""
        from inkdesk.infrastructure.db.queries.ledger import ledger_lines  # noqa: PLC0415 - see the class

        with self._session() as session:
            return ledger_lines(session, SqlStudioRepository(session).get().zone_info, wanted, after, limit)

    def ledger_sums(self, wanted: "LedgerFilter") -> "LedgerSums":
        """How many ledger entries fit, and what they come to."""
        from inkdesk.infrastructure.db.queries.ledger import ledger_sums  # noqa: PLC0415 - see the class

        with self._session() as session:
            return ledger_sums(session, SqlStudioRepository(session).get().zone_info, wanted)

    def ledger_names(self, first: date, last: date) -> "LedgerNames":
        """Whose ledger entries there are between two dates, by name."""
        from inkdesk.infrastructure.db.queries.ledger import ledger_names  # noqa: PLC0415 - see the class

        with self._session() as session:
            return ledger_names(session, SqlStudioRepository(session).get().zone_info, first, last)

    def stripe_book(
        self, since: datetime, until: datetime, source_ids: Sequence[str], account: str = ""
    ) -> "list[BookLine]":
        """What the book says that moved in one Stripe account between two instants, and about these ids."""
        from inkdesk.infrastructure.db.queries.statement import book_lines  # noqa: PLC0415 - see the class

        with self._session() as session:
            return book_lines(session, since, until, source_ids, account)

    def open_tasks(self) -> list[DeskTask]:
        """Every open desk task, oldest first."""
        from inkdesk.infrastructure.db.repositories.payment_rows import to_task  # noqa: PLC0415 - see the class

        with self._session() as session:
            task = t.desk_task
            mine = (task.c.studio_id == session.studio_id) & task.c.closed_at.is_(None)
            return [to_task(row) for row in session.rows(select(task).where(mine).order_by(task.c.id))]

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with open_connection(self._engine, is_read=True) as connection:
            yield Session(connection, "", self._clock, self._memory)
