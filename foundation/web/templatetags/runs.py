"""Words of the ledger's pages."""

from django import template

from foundation.runs.freshness import task_words

register = template.Library()
register.filter("task_words", task_words)
