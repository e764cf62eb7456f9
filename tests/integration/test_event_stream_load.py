"""Many clients at once, in processes of their own; `benchmarks/bench_events.py` has the full measure."""

import pytest
from benchmarks.bench_events import MOST_MEGABYTES, SLOWEST_MS, Load, measure, report

pytestmark = [pytest.mark.serial, pytest.mark.slow]


def test_sixty_clients_are_served_in_time_though_six_never_read(capsys: pytest.CaptureFixture[str]) -> None:
    seen = measure(Load(clients=60, dead=6, seconds=10.0))
    with capsys.disabled():
        print(f"\n{report(seen)}")
    assert seen.deliveries >= 54 * 10, "each client hears of some batches a second"
    assert (seen.missing, seen.resets) == (0, 0)
    assert seen.p99 < 2 * SLOWEST_MS, "a busy machine may take its time"
    assert seen.growth < MOST_MEGABYTES
