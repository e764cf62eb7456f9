"""The programs that a campaign disturbs: workers and servers, started, killed and started again."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence

import psutil
from tests.fakes.campaign import CampaignHome
from tests.fakes.processes import eventually, stopped

EPISODE_PROCESS = "trad.executors.episode_worker"


class Program:
    """One `trad ...` in a campaign's home, the head of a process group of its own."""

    def __init__(self, home: CampaignHome, *arguments: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRAD_")}
        self.arguments = arguments
        with (home.folder / "programs.log").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trad", *arguments],
                env={**inherited, **home.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send it a signal, or to all of its process group too."""
        (os.killpg if group else os.kill)(self.pid, number)

    def family(self) -> list[psutil.Process]:
        """Return the process and all that it started, itself first."""
        try:
            head = psutil.Process(self.pid)
            return [head, *head.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """Kill the process alone with -9: what it started has to notice."""
        self.process.kill()
        stopped(self.process)

    def end(self) -> int:
        """Ask it to end and return its exit code."""
        self.process.terminate()
        return stopped(self.process)


class Fleet:
    """Workers and a server that share a home; whoever was killed is started again by `start_missing`.

    Args:
        workers: How many `trad worker`, each with `processes` episode processes.
        serve: The arguments of a `trad serve`; None for no server.
    """

    def __init__(
        self, home: CampaignHome, *, workers: int, processes: int = 1, serve: Sequence[str] | None = None
    ) -> None:
        self._home = home
        worker: tuple[str, ...] = ("worker", "--processes", str(processes))
        self._wanted = [worker] * workers
        if serve is not None:
            self._wanted.insert(0, ("serve", *serve))
        self.programs: list[Program] = []

    def start_missing(self) -> None:
        """Start every program that does not run."""
        running = [program for program in self.programs if program.runs]
        wanted = list(self._wanted)
        for program in running:
            wanted.remove(program.arguments)
        self.programs = [*running, *(Program(self._home, *arguments) for arguments in wanted)]

    def workers(self) -> list[Program]:
        """Return the `trad worker` programs that run."""
        return [program for program in self.programs if program.arguments[0] == "worker" and program.runs]

    def server(self) -> Program:
        """Return the `trad serve` program."""
        return next(program for program in self.programs if program.arguments[0] == "serve")

    def kill_episode(self, chance: random.Random) -> bool:
        """Kill one process that runs episodes; False when there is none."""
        family = [process for program in self.programs for process in program.family()]
        found = [process for process in family if _is_episode_process(process)]
        if not found:
            return False
        try:
            chance.choice(found).kill()
        except psutil.NoSuchProcess:
            return False
        return True

    def kill_everything(self) -> None:
        """Kill the programs and all that they started, at once."""
        for process in [process for program in self.programs for process in program.family()]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue  # its end was another's to cause
        for program in self.programs:
            stopped(program.process)

    def close(self) -> list[str]:
        """Ask all programs to end; return, in words, what is still there after a while, having killed it."""
        for program in self.programs:
            if program.runs:
                program.process.terminate()
        stubborn = [program for program in self.programs if not _ends(program)]
        words = [
            f"trad {' '.join(program.arguments)} did not end when it was asked to" for program in stubborn
        ]
        try:
            eventually(lambda: not self._left(), "all processes to end", 10)
        except AssertionError:
            for process in self._left():
                words.append(f"process {process.pid} outlived its program: {' '.join(process.cmdline())}")
                process.kill()
        return words

    def _left(self) -> list[psutil.Process]:
        """Return the processes that still live in this home."""
        home = self._home.environment["TRAD_HOME"]
        return [process for process in psutil.process_iter() if _home_of(process) == home]


def _ends(program: Program) -> bool:
    try:
        stopped(program.process, 20)
    except subprocess.TimeoutExpired:
        return False
    return True


def _is_episode_process(process: psutil.Process) -> bool:
    try:
        return EPISODE_PROCESS in process.cmdline()
    except psutil.Error:
        return False


def _home_of(process: psutil.Process) -> str | None:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.environ().get("TRAD_HOME")
    except (psutil.Error, OSError):
        return None
