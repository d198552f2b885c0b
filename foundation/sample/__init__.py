"""A made-up foundation with real git repositories, whose mentors and leaders are known."""
