"""A trainer's console over the practice Stripe."""
