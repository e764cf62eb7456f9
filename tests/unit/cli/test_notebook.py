"""Progress in a notebook: one output that is replaced in place."""

import pytest
from IPython.display import HTML
from tests.unit.cli.test_bars import episode, snapshot

from trad.cli import notebook
from trad.cli.notebook import NotebookBars


class FakeHandle:
    """Keeps what a notebook would show in one output."""

    shown: list[str]

    def __init__(self) -> None:
        FakeHandle.shown = []

    def display(self, page: HTML) -> None:
        self.shown.append(str(page.data))

    def update(self, page: HTML) -> None:
        self.shown.append(str(page.data))


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> NotebookBars:
    monkeypatch.setattr(notebook, "DisplayHandle", FakeHandle)
    return NotebookBars("<img onerror> on candles", ["worker 1"])


def test_shows_all_three_levels(bars: NotebookBars) -> None:
    bars.show(snapshot(12.5, episode(13, 421_412), finished=12))
    last = FakeHandle.shown[-1]
    assert "12.5%" in last
    assert "Episode 12/100" in last
    assert "421,412/1,685,648 signal_generation" in last


def test_a_name_is_text_not_a_tag(bars: NotebookBars) -> None:
    assert "&lt;img onerror&gt;" in FakeHandle.shown[0]
    assert "<img" not in FakeHandle.shown[0]


def test_the_last_snapshot_is_always_shown(bars: NotebookBars) -> None:
    bars.show(snapshot(50.0))
    bars.show(snapshot(51.0))
    assert "51.0%" not in FakeHandle.shown[-1]
    bars.show(snapshot(100.0, state="completed", finished=100), final=True)
    assert "100.0%" in FakeHandle.shown[-1]
    assert "completed" in FakeHandle.shown[-1]
