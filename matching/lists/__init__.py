"""The list that a mentee reads: scores, shared load, wishes and limits, each with its reasons."""
