"""A simulated company that sells industrial electronics, so that the boards have something to show."""
