"""The browser's contract, sentence by sentence, for every implementation."""

from collections.abc import Callable

import pytest
from tests.unit.storage.ledgers import LEASE, START, Setting, episode, progress, running, spec

from trad.errors import InputError, JobNotFound
from trad.training.browsing import BEST_FIRST, BY_NUMBER, EndedEpisode, EpisodeSort, JobBrowser
from trad.training.job import Episode, EpisodeState, JobState


def all_numbers(
    setting: Setting, job_id: str, limit: int, sort: EpisodeSort = BY_NUMBER, *states: EpisodeState
) -> list[list[int]]:
    """Leaf through a job's episodes; return each page's numbers."""
    pages, cursor = [], None
    while True:
        page = setting.browser.episodes(job_id, sort=sort, states=states, limit=limit, cursor=cursor)
        pages.append([one.number for one in page.episodes])
        cursor = page.cursor
        if cursor is None:
            return pages


def joined(pages: list[list[int]]) -> list[int]:
    return [number for page in pages for number in page]


def recorded(setting: Setting, *told: Episode) -> str:
    claim = setting.claimed()
    setting.ledger.record_episodes(claim, told)
    return claim.job_id


MIXED: list[tuple[float | None, EpisodeState]] = [
    (0.5, "completed"),
    (None, "completed"),
    (-1.0, "completed"),
    (0.5, "pruned"),
    (None, "failed"),
    (2.25, "completed"),
    (0.5, "completed"),
    (None, "cancelled"),
    (1e-300, "pruned"),
    (0.0, "completed"),
]
RANKED = [6, 1, 4, 7, 9, 10, 3, 2, 5, 8]


def mixed() -> list[Episode]:
    return [episode(number, score, state=state) for number, (score, state) in enumerate(MIXED, 1)]


class TestJobs:
    def test_pages_follow_each_other_newest_first(self, setting: Setting) -> None:
        made = []
        for number in range(7):
            made.append(setting.ledger.create(spec()).id)
            setting.clock.advance(0.001 if number % 2 else 0)
        expected = sorted(made, key=lambda job_id: (setting.ledger.job(job_id).created_at, job_id))[::-1]
        seen, cursor = [], None
        for size in (3, 3, 1):
            page = setting.browser.jobs(limit=3, cursor=cursor)
            assert len(page.jobs) == size
            seen += [job.id for job in page.jobs]
            cursor = page.cursor
        assert seen == expected
        assert cursor is None

    def test_a_page_that_is_just_full_is_the_last(self, setting: Setting) -> None:
        job = setting.ledger.create(spec())
        assert setting.browser.jobs(limit=1).cursor is None
        assert setting.browser.jobs(limit=1).jobs == (job,)

    def test_states_are_chosen(self, setting: Setting) -> None:
        made = []
        for _ in range(6):
            made.append(setting.ledger.create(spec()).id)
            setting.clock.advance(1)
        for number, request in ((1, "pause"), (2, "cancel"), (4, "pause")):
            setting.ledger.request(made[number], "cancel" if request == "cancel" else "pause")

        def shown(*states: JobState, cursor: str | None = None) -> list[int]:
            page = setting.browser.jobs(states=states, cursor=cursor)
            return [made.index(job.id) for job in page.jobs]

        assert shown("paused") == [4, 1]
        assert shown("paused", "cancelled", "running") == [4, 2, 1]
        assert shown("failed") == []
        first = setting.browser.jobs(states=["paused", "cancelled"], limit=1)
        assert shown("paused", "cancelled", cursor=first.cursor) == [2, 1]

    def test_a_page_goes_on_when_the_last_job_seen_is_deleted(self, setting: Setting) -> None:
        made = []
        for _ in range(4):
            made.append(setting.ledger.create(spec()).id)
            setting.clock.advance(1)
        first = setting.browser.jobs(limit=2)
        setting.ledger.delete(made[2])
        rest = setting.browser.jobs(limit=2, cursor=first.cursor)
        assert [job.id for job in rest.jobs] == [made[1], made[0]]

    def test_states_are_counted(self, setting: Setting) -> None:
        setting.claimed()
        setting.ledger.create(spec())
        setting.ledger.request(setting.ledger.create(spec()).id, "cancel")
        setting.ledger.create(spec())
        nothing = dict.fromkeys(["paused", "completed", "failed"], 0)
        assert setting.browser.counts() == {"queued": 2, "running": 1, "cancelled": 1, **nothing}


