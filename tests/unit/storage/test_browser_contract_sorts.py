"""The browser's contract on the orders of episodes, for every implementation."""

from dataclasses import replace

import pytest
from tests.unit.storage.ledgers import LEASE, Setting, spec

from trad.errors import InputError, JobNotFound
from trad.training.browsing import BEST_FIRST, BY_NUMBER, EpisodeSort
from trad.training.job import Claim, Episode, EpisodeState

SPACE = {
    "fast": {"type": "int", "default": 10, "low": 5, "high": 50, "step": 1, "log": False},
    "stop": {"type": "choice", "default": 0.1, "options": [0.5, 0.1]},
    "kind": {"type": "choice", "default": "sma", "options": ["sma", "ema", "\x27w\xef\x27"]},
    "late": {"type": "choice", "default": False, "options": [True, False]},
    "mode": {"fixed": "quiet"},
}


def tried(number: int, trades: float | None, state: EpisodeState = "completed") -> Episode:
    metrics = {"trades": trades, "sharpe": -number / 3}
    params = {
        "fast": 50 - number,
        "stop": (0.5, 0.1)[number % 2],
        "kind": ("ema", "\x27w\xef\x27", "sma")[number % 3],
        "late": number % 2 == 0,
        "mode": "quiet",
    }
    return Episode(
        number=number,
        state=state,
        params=params,
        score=trades,
        metrics=metrics if state != "failed" else None,
    )


TOLD = [
    tried(1, 5),
    tried(2, None),
    tried(3, -2.5),
    tried(4, 5, "pruned"),
    tried(5, 7, "failed"),
    tried(6, 1e300),
    tried(7, 5),
    tried(8, 0.0),
    tried(9, -0.0),
]
"""Ties, negative zero, episodes without the metric, and one without any."""


def by(name: str, *, descending: bool = False) -> EpisodeSort:
    return EpisodeSort(by="param" if name in SPACE else "metric", name=name, descending=descending)


SORTS = {
    BY_NUMBER: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    EpisodeSort(by="number", descending=True): [9, 8, 7, 6, 5, 4, 3, 2, 1],
    BEST_FIRST: [6, 5, 1, 4, 7, 8, 9, 3, 2],
    EpisodeSort(by="score"): [3, 8, 9, 1, 4, 7, 5, 6, 2],
    by("trades"): [3, 8, 9, 1, 4, 7, 6, 2, 5],
    by("trades", descending=True): [6, 1, 4, 7, 8, 9, 3, 2, 5],
    by("sharpe"): [9, 8, 7, 6, 4, 3, 2, 1, 5],
    by("fast"): [9, 8, 7, 6, 5, 4, 3, 2, 1],
    by("stop"): [1, 3, 5, 7, 9, 2, 4, 6, 8],
    by("kind"): [2, 5, 8, 3, 6, 9, 1, 4, 7],
    by("kind", descending=True): [1, 4, 7, 3, 6, 9, 2, 5, 8],
    by("late"): [2, 4, 6, 8, 1, 3, 5, 7, 9],
    by("mode", descending=True): [1, 2, 3, 4, 5, 6, 7, 8, 9],
    EpisodeSort(by="metric", name="of_tomorrow"): [1, 2, 3, 4, 5, 6, 7, 8, 9],
    EpisodeSort(by="param", name="of_tomorrow"): [1, 2, 3, 4, 5, 6, 7, 8, 9],
}


def begun(setting: Setting) -> Claim:
    job = setting.ledger.create(replace(spec(), space=SPACE))
    claim = setting.ledger.claim("w1", lease_seconds=LEASE, job_id=job.id)
    assert claim is not None
    return claim


def recorded(setting: Setting) -> str:
    """Record the episodes, in two parts and not in their order."""
    claim = begun(setting)
    setting.ledger.record_episodes(claim, TOLD[::-2])
    setting.ledger.record_episodes(claim, TOLD)
    return claim.job_id


