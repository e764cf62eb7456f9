"""The fingerprint: equal for equal results, and for nothing else."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from trad.training.fingerprint import fingerprint
from trad.training.job import Episode

EPISODES = [
    Episode(number=1, state="completed", params={"fast": 5, "kind": "ema"}, score=0.1, metrics={"trades": 3}),
    Episode(number=2, state="failed", params={"fast": 6, "kind": "sma"}, error="ZeroDivisionError"),
]


def test_it_is_a_sha256_that_stays_what_it_is() -> None:
    """Jobs of earlier releases keep their fingerprints: the very bytes are pinned here."""
    written = (
        b"trad result 1\n"
        b'[1,"completed",{"fast":5,"kind":"ema"},0.1,{"trades":3}]\n'
        b'[2,"failed",{"fast":6,"kind":"sma"},null,null]\n'
    )
    assert fingerprint(EPISODES) == hashlib.sha256(written).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"number": 3},
        {"state": "completed"},
        {"params": {"fast": 6, "kind": "ema"}},
        {"params": {"fast": 6.0, "kind": "sma"}},
        {"score": 0.0},
        {"metrics": {}},
    ],
)
def test_any_part_of_the_result_changes_it(change: dict[str, Any]) -> None:
    assert fingerprint([EPISODES[0], replace(EPISODES[1], **change)]) != fingerprint(EPISODES)


def test_the_last_digit_of_a_float_changes_it() -> None:
    changed = replace(EPISODES[0], score=0.10000000000000002)
    assert fingerprint([changed, EPISODES[1]]) != fingerprint(EPISODES)


@pytest.mark.parametrize(
    "change",
    [
        {"worker": "worker 9"},
        {"started_at": 5.0, "finished_at": 6.0},
        {"stage": "signal_generation", "candles_processed": 77},
        {"error": "another cause"},
        {"params": {"kind": "sma", "fast": 6}},
    ],
)
def test_what_differs_from_run_to_run_does_not(change: dict[str, Any]) -> None:
    assert fingerprint([EPISODES[0], replace(EPISODES[1], **change)]) == fingerprint(EPISODES)


def test_order_and_number_of_episodes_change_it() -> None:
    assert len({fingerprint(part) for part in (EPISODES, EPISODES[::-1], EPISODES[:1], EPISODES * 2)}) == 4
