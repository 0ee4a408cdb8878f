"""Count-day snapshots and the federal files that are made of them."""
