"""What the first week asks, as SQLite is asked it. Written by tests/tools/frozen_statements.py."""

from collections.abc import Mapping
from typing import Final

REVISION: Final = "0004"
CLIENT_VERSION: Final = 3
LONGEST_BOOKING_S: Final = 604800
STATEMENTS: Final[Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    "studio": (
        """
SELECT studio.id, studio.uid, studio.name, studio.zone, studio.currency, studio.mode,
studio.hold_policy, studio.hold_s, studio.slot_step_s, studio.minimum_notice_s, studio.horizon_days,
studio.success_url, studio.phone_region, studio.version, studio.alignment, studio.first_date,
studio.last_date, studio.open_days, studio.receipt_header
FROM studio ORDER BY studio.id
 LIMIT 1 OFFSET 0
        """,
        (
            ("id", "plain"),
            ("uid", "plain"),
            ("name", "plain"),
            ("zone", "plain"),
            ("currency", "plain"),
            ("mode", "plain"),
            ("hold_policy", "plain"),
            ("hold_s", "plain"),
            ("slot_step_s", "plain"),
            ("minimum_notice_s", "plain"),
            ("horizon_days", "plain"),
            ("success_url", "plain"),
            ("phone_region", "plain"),
            ("version", "plain"),
            ("alignment", "plain"),
            ("first_date", "day"),
            ("last_date", "day"),
            ("open_days", "plain"),
            ("receipt_header", "plain"),
        ),
    ),
    "cards": (
        """
SELECT booking.id, booking.artist_id, booking.client_id, booking.starts_at, booking.sitting_s,
booking.status, booking.hold_until, booking.price_minor, booking.deposit_minor, booking.currency,
booking.note, booking.checked_in_at, booking.version, booking.series_id, booking.group_id, CASE WHEN
(booking.series_id IS NOT NULL AND (booking.status NOT IN ('CANCELLED', 'LAPSED'))) THEN (SELECT
count(*) AS count_1
FROM booking AS mate
WHERE mate.series_id = booking.series_id AND (mate.status NOT IN ('CANCELLED', 'LAPSED')) AND
mate.starts_at <= booking.starts_at) ELSE 0 END AS series_number, CASE WHEN (booking.series_id IS NOT
NULL AND (booking.status NOT IN ('CANCELLED', 'LAPSED'))) THEN (SELECT count(*) AS count_2
FROM booking AS mate
WHERE mate.series_id = booking.series_id AND (mate.status NOT IN ('CANCELLED', 'LAPSED'))) ELSE 0 END AS
series_count, booking.starts_at AS starts_s, booking.occupied_from AS occupied_from_s,
booking.occupied_until AS occupied_until_s, client.name AS client_name, service.name AS service_name,
(SELECT CAST(coalesce(sum(payment.amount_minor - payment.refunded_minor), 0) AS BIGINT) AS coalesce_1
FROM payment
WHERE payment.booking_id = booking.id AND payment.status IN ('DISPUTED', 'PAID', 'PARTIALLY_REFUNDED',
'REFUNDED', 'REFUND_DUE', 'REFUND_FAILED', 'REFUND_PENDING') AND payment.purpose != 'tip' AND
payment.currency = booking.currency) AS paid_minor
FROM booking JOIN client ON client.id = booking.client_id JOIN service ON service.id =
booking.service_id
WHERE booking.studio_id = :studio_id AND booking.occupied_from > :reach_s AND booking.occupied_from <
:end_s AND booking.occupied_until > :start_s ORDER BY booking.occupied_from, booking.id
        """,
        (
            ("id", "plain"),
            ("artist_id", "plain"),
            ("client_id", "plain"),
            ("starts_at", "instant"),
            ("sitting_s", "plain"),
            ("status", "plain"),
            ("hold_until", "instant"),
            ("price_minor", "plain"),
            ("deposit_minor", "plain"),
            ("currency", "plain"),
            ("note", "plain"),
            ("checked_in_at", "instant"),
            ("version", "plain"),
            ("series_id", "plain"),
            ("group_id", "plain"),
            ("series_number", "plain"),
            ("series_count", "plain"),
            ("starts_s", "plain"),
            ("occupied_from_s", "plain"),
            ("occupied_until_s", "plain"),
            ("client_name", "plain"),
            ("service_name", "plain"),
            ("paid_minor", "plain"),
        ),
    ),
    "further_artists": (
        """
SELECT booking_artist.booking_id, booking_artist.artist_id
FROM booking JOIN booking_artist ON booking_artist.booking_id = booking.id
WHERE booking.studio_id = :studio_id AND booking.occupied_from > :reach_s AND booking.occupied_from <
:end_s AND booking.occupied_until > :start_s ORDER BY booking_artist.booking_id,
booking_artist.artist_id
        """,
        (
            ("booking_id", "plain"),
            ("artist_id", "plain"),
        ),
    ),
    "groups": (
        """
SELECT group_sitting.id, group_sitting.artist_id, group_sitting.title, group_sitting.starts_at,
group_sitting.ends_at, group_sitting.seats, group_sitting.is_cancelled, group_sitting.note,
group_sitting.version, group_sitting.starts_at AS starts_s, group_sitting.ends_at AS ends_s,
kept.starts_at AS kept_from_s, kept.ends_at AS kept_until_s, service.name AS service_name
FROM group_sitting JOIN service ON service.id = group_sitting.service_id LEFT OUTER JOIN occupancy AS
kept ON kept.group_id = group_sitting.id
WHERE group_sitting.studio_id = :studio_id AND group_sitting.starts_at > :reach_s AND
group_sitting.starts_at < :end_s AND group_sitting.ends_at > :start_s ORDER BY group_sitting.starts_at,
group_sitting.id
        """,
        (
            ("id", "plain"),
            ("artist_id", "plain"),
            ("title", "plain"),
            ("starts_at", "instant"),
            ("ends_at", "instant"),
            ("seats", "plain"),
            ("is_cancelled", "flag"),
            ("note", "plain"),
            ("version", "plain"),
            ("starts_s", "plain"),
            ("ends_s", "plain"),
            ("kept_from_s", "plain"),
            ("kept_until_s", "plain"),
            ("service_name", "plain"),
        ),
    ),
    "group_units": (
        """
SELECT group_seat.group_id, group_seat.resource_id
FROM group_sitting JOIN group_seat ON group_seat.group_id = group_sitting.id
WHERE group_sitting.studio_id = :studio_id AND group_sitting.starts_at > :reach_s AND
group_sitting.starts_at < :end_s AND group_sitting.ends_at > :start_s ORDER BY group_seat.group_id,
group_seat.resource_id
        """,
        (
            ("group_id", "plain"),
            ("resource_id", "plain"),
        ),
    ),
    "group_seats": (
        """
SELECT booking.group_id, occupancy.booking_id, occupancy.resource_id, occupancy.starts_at AS start_s,
occupancy.ends_at AS end_s
FROM booking JOIN occupancy ON occupancy.booking_id = booking.id JOIN group_sitting ON group_sitting.id
= booking.group_id
WHERE occupancy.blocks = 1 AND booking.studio_id = :studio_id AND booking.group_id IS NOT NULL AND
booking.occupied_from > :reach_s AND booking.occupied_from < :far_s AND group_sitting.studio_id =
:studio_id AND group_sitting.starts_at > :reach_s AND group_sitting.starts_at < :end_s AND
group_sitting.ends_at > :start_s ORDER BY booking.group_id, occupancy.booking_id, occupancy.resource_id
        """,
        (
            ("group_id", "plain"),
            ("booking_id", "plain"),
            ("resource_id", "plain"),
            ("start_s", "plain"),
            ("end_s", "plain"),
        ),
    ),
    "artists": (
        """
SELECT artist.id, artist.studio_id, artist.resource_id, artist.name, artist.colour, artist.zone,
artist.is_guest, artist.stays_from, artist.stays_until, artist.pause_s, artist.is_active,
artist.version, artist.per_day, artist.per_week, artist.long_sitting_s
FROM artist
WHERE artist.studio_id = :studio_id ORDER BY artist.id
        """,
        (
            ("id", "plain"),
            ("studio_id", "plain"),
            ("resource_id", "plain"),
            ("name", "plain"),
            ("colour", "plain"),
            ("zone", "plain"),
            ("is_guest", "flag"),
            ("stays_from", "day"),
            ("stays_until", "day"),
            ("pause_s", "plain"),
            ("is_active", "flag"),
            ("version", "plain"),
            ("per_day", "plain"),
            ("per_week", "plain"),
            ("long_sitting_s", "plain"),
        ),
    ),
    "plan_hours": (
        """
SELECT weekly_plan.artist_id, weekly_plan.id AS plan_id, weekly_plan.starts_on, weekly_plan.week_a,
weekly_plan.weeks, plan_hours.week, plan_hours.weekday, plan_hours.start_min, plan_hours.end_min
FROM weekly_plan LEFT OUTER JOIN plan_hours ON plan_hours.plan_id = weekly_plan.id
WHERE weekly_plan.artist_id IN ({artist_ids}) ORDER BY weekly_plan.artist_id, weekly_plan.id,
plan_hours.week, plan_hours.weekday, plan_hours.start_min
        """,
        (
            ("artist_id", "plain"),
            ("plan_id", "plain"),
            ("starts_on", "day"),
            ("week_a", "day"),
            ("weeks", "plain"),
            ("week", "plain"),
            ("weekday", "plain"),
            ("start_min", "plain"),
            ("end_min", "plain"),
        ),
    ),
    "styles": (
        """
SELECT artist_style.artist_id, artist_style.style
FROM artist_style
WHERE artist_style.artist_id IN ({artist_ids}) ORDER BY artist_style.artist_id, artist_style.position
        """,
        (
            ("artist_id", "plain"),
            ("style", "plain"),
        ),
    ),
    "overrides": (
        """
SELECT date_override.artist_id, date_override.on_date, date_override_span.start_min,
date_override_span.end_min
FROM date_override LEFT OUTER JOIN date_override_span ON date_override_span.artist_id =
date_override.artist_id AND date_override_span.on_date = date_override.on_date
WHERE date_override.artist_id IN ({artist_ids}) AND date_override.on_date BETWEEN :first_on AND :last_on
ORDER BY date_override.artist_id, date_override.on_date, date_override_span.start_min
        """,
        (
            ("artist_id", "plain"),
            ("on_date", "day"),
            ("start_min", "plain"),
            ("end_min", "plain"),
        ),
    ),
    "leaves": (
        """
SELECT leave.id, leave.studio_id, leave.artist_id, leave.starts_at, leave.ends_at, leave.reason
FROM leave
WHERE leave.studio_id = :studio_id AND leave.ends_at > :start_s AND leave.starts_at < :end_s ORDER BY
leave.starts_at, leave.id
        """,
        (
            ("id", "plain"),
            ("studio_id", "plain"),
            ("artist_id", "plain"),
            ("starts_at", "instant"),
            ("ends_at", "instant"),
            ("reason", "plain"),
        ),
    ),
    "data_version": (
        """
SELECT coalesce(sum(write_count.writes), 0) AS writes
FROM write_count
        """,
        (("writes", "plain"),),
    ),
}
"""Text, and name and kind of each column, by name."""
