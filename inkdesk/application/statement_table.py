"""A statement in words and as a table that leaves the program: the differences first, then what agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from inkdesk.application.statement_service import Statement
from inkdesk.application.tables_out import Table
from inkdesk.application.text import render, tr
from inkdesk.domain.message import message
from inkdesk.domain.money import Money
from inkdesk.domain.statement import BalanceLine, BookLine, DifferenceKind, Movement, StatementTotals

_MOVEMENTS: Final = {
    Movement.CHARGE: message("Payment"),
    Movement.REFUND: message("Refund"),
    Movement.REFUND_CAME_BACK: message("Refund came back"),
    Movement.DISPUTE: message("Dispute"),
    Movement.DISPUTE_WON: message("Dispute won"),
    Movement.PAYOUT: message("Payout to the bank"),
    Movement.OTHER: message("Other"),
}
_DIFFERENCES: Final = {
    DifferenceKind.MISSING_HERE: message("Not in InkDesk"),
    DifferenceKind.MISSING_THERE: message("Not at Stripe"),
    DifferenceKind.AMOUNT: message("Other amount"),
    DifferenceKind.FEE: message("Other fee"),
    DifferenceKind.CURRENCY: message("Other currency"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line to show: a difference, or a movement in which the book and Stripe agree (``difference`` None)."""

    difference: DifferenceKind | None
    movement: Movement
    kind: str
    at: datetime
    client_name: str
    here: Money | None
    there: Money | None
    fee_here: Money | None
    fee_there: Money | None
    net: Money | None
    source_id: str
    booking_id: int | None


def movement_words(line: StatementLine) -> str:
    """What moved the money; Stripe's own word for what the book does not know."""
    return line.kind if line.movement is Movement.OTHER and line.kind else render(_MOVEMENTS[line.movement])


def difference_words(kind: DifferenceKind | None) -> str:
    """In what a line differs; "" if it agrees."""
    return "" if kind is None else render(_DIFFERENCES[kind])


def statement_lines(statement: Statement) -> list[StatementLine]:
    """Every difference, then every line of Stripe's that has none."""
    told = [_line(one.kind, one.ours, one.theirs) for one in statement.differences]
    differing = {one.theirs.balance_id for one in statement.differences if one.theirs is not None}
    agreeing = (line for line in statement.lines if line.balance_id not in differing)
    return [*told, *(_line(None, statement.book.get((one.movement, one.source_id)), one) for one in agreeing)]


def total_words(sums: StatementTotals) -> list[tuple[str, int]]:
    """(word, signed amount in the minor unit): each movement that there was, the fees, the net, what was paid out."""
    moved = [
        (render(_MOVEMENTS[movement]), sums.by_movement[movement])
        for movement in Movement
        if movement is not Movement.PAYOUT and sums.by_movement.get(movement)
    ]
    fees = [(tr("Fees"), -sums.fees_minor)] if sums.fees_minor else []
    payouts = sums.by_movement.get(Movement.PAYOUT, 0)
    paid_out = [(render(_MOVEMENTS[Movement.PAYOUT]), payouts)] if payouts else []
    return [*moved, *fees, (tr("Net"), sums.net_minor), *paid_out]


def statement_table(statement: Statement, lines: Sequence[StatementLine]) -> Table:
    """The lines as a table; no total is among them, so that a column can be added up."""
    return Table(
        title=tr("Statement"),
        headings=(
            tr("Difference"),
            tr("When"),
            tr("What"),
            tr("Client"),
            tr("In InkDesk"),
            tr("Currency in InkDesk"),
            tr("At Stripe"),
            tr("Currency at Stripe"),
            tr("Fee in InkDesk"),
            tr("Fee at Stripe"),
            tr("Net"),
            tr("Settled in"),
            tr("Stripe's number"),
            tr("Booking no."),
        ),
        rows=[
            (
                difference_words(line.difference),
                line.at,
                movement_words(line),
                line.client_name,
                line.here,
                line.here.currency if line.here else None,
                line.there,
                line.there.currency if line.there else None,
                line.fee_here,
                line.fee_there,
                line.net,
                _settled_in(line),
                line.source_id,
                line.booking_id,
            )
            for line in lines
        ],
        zone=statement.zone,
    )


def _settled_in(line: StatementLine) -> str | None:
    """The currency of fees and net, which need not be that of the payment."""
    settled = line.fee_there or line.fee_here or line.net
    return settled.currency if settled else None


def _line(kind: DifferenceKind | None, ours: BookLine | None, theirs: BalanceLine | None) -> StatementLine:
    either = theirs or ours
    if either is None:
        raise ValueError("a line is about something")
    return StatementLine(
        difference=kind,
        movement=either.movement,
        kind=theirs.kind if theirs else "",
        at=either.at,
        client_name=ours.client_name if ours else "",
        here=ours.amount if ours else None,
        there=theirs.amount if theirs else None,
        fee_here=ours.fee if ours else None,
        fee_there=theirs.fee if theirs else None,
        net=theirs.net if theirs else None,
        source_id=either.source_id,
        booking_id=ours.booking_id if ours else None,
    )
