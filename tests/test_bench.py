"""The benchmarks themselves: each section loads, and the simulated community is what it says."""

import importlib

import pytest

from foundation.activity.models import Activity, Change
from foundation.people.models import Person
from tests.bench.__main__ import SECTIONS
from tests.bench.simulate import Simulated, simulate


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_can_be_loaded(section):
    assert callable(importlib.import_module(f"tests.bench.{section}").main)


@pytest.mark.django_db(transaction=True)
def test_a_simulated_community_holds_the_facts_that_it_counts():
    made = simulate(600)
    assert made == Simulated(
        Change.objects.values("repository__project").distinct().count(),
        Person.objects.count(),
        Change.objects.count(),
        Activity.objects.count(),
    )
    assert 400 < made.facts < 800
