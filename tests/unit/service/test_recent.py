"""Answers kept for a while."""

from trad.service.recent import Recent


def test_what_was_not_used_for_longest_goes_first() -> None:
    recent: Recent[int, str] = Recent(2)
    recent.keep(1, "one")
    recent.keep(2, "two")
    assert recent.get(1) == "one"
    recent.keep(3, "three")
    assert (recent.get(1), recent.get(2), recent.get(3)) == ("one", None, "three")


def test_a_later_answer_takes_an_earlier_ones_place() -> None:
    recent: Recent[int, str] = Recent(2)
    recent.keep(1, "one")
    recent.keep(1, "won")
    assert recent.get(1) == "won"
