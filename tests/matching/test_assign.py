"""``manage.py assign``: from a file to an answer, and one clear sentence for what is wrong."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

COHORT = {
    "projects": [
        {"id": "keel", "places": 1, "mentors": ["mo"]},
        {"id": "mast", "mentors": ["mo", "pia"]},
    ],
    "mentors": [{"id": "mo", "places": 1, "prefers": ["ben", ["ada", "cyd"]]}, {"id": "pia"}],
    "mentees": [
        {"id": "ada", "wishes": ["keel", "mast"]},
        {"id": "ben", "wishes": ["keel", "mast"]},
        {"id": "cyd", "wishes": [{"project": "keel", "mentor": "mo"}]},
    ],
}


@pytest.fixture
def told(tmp_path):
    """Assign a cohort that is changed in places; returns (printed, answer)."""

    def tell(cohort=None, **options):
        file, to = tmp_path / "cohort.json", tmp_path / "answer.json"
        file.write_text(json.dumps(COHORT if cohort is None else cohort))
        out = StringIO()
        call_command("assign", str(file), json=str(to), stdout=out, **options)
        return out.getvalue(), json.loads(to.read_text())

    return tell


def placed(answer):
    return {
        one["mentee"]: (one["project"], one["mentor"])
        for one in answer["placements"]
        if one["project"]
    }


def test_a_file_is_assigned_and_the_answer_written(told):
    printed, answer = told(seed=3)
    assert placed(answer) == {"ada": ("mast", "pia"), "ben": ("keel", "mo")}
    assert {key: answer[key] for key in ("engine", "seed")} == {"engine": "stable", "seed": 3}
    assert "assigned 2 of 3 mentees" in printed.splitlines()[-1]


def test_the_optimal_engine_says_how_good_an_answer_can_be(told):
    printed, answer = told(engine="optimal", objective="matched")
    assert (answer["summary"]["matched"], answer["summary"]["total"]) == (2, 1.75)
    assert "total score                  1.7500 of at most 1.7500" in printed


def changed(**parts):
    return COHORT | parts


def test_the_unmatched_are_told_what_would_help(told):
    first, *others = COHORT["mentees"]
    printed, _ = told(changed(mentees=[first | {"wishes": ["mast"]}, *others]))
    assert "  without a place: cyd (One more place in keel and with mo.)" in printed.splitlines()


def test_pairs_that_no_answer_could_do_without_are_printed_and_written(told):
    """Any two of ada–pia, ben–mo and ada–mo exclude each other, and the third objects."""
    keel = {"project": "keel"}
    printed, answer = told(
        {
            "projects": [
                {"id": "keel", "places": 1, "mentors": ["mo", "pia"]},
                {"id": "mast", "mentors": ["mo"]},
            ],
            "mentors": [{"id": "mo", "prefers": [["cyd"], "ben", "ada"]}, {"id": "pia"}],
            "mentees": [
                {"id": "ada", "wishes": ["mast", keel | {"mentor": "pia"}]},
                {"id": "ben", "wishes": [keel | {"mentor": "mo"}]},
                {"id": "cyd", "wishes": []},
            ],
        }
    )
    counted = ("blocking_pairs", "blocking_within_shares", "projects_shared_out")
    assert [answer["summary"][name] for name in counted] == [1, 0, 1]
    assert (
        "blocking pairs               1\n    within shares of places    0 (1 projects)" in printed
    )


def test_a_language_in_common_may_be_written_in_two_languages(told):
    _, answer = told(
        changed(
            mentees=[{"id": "ada", "wishes": ["keel"], "languages": ["anglais", "français"]}],
            mentors=[{"id": "mo", "languages": ["English", "Igbo"]}, {"id": "pia"}],
            rules={"common_language": True},
        )
    )
    assert placed(answer) == {"ada": ("keel", "mo")}


@pytest.mark.parametrize(
    ("cohort", "sentence"),
    [
        ([], "The file holds no object: write {“projects”: […], …}."),
        (changed(mentees=[]), "“mentees” is no list with something in it: name at least one."),
        (changed(mentors=[{"places": 1}]), "mentors[0] has no “id”: give it one, as text."),
        (
            changed(mentors=[{"id": "mo"}, {"id": "mo"}]),
            "mentors[1] has the id “mo” of another one: rename or drop it.",
        ),
        (
            changed(mentees=[{"id": "ada", "wishes": ["hull"]}]),
            "mentees[0].wishes[0]: “hull” stands nowhere in “projects”: add it there or drop it.",
        ),
        (
            changed(mentees=[{"id": "ada", "wishes": [{"project": "keel", "mentor": "pia"}]}]),
            "mentees[0].wishes[0]: “pia” is no mentor of “keel”: add them there.",
        ),
        (
            changed(mentors=[{"id": "mo", "places": -1}, {"id": "pia"}]),
            "mentors[0].places is -1: write a whole number from 0 to 100000.",
        ),
        (
            changed(rules={"min_hours": 25}),
            "rules.min_hours is 25: write a whole number from 0 to 24.",
        ),
        (
            changed(rules={"hours": 2}),
            "rules has an unknown “hours”: known are common_language, conflicts, forbidden, "
            "min_hours, pins.",
        ),
        (
            changed(scores=[{"mentee": "ada", "mentor": "mo", "score": 7}]),
            "scores[0].score is 7: write a number from 0 to 1.",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_one_sentence_that_names_the_place(
    told, tmp_path, cohort, sentence
):
    with pytest.raises(CommandError) as caught:
        told(cohort)
    assert str(caught.value) == f"{tmp_path / 'cohort.json'}: {sentence}"
    assert not (tmp_path / "answer.json").exists()


def test_constraints_that_contradict_each_other_are_all_named(told):
    pins = [{"mentee": who, "project": "keel", "mentor": "mo"} for who in ("ada", "ben")]
    with pytest.raises(CommandError) as caught:
        told(changed(rules={"pins": pins, "forbidden": [{"mentee": "ada", "mentor": "mo"}]}))
    assert str(caught.value) == (
        "These constraints cannot be met together:\n"
        "  ada is pinned to mo in keel, a pair that is forbidden as well.\n"
        "  2 mentees are pinned to mo, who takes at most 1.\n"
        "  keel has 1 place, but those pinned there need 2."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "Cannot read {}: No such file or directory."), ("[1,\n", "{} is no JSON in line 2.")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, content, sentence):
    file = tmp_path / "cohort.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CommandError) as caught:
        call_command("assign", str(file))
    assert str(caught.value) == sentence.format(file)


def test_an_objective_belongs_to_the_optimal_engine(told):
    with pytest.raises(CommandError) as caught:
        told(objective="matched")
    assert str(caught.value) == "The stable engine has no objective: add --engine optimal."
