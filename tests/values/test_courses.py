"""Laws of courses: a verb moves a truce, a text or a contact only beside its noun."""

from __future__ import annotations

import pytest

from tallystick.values import courses


def steps(words, course):
    return [step.name for step in courses.read(words, course)]


@pytest.mark.parametrize(
    ("words", "course", "found"),
    [
        ("[The] truce … collapsed on Friday.", "truce", ["ended"]),
        ("The army offered a truce.", "truce", ["offered"]),
        (
            "The ceasefire came into force on Monday and was violated within hours.",
            "truce",
            ["in force", "violated"],
        ),
        ("The truce was extended by two days.", "truce", ["extended"]),
        ("The truce broke down on Sunday.", "truce", ["ended"]),
        ("Kessia vetoed the draft resolution.", "text", ["vetoed"]),
        ("The council will vote on a Kessian-drafted resolution.", "text", ["voted on"]),
        ("The sides broke off talks.", "contact", ["broken off"]),
        ("The sides resumed contacts on Monday.", "contact", ["resumed"]),
        ("The council held an emergency meeting.", "contact", ["held"]),
        ("The offensive began after the collapse of a truce.", "truce", ["ended"]),
        ("A truce signed in May lasted 19 days.", "truce", ["agreed", "ended"]),
        ("The truce lasted for less than two weeks.", "truce", ["ended"]),
        ("The truce has lasted 19 days.", "truce", ["in force"]),
        ("Clashes began in rebel-held Solem.", "truce", []),
        ("The roof collapsed. The truce is spoken of.", "truce", []),
    ],
)
def test_a_step_is_a_verb_beside_the_noun_of_its_course(words, course, found):
    assert steps(words, course) == found


@pytest.mark.parametrize(
    ("words", "votes"),
    [
        ("The draft resolution was adopted by 11 votes to 2, with two abstentions.", (11, 2, 2)),
        ("The council adopted the resolution with 14 votes in favour and one against.", (14, 1, None)),
        ("Four members abstained and the resolution was vetoed.", (None, None, 4)),
        ("The resolution was rejected.", (None, None, None)),
    ],
)
def test_votes_are_counted_only_where_they_are_told(words, votes):
    (step,) = courses.read(words, "text")
    assert tuple(count.low if count else None for count in step.votes) == votes


def test_every_step_has_a_place_in_the_order_of_its_course():
    for course, order in courses.STEPS.items():
        assert {name for name, _ in courses._VERBS[course]} <= set(order)