class TestEpisodes:
    @pytest.mark.parametrize("limit", [1, 2, 3, 9, 10, 11])
    def test_pages_by_number_follow_each_other(self, setting: Setting, limit: int) -> None:
        job_id = recorded(setting, *mixed()[::-1])
        pages = all_numbers(setting, job_id, limit)
        assert joined(pages) == list(range(1, 11))
        assert all(len(page) == limit for page in pages[:-1])

    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 10, 11])
    def test_the_best_come_first_and_those_without_a_score_last(self, setting: Setting, limit: int) -> None:
        job_id = recorded(setting, *mixed())
        pages = all_numbers(setting, job_id, limit, BEST_FIRST)
        assert joined(pages) == RANKED
        assert all(len(page) == limit for page in pages[:-1])

    @pytest.mark.parametrize("limit", [1, 2, 100])
    @pytest.mark.parametrize("sort", [BY_NUMBER, BEST_FIRST])
    @pytest.mark.parametrize("states", [("completed",), ("failed", "pruned"), ("cancelled", "completed")])
    def test_states_are_chosen_in_either_order(
        self, setting: Setting, sort: EpisodeSort, states: tuple[EpisodeState, ...], limit: int
    ) -> None:
        job_id = recorded(setting, *mixed())
        order = RANKED if sort == BEST_FIRST else list(range(1, 11))
        wanted = [number for number in order if MIXED[number - 1][1] in states]
        assert joined(all_numbers(setting, job_id, limit, sort, *states)) == wanted

    def test_what_a_page_shows_is_what_was_recorded(self, setting: Setting) -> None:
        told = [episode(1, 0.1), episode(2, state="failed", error="line 7")]
        job_id = recorded(setting, *told)
        recorded(setting, episode(3, 9.0))
        for sort in (BY_NUMBER, BEST_FIRST):
            assert list(setting.browser.episodes(job_id, sort=sort).episodes) == told

    def test_one_is_found_by_its_number(self, setting: Setting) -> None:
        job_id = recorded(setting, *mixed())
        assert setting.browser.episode(job_id, 6) == mixed()[5]
        assert setting.browser.episode(job_id, 11) is None


