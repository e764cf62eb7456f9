"""500 kills at seeded moments, restarts of the servers, and the tables of what they did: `make chaos`."""

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import machine
from tests.fakes.postgres import PostgresServer, find_postgres
from tests.fakes.redis import RedisServer, find_redis
from tests.integration.chaos import VICTIMS, Campaign, Findings, Victim, run_campaign
from tests.integration.chaos_restarts import Restarts, run_restarts

KILLS: dict[Victim, int] = {"episode": 200, "worker": 200, "server": 50, "everything": 50}
WHAT = {
    "episode": "kill -9 of a process that runs episodes",
    "worker": "kill -9 of a worker",
    "server": "kill -9 of the server",
    "everything": "kill -9 of all processes at once",
    "restarts": "Postgres restarted, Redis wiped, in turn",
}
TIMES = 20
"""Restarts of Postgres, and wipes of Redis."""

HEAD = "| what | times | jobs | attempts | episodes | equal fingerprints | violations | minutes |"


def main() -> None:
    """Run the campaigns that are named, or all, and leave with 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaigns", nargs="*", metavar="CAMPAIGN", help=f"some of {', '.join(WHAT)}")
    parser.add_argument("--times", type=int, help="how often each, instead of 200, 200, 50, 50 and 20")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if unknown := set(given.campaigns) - set(WHAT):
        parser.error(f"there is no campaign {', '.join(sorted(unknown))}; there are {', '.join(WHAT)}")
    chosen = given.campaigns or list(WHAT)
    print(f"failures at seeded moments, seed {given.seed} ({machine()})\n\n{HEAD}")
    print("|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    found = {victim: kills(victim, given.times, given.seed) for victim in VICTIMS if victim in chosen}
    told = dict[str, Findings](found)
    if "restarts" in chosen:
        told["restarts"] = restarts(given.times or TIMES, given.seed)
    print()
    for what, findings in told.items():
        say_more(what, findings)
    sys.exit(1 if any(findings.violations for findings in told.values()) else 0)


def kills(victim: Victim, times: int | None, seed: int) -> Findings:
    """Run a campaign of kills in a home of its own, and print its row."""
    folder = Path(tempfile.mkdtemp(prefix=f"trad-chaos-{victim}-"))
    # Of three workers one is idle, so that it can be seen how soon it takes over.
    workers = {"worker": 3, "server": 0}.get(victim, 2)
    campaign = Campaign(victim=victim, kills=times or KILLS[victim], seed=seed, workers=workers)
    return told(victim, run_campaign(campaign, folder / "home"), folder)


def restarts(times: int, seed: int) -> Findings:
    """Restart and wipe real servers under a job of 2,000 episodes, and print the row."""
    programs, program = find_postgres(), find_redis()
    if programs is None or program is None:
        sys.exit("Postgres or Redis is not here; install both (Debian: apt install postgresql redis-server)")
    folder = Path(tempfile.mkdtemp(prefix="trad-chaos-restarts-"))
    plan = Restarts(restarts=times, wipes=times, episodes=100 * times, seed=seed)
    postgres, redis = PostgresServer(programs), RedisServer(program)
    try:
        postgres.start()
        redis.start()
        with postgres.database() as url:
            return told("restarts", run_restarts(plan, folder / "home", url, postgres, redis), folder)
    finally:
        redis.close()
        postgres.close()


def told(what: str, findings: Findings, folder: Path) -> Findings:
    """Print a campaign's row; the folder is kept where something was violated."""
    print(
        f"| {WHAT[what]} | {findings.kills} | {findings.jobs} | {findings.attempts} | "
        f"{findings.episodes:,} | {findings.equal} of {findings.jobs} | {len(findings.violations)} | "
        f"{findings.seconds / 60:.1f} |",
        flush=True,
    )
    if findings.violations:
        print(f"\nsee {folder}", *findings.violations, sep="\n", end="\n\n", flush=True)
    else:
        shutil.rmtree(folder)
    return findings


def say_more(what: str, findings: Findings) -> None:
    """Print what the table has no column for."""
    if noticed := sorted(findings.noticed):
        print(
            f"{what}: taken over by an idle worker after {statistics.median(noticed):.2f} s (median), "
            f"{noticed[-1]:.2f} s (longest of {len(noticed)})"
        )
    for text in findings.by_hand:
        print(f"{what}: put back in the queue by hand: {text}")


if __name__ == "__main__":
    main()
