"""What happened, as arrays: facts of the tables become a history in time order.

`facts` are kept in a file (`fact_file`) at the level of identities, `assembly` makes the
`history` of people from them, and everything above asks that.
"""
