"""How many streams a session, and all together, may have."""

import pytest

from trad.server.events.limits import StreamLimits


def test_a_session_has_its_share_and_no_more() -> None:
    limits = StreamLimits(per_session=2, in_total=10)
    with limits.held("a"), limits.held("a"):
        refusal = limits.refusal("a")
        assert refusal is not None
        assert "has 2 event streams open; the most is 2" in refusal
        assert limits.refusal("b") is None
    assert limits.refusal("a") is None
    assert limits.open == 0


def test_all_sessions_together_have_a_limit_too() -> None:
    limits = StreamLimits(per_session=2, in_total=3)
    with limits.held("a"), limits.held("b"), limits.held("c"):
        refusal = limits.refusal("d")
        assert refusal is not None
        assert "the server has 3 event streams open; the most is 3" in refusal


def test_an_error_gives_its_stream_back() -> None:
    limits = StreamLimits()
    with pytest.raises(ConnectionResetError), limits.held("a"):
        raise ConnectionResetError
    assert limits.open == 0
