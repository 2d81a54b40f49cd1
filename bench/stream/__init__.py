"""How fast a stream of events becomes boards: Baton's runner, and what its client alone can do."""
