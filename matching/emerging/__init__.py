"""Emerging leaders: who of those active now, not core yet, is core in a year, or in two.

`landmarks` asks the question of every past date, `landmark_features` answers with what a page can
explain, `leaders` learns, and `rising` says whom to invite.
"""
