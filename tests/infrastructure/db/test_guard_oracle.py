"""The guard against a plain oracle in random histories, which also find out every weakened guard."""

import random
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import text
from support.book import a_booking, fill

from inkdesk.application.ports import Claim
from inkdesk.domain.errors import SlotTaken
from inkdesk.domain.spans import Span, overlaps
from inkdesk.infrastructure.db import guards
from inkdesk.infrastructure.db.database import Database

SEEDS = range(8)
STEPS = 50
INSERT_GUARD, UPDATE_GUARD = (guards.SQLITE_TRIGGERS[f"occupancy_guard_{verb}"] for verb in ("insert", "update"))


def instead(guard: str, old: str, new: str) -> list[str]:
    """Statements that put a changed trigger in place of a guard."""
    assert old in guard
    return [f"DROP TRIGGER {guard.split()[2]}", guard.replace(old, new)]


def constraint(*, resource: str = "int8range(resource_id, resource_id, '[]')", span: str, where: str) -> list[str]:
    """Statements that put another exclusion constraint in place of the guard."""
    return [
        "ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap",
        f"ALTER TABLE occupancy ADD EXCLUDE USING gist ({resource} WITH &&, {span} WITH &&) WHERE ({where})",
    ]


SPAN = "tstzrange(starts_at, ends_at, '[)')"
MUTANTS = {
    "sqlite": [
        ["DROP TRIGGER occupancy_guard_insert"],
        ["DROP TRIGGER occupancy_guard_update"],
        instead(INSERT_GUARD, "starts_at < NEW.ends_at", "starts_at <= NEW.starts_at"),
        instead(INSERT_GUARD, "> NEW.starts_at", ">= NEW.starts_at"),
        instead(INSERT_GUARD, "starts_at DESC", "starts_at"),
        instead(UPDATE_GUARD, "resource_id = NEW.resource_id", "resource_id > 0"),
    ],
    "postgresql": [
        ["ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap"],
        constraint(span="tstzrange(starts_at, ends_at, '[]')", where="blocks"),
        constraint(span="tstzrange(starts_at, starts_at, '[]')", where="blocks"),
        constraint(span=SPAN, where="NOT blocks"),
        constraint(span=SPAN, where="true"),
        constraint(resource="int8range(1, 1, '[]')", span=SPAN, where="blocks"),
    ],
}


@dataclass
class Oracle:
    """What should stand in the database: per booking its claims and whether they block."""

    held: dict[int, tuple[list[Claim], bool]] = field(default_factory=dict)

    def refuses(self, booking_id: int, claims: list[Claim]) -> bool:
        """Whether a blocking claim of another booking overlaps one of ``claims``."""
        others = [one for other, (kept, blocks) in self.held.items() if blocks and other != booking_id for one in kept]
        return any(
            mine.resource_id == other.resource_id and overlaps(mine.span, other.span)
            for mine in claims
            for other in others
        )


def disagreement(database: Database, seed: int) -> str | None:
    """Play a random history; the first step at which database and oracle differ."""
    chance = random.Random(seed)
    oracle = Oracle()
    with database.write() as uow:
        resources = [artist.resource_id for artist in uow.artists.all()]
        bookings = [uow.bookings.by_request_key(f"oracle-{n}") for n in range(5)]
        ids = [one.id for one in bookings if one is not None]
        for step in range(STEPS):
            booking_id = chance.choice(ids)
            kept, _ = oracle.held.get(booking_id, ([], False))
            moves = not kept or chance.random() < 0.6
            claims = [random_claim(chance, one) for one in random_resources(chance, resources)] if moves else kept
            blocks = chance.random() < 0.7
            expected = blocks and oracle.refuses(booking_id, claims)
            try:
                if moves:
                    uow.bookings.claim(booking_id, claims, blocks=blocks)
                else:
                    uow.bookings.set_blocks(booking_id, blocks=blocks)
            except SlotTaken:
                if not expected:
                    return f"step {step}: refused {claims}"
                continue
            if expected:
                return f"step {step}: let {claims} in"
            oracle.held[booking_id] = (claims, blocks)
    return None


def random_resources(chance: random.Random, resources: list[int]) -> list[int]:
    return chance.sample(resources, chance.choice([1, 2]))


def random_claim(chance: random.Random, resource_id: int) -> Claim:
    start = chance.randrange(12)
    return Claim(resource_id, Span(start, start + chance.randint(1, 5)))


@pytest.fixture
def played(database: Database) -> Database:
    """Two artists and five bookings without claims."""
    book = fill(database)
    with database.write() as uow:
        for number in range(5):
            uow.bookings.add(replace(a_booking(book), request_key=f"oracle-{number}"))
        uow.commit()
    return database


def test_guard_and_oracle_agree(played: Database) -> None:
    assert [disagreement(played, seed) for seed in SEEDS] == [None] * len(SEEDS)


@pytest.mark.parametrize("number", range(6))
def test_a_weakened_guard_is_found_out(played: Database, number: int) -> None:
    with played._engine.begin() as connection:
        for statement in MUTANTS[played.kind][number]:
            connection.execute(text(statement))
    assert any(disagreement(played, seed) for seed in SEEDS)
