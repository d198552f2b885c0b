"""Which model serves: one champion a task, changed by whoever comes first, and by name."""

import hashlib
import json
from importlib import metadata
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.runs import champions
from foundation.runs.champions import Refused
from foundation.runs.models import ModelEvent, TrainedModel
from foundation.said import Said, Told
from tests import world

pytestmark = pytest.mark.django_db


def champion(task="mentors") -> str | None:
    row = TrainedModel.objects.champion(task)
    return row and row.version


def served_in_turn(*versions: str) -> list[TrainedModel]:
    """Models of the mentors' task, each of which took the former one's place."""
    rows = [world.model(version=version) for version in versions]
    for former, row in zip([None, *rows], rows, strict=False):
        assert champions.promote(row, instead_of=former)
    return [TrainedModel.objects.get(pk=row.pk) for row in rows]


def story(row: TrainedModel) -> list[tuple]:
    return list(row.events.order_by("pk").values_list("kind", "by__email", "note"))


def test_a_promoted_model_takes_the_champions_place_and_it_is_written_down():
    first, second = served_in_turn("one", "two")
    other = world.model("leaders", "elsewhere")
    assert champions.promote(other, instead_of=None, why=(Said("There was no champion."),))
    assert (champion(), champion("leaders")) == ("two", "elsewhere")
    assert story(other) == [("promoted", None, "There was no champion.")]


def test_of_two_promotions_over_the_same_champion_the_later_one_changes_nothing():
    (old,) = served_in_turn("old")
    one, other = world.model(version="one"), world.model(version="other")
    assert champions.promote(one, instead_of=old) is True
    assert champions.promote(other, instead_of=old) is False
    assert champions.promote(other, instead_of=None) is False
    assert (champion(), story(other)) == ("one", [])


