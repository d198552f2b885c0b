"""How many threads numerical libraries may use."""

from threadpoolctl import ThreadpoolController

THREADS = ThreadpoolController()
"""Looked up once: a limit set anew for each question would cost more than the question."""