class TestEnded:
    def test_places_count_the_recordings_without_a_gap(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.ledger.record_episodes(claim, [episode(5, 0.5), episode(2, 0.2)])
        setting.ledger.record_episodes(claim, [episode(2, 0.9), episode(9, 0.1), episode(5), episode(1, 0.3)])
        setting.ledger.record_episodes(setting.taken_over(claim), [episode(1), episode(3, 0.4)])
        ended = setting.browser.ended(claim.job_id, after=0, limit=100)
        assert [(one.place, one.episode.number) for one in ended] == [(1, 5), (2, 2), (3, 9), (4, 1), (5, 3)]
        assert ended[1] == EndedEpisode(place=2, episode=episode(2, 0.2))
        assert setting.ledger.job(claim.job_id).recorded_episodes == 5

    def test_they_are_read_behind_the_last_one_seen(self, setting: Setting) -> None:
        job_id = recorded(setting, *mixed())
        read = setting.browser.ended
        assert [one.place for one in read(job_id, after=7, limit=2)] == [8, 9]
        assert [one.place for one in read(job_id, after=9, limit=20)] == [10]
        assert read(job_id, after=10, limit=20) == []


class TestChanges:
    def test_at_first_there_are_the_running_jobs(self, setting: Setting) -> None:
        setting.ledger.create(spec())
        claim = setting.claimed()
        changes = setting.browser.changes(None)
        assert (changes.now, changes.removed) == (START, ())
        assert changes.jobs == (setting.ledger.job(claim.job_id),)

    def test_then_running_jobs_and_those_that_changed(self, setting: Setting) -> None:
        old, fresh = setting.ledger.create(spec()), setting.ledger.create(spec())
        claim, ended = setting.claimed(), setting.claimed()
        setting.clock.advance(60)
        since = setting.browser.changes(None).now
        setting.clock.advance(0.25)
        setting.ledger.save_progress(claim, progress(claim, 5, running(1)))
        setting.ledger.request(fresh.id, "pause")
        setting.ledger.finish(ended, "completed")
        changes = setting.browser.changes(since)
        told = {job.id: job for job in changes.jobs}
        assert set(told) == {claim.job_id, fresh.id, ended.job_id}
        assert old.id not in told
        assert [job.id for job in changes.jobs].count(claim.job_id) == 1
        assert told[claim.job_id].progress == 5.0
        assert (told[fresh.id].state, told[ended.job_id].state) == ("paused", "completed")

    def test_a_look_reaches_a_little_further_back(self, setting: Setting) -> None:
        job = setting.ledger.create(spec())
        setting.clock.advance(1.5)
        assert [told.id for told in setting.browser.changes(START + 1.5).jobs] == [job.id]
        setting.clock.advance(10)
        assert setting.browser.changes(START + 11.5).jobs == ()

    def test_what_was_deleted_is_told_and_later_forgotten(self, setting: Setting) -> None:
        gone, later = setting.ledger.create(spec()), setting.ledger.create(spec())
        setting.ledger.delete(gone.id)
        changes = setting.browser.changes(START)
        assert changes.removed == (gone.id,)
        assert gone.id not in {job.id for job in changes.jobs}
        setting.clock.advance(3601)
        assert setting.browser.changes(setting.clock.now).removed == ()
        assert setting.browser.changes(START).removed == (gone.id,)
        setting.ledger.delete(later.id)
        assert setting.browser.changes(START).removed == (later.id,)

    def test_a_job_under_a_lease_that_ended_still_runs(self, setting: Setting) -> None:
        claim = setting.claimed()
        setting.clock.advance(100 * LEASE)
        told = setting.browser.changes(setting.clock.now).jobs
        assert [(job.id, job.state) for job in told] == [(claim.job_id, "running")]


CALLS: dict[str, Callable[[JobBrowser, str], object]] = {
    "episodes": lambda browser, name: browser.episodes(name),
    "by score": lambda browser, name: browser.episodes(name, sort=BEST_FIRST),
    "episode": lambda browser, name: browser.episode(name, 1),
    "ended": lambda browser, name: browser.ended(name, after=0, limit=5),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", ["zzzzzzzzzzzzzzzz", "", "a\x00b", "\udcff", "../x"])
def test_an_unknown_id_is_not_found(setting: Setting, name: str, call: str) -> None:
    with pytest.raises(JobNotFound, match="no job has the id"):
        CALLS[call](setting.browser, name)


@pytest.mark.parametrize("word", ["", "x", "bm9uZQ", "\udcff", "é", "W10", "=" * 9, "A" * 5_000])
def test_a_cursor_that_was_never_given_is_refused(setting: Setting, word: str) -> None:
    job_id = recorded(setting, *mixed())
    with pytest.raises(InputError, match="the cursor was '"):
        setting.browser.jobs(cursor=word)
    for sort in (BY_NUMBER, BEST_FIRST):
        with pytest.raises(InputError, match="comes from the page before, of the same list"):
            setting.browser.episodes(job_id, sort=sort, cursor=word)


def test_a_cursor_of_another_list_is_refused(setting: Setting) -> None:
    job_id = recorded(setting, *mixed())
    setting.ledger.create(spec())
    by_number = setting.browser.episodes(job_id, limit=1).cursor
    by_score = setting.browser.episodes(job_id, sort=BEST_FIRST, limit=1).cursor
    of_jobs = setting.browser.jobs(limit=1).cursor
    for cursor in (by_score, of_jobs):
        with pytest.raises(InputError, match="the cursor was"):
            setting.browser.episodes(job_id, cursor=cursor)
    for cursor in (by_number, of_jobs):
        with pytest.raises(InputError, match="the cursor was"):
            setting.browser.episodes(job_id, sort=BEST_FIRST, cursor=cursor)
    for cursor in (by_number, by_score):
        with pytest.raises(InputError, match="the cursor was"):
            setting.browser.jobs(cursor=cursor)
