"""A word of care: who is silent for longer than their own rhythm knows."""
