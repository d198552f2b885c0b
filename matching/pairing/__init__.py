"""What can be said of a query and a candidate: who is in the pool, and the columns of each pair.

`queries` ask, `pool` and `retrieval` answer with whom, `standing`, `familiarity` and `content`
give the columns, and `pairs` puts them into one table. Nothing from the query's moment on is seen.
"""
