"""Words for an episode that does not move."""

from trad.progress import RunningEpisode

_STANDS = " has stood at candle "


def stalled_note(episode: RunningEpisode, job_id: str) -> str:
    """Say where an episode stands, for how long, and what can be done: `cause; remedy`."""
    return (
        f"episode {episode.number}{_STANDS}{episode.candles_processed:,} of {episode.total_candles:,} in "
        f"{episode.stage} for {episode.idle_seconds:.0f} s; wait if its strategy takes that long over one "
        f"step, else cancel with `trad jobs cancel {job_id}` and train with --episode-timeout"
    )


def is_stalled(note: str) -> bool:
    """Tell whether a job's note is one of `stalled_note`."""
    return _STANDS in note
