"""One line that finds actions, dates, clients and bookings."""
