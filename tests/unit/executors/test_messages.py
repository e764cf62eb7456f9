"""Messages: what is sent is what arrives, and NaN is not sent at all."""

import math
import sys
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.training import outcome, plan

from trad.executors import messages
from trad.training.episode import EpisodeSpec

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Links = tuple["Connection[Any, Any]", "Connection[Any, Any]"]


@pytest.fixture
def links() -> Iterator[Links]:
    ours, theirs = Pipe()
    with ours, theirs:
        yield ours, theirs


def journey(links: Links, message: messages.Message) -> messages.Message:
    messages.send(links[0], message)
    return messages.receive(links[1])


def test_a_plan_arrives_with_the_places_where_modules_are_found(
    links: Links, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", "/usr/lib/python3", "mine"])
    arrived = journey(links, messages.load_message(plan()))
    assert messages.read_plan(arrived) == plan()
    assert messages.read_path(arrived) == [str(tmp_path), "/usr/lib/python3", str(tmp_path / "mine")]


def test_episodes_arrive_in_their_order(links: Links) -> None:
    sent = [
        EpisodeSpec(number=7, params={"fast": 3, "stop": 0.1 + 0.2, "kind": "ema", "short": True}, tries=2),
        EpisodeSpec(number=2, params={}),
    ]
    assert messages.read_episodes(journey(links, messages.episodes_message(sent))) == sent


def test_outcomes_arrive_to_the_last_digit(links: Links) -> None:
    episode = EpisodeSpec(number=1, params={})
    errors = ("wörld \ud800 \x1b[0m", "NaN at candle 7", "no Infinity, please")
    sent = [outcome(episode, score=0.1 + 0.2), *(outcome(episode, "failed", error=words) for words in errors)]
    assert messages.read_outcomes(journey(links, messages.outcomes_message(sent))) == sent


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_does_not_travel(links: Links, value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        messages.send(links[0], {"score": value})


def test_the_end_of_the_other_side_is_noticed(links: Links) -> None:
    links[0].close()
    with pytest.raises(EOFError):
        messages.receive(links[1])
    with pytest.raises(OSError, match=r"Broken pipe"):
        messages.send(links[1], {})
