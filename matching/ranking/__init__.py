"""How mentors are ranked: what a model learns from, the models, and which of them is believed.

`lesson` draws the pairs, `ranker` learns, `travelling` carries what was learned elsewhere as plain
numbers, and `serving` decides for each project, on past data only, who ranks there.
"""
