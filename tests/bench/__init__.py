"""``make bench``: the figures of docs/performance.md, measured here and now.

Figures are ratios within one run wherever they can be. Histories come from the folder named by
HISTORIES (bundles or bare repositories); without any, the sample community stands in and the
report says so.
"""
