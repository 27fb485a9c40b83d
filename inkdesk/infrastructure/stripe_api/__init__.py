"""Stripe over the ``stripe`` library, which is imported only when it is first talked to."""
