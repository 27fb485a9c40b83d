"""What InkDesk can do: use cases, the ports they need, and the read models the pages show."""
