"""Assigning a cohort: who is placed in which project, with which mentor. Pure: no Django here.

``problem`` holds the question as arrays, ``stable`` and ``optimal`` answer it, ``checker`` judges
any answer without knowing how it was found, ``whatif`` says why, ``helps`` what would help.
"""