@pytest.mark.django_db(transaction=True)
def test_of_promotions_at_the_same_time_one_wins():
    (old,) = served_in_turn("old")
    rivals = [world.model(version=f"rival-{n}") for n in range(4)]
    start, won = Barrier(len(rivals)), []

    def try_it(row):
        start.wait()
        won.append((champions.promote(row, instead_of=old), row.version))
        connection.close()

    threads = [Thread(target=try_it, args=[row]) for row in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(success for success, _ in won) == [False, False, False, True]
    assert champion() == next(version for success, version in won if success)


@pytest.mark.parametrize("flags", [{"is_serving": True}, {"is_serving": True, "is_pinned": True}])
def test_the_database_itself_refuses_a_second_champion(flags):
    served_in_turn("one")
    other = world.model(version="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainedModel.objects.filter(pk=other.pk).update(**flags)


def test_the_database_itself_refuses_a_pinned_model_that_does_not_serve():
    row = world.model()
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainedModel.objects.filter(pk=row.pk).update(is_pinned=True)


def test_a_pinned_champion_stays_until_it_is_unpinned():
    stella = world.steward()
    (old,) = served_in_turn("old")
    new = world.model(version="new")
    champions.pin(old, by=stella)
    assert champions.promote(new, instead_of=old) is False
    champions.unpin(old, by=stella)
    assert champions.promote(new, instead_of=old) is True
    assert [kind for kind, _, _ in story(old)] == ["promoted", "pinned", "unpinned"]
    assert {by for _, by, _ in story(old)[1:]} == {stella.email}


def test_pinning_another_model_lets_it_serve_even_over_a_pinned_one():
    stella = world.steward()
    old, new = served_in_turn("old", "new")
    champions.pin(new, by=stella)
    champions.pin(old, by=stella)
    pinned = TrainedModel.objects.filter(is_pinned=True).values_list("version", flat=True)
    assert (champion(), list(pinned)) == ("old", ["old"])
    assert story(old)[-1] == ("chosen", stella.email, "")


def test_rolling_back_lets_the_former_champion_serve_and_then_the_one_before():
    stella = world.steward()
    served_in_turn("one", "two", "three")
    for expected in ("two", "three"):  # what was undone can be undone
        champions.roll_back(TrainedModel.objects.champion("mentors"), by=stella)
        assert champion() == expected
    last = ModelEvent.objects.latest("pk")
    assert (last.kind, last.by, last.model.version) == ("rolled back", stella, "three")


def test_what_cannot_be_done_is_one_sentence_and_changes_nothing():
    stella = world.steward()
    (only,) = served_in_turn("only")
    with pytest.raises(Refused, match="No other model has served"):
        champions.roll_back(only, by=stella)
    with pytest.raises(Refused, match="is not pinned"):
        champions.unpin(only, by=stella)
    new = world.model(version="new")
    champions.promote(new, instead_of=only)
    with pytest.raises(Refused, match="Another model has begun to serve"):
        champions.roll_back(only, by=stella)
    champions.note_refusal(only, Told("The model file is not the one that its card describes."))
    only.refresh_from_db()
    for verb in (champions.pin, champions.roll_back):
        with pytest.raises(Refused, match="cannot serve: The model file is not the one"):
            verb(only if verb is champions.pin else new, by=stella)
    champions.note_refusal(only, None)
    champions.pin(new, by=stella)
    with pytest.raises(Refused, match="is pinned; unpin it first"):
        champions.roll_back(TrainedModel.objects.get(pk=new.pk), by=stella)
    assert champion() == "new"


ALTERED = "This model cannot serve: The model file is not the one that its card describes."


def on_the_shelf(folder: Path, version: str, **card) -> TrainedModel:
    """A model with its file and card, of the libraries that run here unless ``card`` says else."""
    row, file, content = world.model(version=version), f"{version}.skops", version.encode()
    card = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "feature_names": ["a", "b"],
        "libraries": {"numpy": metadata.version("numpy")},
    } | card
    (folder / file).write_bytes(content)
    (folder / f"{file}.json").write_text(json.dumps(card))
    TrainedModel.objects.filter(pk=row.pk).update(file=file, card=card)
    return TrainedModel.objects.get(pk=row.pk)


@pytest.fixture
def shelf(settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    return tmp_path


def in_turn(*rows: TrainedModel) -> list[TrainedModel]:
    for former, row in zip([None, *rows], rows, strict=False):
        assert champions.promote(row, instead_of=former)
    return list(TrainedModel.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def test_a_file_that_was_altered_since_is_seen_when_a_steward_decides(shelf):
    old, new = in_turn(on_the_shelf(shelf, "old"), on_the_shelf(shelf, "new"))
    with (shelf / old.file).open("ab") as file:
        file.write(b"!")
    stella = world.steward()
    with pytest.raises(Refused) as rolling:
        champions.roll_back(new, by=stella)
    with pytest.raises(Refused) as pinning:
        champions.pin(old, by=stella)
    assert [str(rolling.value), str(pinning.value), champion()] == [ALTERED, ALTERED, "new"]
    assert TrainedModel.objects.get(pk=old.pk).refusal == ALTERED.partition(": ")[2]


def test_a_file_that_was_brought_back_serves_again(shelf):
    old, new = in_turn(on_the_shelf(shelf, "old"), on_the_shelf(shelf, "new"))
    champions.note_refusal(old, Told("The model file is not the one that its card describes."))
    champions.roll_back(new, by=world.steward())
    assert (champion(), TrainedModel.objects.get(pk=old.pk).refusal) == ("old", "")


def test_what_a_look_from_outside_does_not_see_stays_refused(shelf):
    old, new = in_turn(on_the_shelf(shelf, "old"), on_the_shelf(shelf, "new"))
    champions.note_refusal(
        old, Told("The model file holds a type that is not trusted: %(t)s.", t="x")
    )
    with pytest.raises(Refused, match="a type that is not trusted: x"):
        champions.roll_back(new, by=world.steward())
    assert champion() == "new"


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        ({"feature_names": ["a"]}, "other features than this version computes"),
        ({"libraries": {"numpy": "0.1"}}, "with numpy 0.1, but .* is installed"),
        ({"libraries": {"abacus": "7"}}, "with abacus 7, but none is installed"),
    ],
)
def test_a_model_of_other_features_or_libraries_does_not_serve_again(shelf, card, sentence):
    in_turn(on_the_shelf(shelf, "old", **card), on_the_shelf(shelf, "new"))
    with pytest.raises(Refused, match=sentence):
        champions.roll_back(TrainedModel.objects.champion("mentors"), by=world.steward())
    assert champion() == "new"


def test_a_champion_that_is_refused_itself_tells_nothing_of_features(shelf):
    old, new = in_turn(on_the_shelf(shelf, "old", feature_names=["a"]), on_the_shelf(shelf, "new"))
    (shelf / new.file).unlink()
    champions.note_refusal(new, Told("The model file new.skops cannot be read."))
    champions.roll_back(TrainedModel.objects.get(pk=new.pk), by=world.steward())
    assert champion() == "old"


def test_the_champion_comes_first_then_who_was_it_then_the_others():
    one, two = served_in_turn("one", "two")
    world.model(version="never")
    order = TrainedModel.objects.in_order_of_trust("mentors")
    assert [row.version for row in order] == ["two", "one", "never"]


def test_who_was_worse_than_the_champion_of_its_day_serves_only_by_name():
    served_in_turn("champion")
    for version, high in (("worse", -0.1), ("as good", 0.1)):
        row = world.model(version=version)
        TrainedModel.objects.filter(pk=row.pk).update(trial={"gap": {"high": high}})

    def trusted() -> list[str]:
        return [row.version for row in TrainedModel.objects.in_order_of_trust("mentors")]

    assert trusted() == ["champion", "as good"]
    worse = TrainedModel.objects.get(version="worse")
    champions.pin(worse, by=world.steward())
    assert trusted() == ["worse", "champion", "as good"]
    champions.unpin(worse, by=world.steward("second"))
    champions.promote(world.model(version="next"), instead_of=worse)
    assert trusted() == ["next", "worse", "champion", "as good"]


def test_who_is_refused_is_no_witness_of_the_features():
    witness = TrainedModel.objects.witness
    assert witness("mentors") is None
    former, _, last = served_in_turn("former", "between", "last")
    TrainedModel.objects.update(file="a.skops")
    world.model(version="without a file")
    assert witness("mentors") == last
    champions.note_refusal(last, Told("The model file last.skops cannot be read."))
    assert witness("mentors").version == "between"
    champions.pin(former, by=world.steward())
    assert witness("mentors") == former


def test_a_champion_that_was_beaten_stands_down_and_is_no_refuge():
    former, beaten = served_in_turn("former", "beaten")
    why = (Said("It was worse than chance."),)
    assert champions.stand_down(beaten, beaten_by="recency", why=why) is True
    assert champions.stand_down(beaten, beaten_by="recency", why=why) is False
    assert champion() is None
    assert story(beaten)[1:] == [("kept back", None, "It was worse than chance.")]
    beaten.refresh_from_db()
    assert (beaten.trial["worse_than"], former.trial) == ("recency", {})
    assert list(TrainedModel.objects.in_order_of_trust("mentors")) == []
    assert TrainedModel.objects.are_all_beaten("mentors") is True
    world.model(version="later")
    trusted = TrainedModel.objects.in_order_of_trust("mentors")
    assert [row.version for row in trusted] == ["later"]
    champions.pin(former, by=world.steward())
    trusted = TrainedModel.objects.in_order_of_trust("mentors")
    assert [row.version for row in trusted] == ["former", "later"]


def test_a_model_of_other_features_is_not_pinned_where_nobody_is_champion(shelf):
    stella = world.steward()
    old = on_the_shelf(shelf, "old", feature_names=["a"])
    former, new = in_turn(on_the_shelf(shelf, "former"), on_the_shelf(shelf, "new"))
    champions.stand_down(new, beaten_by="recency", why=())
    with pytest.raises(Refused, match="other features than this version computes"):
        champions.pin(old, by=stella)
    assert champion() is None
    champions.pin(former, by=stella)
    assert champion() == "former"


def test_a_pinned_champion_does_not_stand_down():
    (row,) = served_in_turn("chosen")
    champions.pin(row, by=world.steward())
    assert champions.stand_down(row, beaten_by="recency", why=()) is False
    assert champion() == "chosen"


def test_all_are_beaten_only_where_there_are_models_and_nobody_is_trusted():
    assert TrainedModel.objects.are_all_beaten("leaders") is False
    row = world.model("leaders")
    TrainedModel.objects.filter(pk=row.pk).update(trial={"worse_than": "recency"})
    assert TrainedModel.objects.are_all_beaten("leaders") is True
    champions.pin(row, by=world.steward())
    assert TrainedModel.objects.are_all_beaten("leaders") is False
