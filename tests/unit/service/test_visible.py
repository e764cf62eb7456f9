"""Text from outside, made harmless."""

from trad.service.visible import visible


def test_control_characters_become_visible_and_lines_stay() -> None:
    assert visible("a\x1b[2Jb\rc\x07\x9b1m\u202e\nd") == "a\\x1b[2Jb\\rc\\x07\\x9b1m\\u202e\nd"
    assert visible("Käse → 100 %") == "Käse → 100 %"
