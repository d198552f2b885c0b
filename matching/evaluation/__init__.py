"""The protocol: how good the rankers and the leader model are, on what they could not know."""
