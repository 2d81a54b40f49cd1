"""How soon what happened is on the boards, and how many boards there can be."""
