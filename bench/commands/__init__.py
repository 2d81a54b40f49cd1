"""How fast commands are answered, each of them durable."""
