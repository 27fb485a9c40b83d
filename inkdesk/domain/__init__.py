"""The rules of a studio's book: time, slots, bookings and money. Standard library only."""
