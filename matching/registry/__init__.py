"""The model registry: files that run no code, their cards, and which one of them serves."""
