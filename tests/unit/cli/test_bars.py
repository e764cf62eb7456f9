"""The bars on terminals of several widths: nothing wraps, nothing jumps, 100.0% is the end's alone."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console
from rich.text import Text

from trad.cli.bars import JobBars, TerminalBars, clock
from trad.progress import JobProgress, RunningEpisode

TITLE = (
    "job 6fhb7q33nbfpatyw: liquidity_sweep on btcusd-1m.parquet, 1,685,648 candles; bayesian, sharpe, seed 7"
)
WHOLE = 1_685_648
WIDTHS = (40, 80, 200)


def episode(number: int, candles: int, *, simulating: bool = False, worker: int = 1) -> RunningEpisode:
    return RunningEpisode(
        number=number,
        worker=f"worker {worker}",
        stage="trade_simulation" if simulating else "signal_generation",
        candles_processed=candles,
        total_candles=WHOLE,
        fraction=(candles / WHOLE + simulating) / 2,
        age_seconds=0.05,
    )


def snapshot(
    percent: float, *episodes: RunningEpisode, state: str = "running", finished: int = 0
) -> JobProgress:
    return JobProgress(
        job_id="6fhb7q33nbfpatyw",
        state=state,
        percent=percent,
        planned=100,
        finished=finished,
        failed=0,
        running=episodes,
        total_candles=WHOLE,
        best_score=None,
        best_number=None,
        candles_per_second=None,
        eta_seconds=None,
        elapsed_seconds=61.0,
        taken_at=0.0,
    )


def drawn(*snapshots: JobProgress, width: int = 80, height: int = 24, workers: int = 2) -> list[str]:
    """Return the lines of the last snapshot, as a terminal of this size shows them."""
    console = Console(width=width, height=height, force_terminal=True, file=io.StringIO())
    bars = JobBars(TITLE, [f"worker {number + 1}" for number in range(workers)])
    for progress in snapshots:
        bars.take(progress, final=False)
    lines = console.render_lines(bars, pad=False)
    return ["".join(segment.text for segment in line).rstrip() for line in lines]


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_wraps(width: int) -> None:
    lines = drawn(snapshot(0.1, episode(1, 500), episode(2, 1, worker=2)), width=width)
    assert len(lines) == 5, lines
    assert all(len(line) <= width for line in lines)
    assert lines[1].startswith("Job")
    assert lines[2].startswith("w1")
    assert lines[3].startswith("w2")
    assert "Episode 0/100" in lines[1]
    assert "500/1,685,648" in lines[2]


@pytest.mark.parametrize("width", [80, 200])
def test_all_three_levels_are_there_in_full(width: int) -> None:
    lines = drawn(snapshot(63.04, episode(64, 1_286_144, simulating=True), finished=62), width=width)
    assert re.search(r" 63\.0% Episode 62/100$", lines[1])
    assert re.search(r"^w1 +#64 .* 88\.1% 1,286,144/1,685,648 trade_simulation$", lines[2])


@pytest.mark.parametrize("width", WIDTHS)
def test_columns_stay_where_they_are_while_digits_grow(width: int) -> None:
    early = drawn(snapshot(0.1, episode(1, 500), episode(2, 9, worker=2)), width=width)
    late = drawn(
        snapshot(98.7, episode(99, 1_600_000, simulating=True), episode(100, 10, worker=2), finished=98),
        width=width,
    )
    for row in (1, 2, 3):
        assert _end_of(early[row], "%") == _end_of(late[row], "%")
        assert _bar(early[row]) == _bar(late[row])
    assert early[2].index("/1,685,648") == late[2].index("/1,685,648")


def _end_of(line: str, mark: str) -> int:
    return line.find(mark)


def _bar(line: str) -> tuple[int, int] | None:
    found = re.search("[━╸╺]+", line)
    return None if found is None else found.span()


def test_a_worker_keeps_its_line_between_episodes() -> None:
    lines = drawn(
        snapshot(5.0, episode(1, 500), episode(2, 9, worker=2)), snapshot(6.0, episode(3, 9, worker=2))
    )
    assert lines[2].startswith("w1")
    assert lines[2].endswith("between episodes")
    assert re.match(r"w2 +#3 ", lines[3])


def test_what_is_not_known_is_a_dash() -> None:
    assert drawn(snapshot(0.0, episode(1, 0)))[-1] == "best -   -   - left"
    known = replace(
        snapshot(50.0), best_score=1.25, best_number=3, candles_per_second=1e6, eta_seconds=3_723.0, failed=2
    )
    assert drawn(known)[-1] == "best 1.2500 (#3)   1,000,000 candles/s   2 failed   1:02:03 left"


@pytest.mark.parametrize("percent", [99.95, 99.96, 99.999])
def test_nothing_but_the_end_shows_a_hundred(percent: float) -> None:
    lines = drawn(snapshot(percent, episode(100, WHOLE, simulating=True), finished=99))
    assert "99.9%" in lines[1]
    lines = drawn(snapshot(percent, finished=99))
    assert not any("100.0%" in line for line in lines)


def test_the_end_shows_a_hundred_and_gives_the_terminal_back() -> None:
    file = io.StringIO()
    console = Console(width=80, height=24, force_terminal=True, file=file)
    bars = TerminalBars(console, TITLE, ["worker 1"])
    bars.show(snapshot(99.0, episode(100, 500), finished=99))
    bars.show(snapshot(100.0, state="completed", finished=100), final=True)
    bars.close()
    last = Text.from_ansi(file.getvalue()).plain
    assert "100.0% Episode 100/100" in last
    assert "completed   best -" in last
    assert "took 1:01" in last
    assert file.getvalue().rfind("\x1b[?25h") > file.getvalue().rfind("\x1b[?25l"), "the cursor stays hidden"


def test_more_workers_than_lines_are_counted() -> None:
    lines = drawn(snapshot(1.0, episode(1, 5)), height=12, workers=40)
    assert len(lines) <= 12
    assert lines[-2] == "and 34 more workers"


def test_a_note_stands_in_for_the_numbers() -> None:
    assert drawn(replace(snapshot(0.0), note="starting workers (2 s)"))[-1] == "starting workers (2 s)"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0:00"), (59.6, "1:00"), (3_599.9, "1:00:00"), (86_400.0, "24:00:00")]
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text