def walked(setting: Setting, job_id: str, sort: EpisodeSort, limit: int, *states: EpisodeState) -> list[int]:
    seen: list[int] = []
    cursor = None
    while True:
        page = setting.browser.episodes(job_id, sort=sort, states=states, limit=limit, cursor=cursor)
        assert len(page.episodes) == limit or page.cursor is None
        seen += [one.number for one in page.episodes]
        cursor = page.cursor
        if cursor is None:
            return seen


def test_pages_follow_each_other_in_every_order(setting: Setting) -> None:
    job_id = recorded(setting)
    for sort, expected in SORTS.items():
        for limit in (1, 2, 3, 8, 9, 10):
            assert walked(setting, job_id, sort, limit) == expected, (sort, limit)


@pytest.mark.parametrize("states", [("completed",), ("failed", "pruned"), ("cancelled",)])
def test_states_are_chosen_in_every_order(setting: Setting, states: tuple[EpisodeState, ...]) -> None:
    job_id = recorded(setting)
    for sort, order in SORTS.items():
        wanted = [number for number in order if TOLD[number - 1].state in states]
        for limit in (1, 2, 10):
            assert walked(setting, job_id, sort, limit, *states) == wanted, (sort, limit)


def test_what_a_page_shows_is_what_was_recorded(setting: Setting) -> None:
    job_id = recorded(setting)
    for sort, order in SORTS.items():
        page = setting.browser.episodes(job_id, sort=sort)
        assert list(page.episodes) == [TOLD[number - 1] for number in order]


@pytest.mark.parametrize("sort", SORTS)
def test_none_comes_twice_and_none_is_lost_while_others_end(setting: Setting, sort: EpisodeSort) -> None:
    """Between two pages an episode ends: it shows where its place is ahead, and moves nothing else."""
    claim = begun(setting)
    there = {one.number for one in TOLD[::2]}
    setting.ledger.record_episodes(claim, TOLD[::2])
    late = list(TOLD[1::2])
    seen: list[int] = []
    cursor = None
    while True:
        page = setting.browser.episodes(claim.job_id, sort=sort, limit=1, cursor=cursor)
        seen += [one.number for one in page.episodes]
        cursor = page.cursor
        if cursor is None:
            break
        setting.ledger.record_episodes(claim, [late.pop()] if late else [])
    assert len(set(seen)) == len(seen)
    assert there <= set(seen)
    assert [number for number in SORTS[sort] if number in seen] == seen
    if not late:
        assert walked(setting, claim.job_id, sort, 4) == SORTS[sort]


def test_a_cursor_belongs_to_its_order(setting: Setting) -> None:
    job_id = recorded(setting)
    given = {sort: setting.browser.episodes(job_id, sort=sort, limit=1).cursor for sort in SORTS}
    for sort in SORTS:
        for other, cursor in given.items():
            if other != sort:
                with pytest.raises(InputError, match="the cursor was"):
                    setting.browser.episodes(job_id, sort=sort, cursor=cursor)


def test_a_cursor_behind_an_episode_that_is_not_there_is_refused(setting: Setting) -> None:
    job_id, other = recorded(setting), begun(setting).job_id
    sort = by("trades")
    cursor = setting.browser.episodes(job_id, sort=sort, limit=3).cursor
    with pytest.raises(InputError, match="the cursor was"):
        setting.browser.episodes(other, sort=sort, cursor=cursor)


def test_a_deleted_job_is_not_found_however_it_was_sorted(setting: Setting) -> None:
    job_id = recorded(setting)
    sort = by("trades")
    cursor = setting.browser.episodes(job_id, sort=sort, limit=3).cursor
    setting.ledger.request(job_id, "cancel")
    setting.clock.advance(10 * LEASE)
    setting.ledger.delete(job_id)
    with pytest.raises(JobNotFound):
        setting.browser.episodes(job_id, sort=sort, cursor=cursor)


@pytest.mark.parametrize("name", ["", "a b", '"', "a\x00", "\udcff", "sharpe'--", "$.x"])
def test_what_is_no_name_is_no_order(name: str) -> None:
    for kind in ("metric", "param"):
        with pytest.raises(InputError, match="to sort by was"):
            EpisodeSort(by=kind, name=name)
    with pytest.raises(InputError, match="a metric and a param have names"):
        EpisodeSort(by="score", name=name or "x")
