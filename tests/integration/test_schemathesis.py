"""Every operation that the API describes, with good, odd and hostile requests: what comes is as described."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.fakes.routed import Routed, routed, routed_over
from tests.unit.storage.ledgers import episode

from trad.storage.opening import storage_in_memory

SLOWEST_SECONDS = 2.0
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
BOUNDED = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=15
)
REAL_JOBS = {
    "strategy": {"enum": ["sma_cross", "liquidity_sweep"]},
    "data": {"enum": ["sample:minute?candles=500"]},
    "optimizer": {"enum": ["random", "bayesian"]},
    "params": {"enum": [[], {}]},
}

pytestmark = pytest.mark.slow

Case = schemathesis.Case[Any]


@dataclass(frozen=True)
class Described:
    """A service with jobs in it, and what it says of itself."""

    service: Routed
    job_id: str

    def schema(self, document: dict[str, Any]) -> Any:
        loaded = schemathesis.openapi.from_dict(document, config=SchemathesisConfig())
        loaded.app = self.service.app
        return loaded

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.service.get("/api/openapi.json").json()
        return document

    @property
    def real(self) -> dict[str, Any]:
        """What it says of itself, with names that exist in the place of all that could."""
        document = deepcopy(self.document)
        document["components"]["schemas"]["JobIn"]["properties"].update(REAL_JOBS)
        for path in document["paths"].values():
            for operation in path.values():
                for parameter in operation.get("parameters", ()):
                    if parameter["name"] == "job_id":
                        parameter["schema"] = {"enum": [self.job_id]}
                    elif parameter["name"] == "number":
                        parameter["schema"] = {"enum": [1, 2, 13, 14]}
                    elif parameter["name"] == "name":
                        parameter["schema"] = {"enum": ["sample:aapl-1d", "sample:minute"]}
        return document


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    home = tmp_path_factory.mktemp("described")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAD_HOME", str(home))
        with routed(home) as service:
            yield Described(service, populated(service))


def populated(service: Routed) -> str:
    """Make a job whose episodes can be tried again, but for one that failed."""
    job_id = service.created()
    tried = (episode(number, number / 10, fast=5 + number, slow=60) for number in range(1, 13))
    service.recorded(job_id, *tried, episode(13, state="failed", fast=5, slow=60, error="ZeroDivisionError"))
    # What is loaded and compiled once is no part of how long an answer takes.
    service.get(f"/api/jobs/{job_id}/episodes/1/backtest")
    service.get(f"/api/jobs/{job_id}/importances")
    service.get("/api/datasets")
    return job_id


@dataclass
class Seen:
    """Which answers came, and which of them took long; the latter are told of at the end.

    How long an answer takes is no property of the request: told at once, the same request would be told
    to fail and to pass.
    """

    answers: set[tuple[str, int]] = field(default_factory=set)
    slow: list[str] = field(default_factory=list)

    def check(self, case: Case, response: Any, checks: list[Any]) -> None:
        self.answers.add((case.operation.label, response.status_code))
        if response.elapsed >= SLOWEST_SECONDS:
            self.slow.append(f"{case.operation.label}: {response.elapsed:.1f} s")
        case.validate_response(response, checks=checks)


def answers_as_described(operation: Any, modes: list[GenerationMode], seen: Seen) -> None:
    endless = operation.path == "/api/events"
    strategy = operation.as_strategy(generation_mode=modes[0])
    for mode in modes[1:]:
        strategy |= operation.as_strategy(generation_mode=mode)

    @settings(BOUNDED, max_examples=3 if endless else 15)
    @given(case=strategy)
    def check(case: Case) -> None:
        # The stream of events has no end: what it sends within this time is looked at.
        response = case.call(timeout=0.2 if endless else 30.0)
        seen.check(case, response, CHECKS)

    check()


class TestEveryOperation:
    def test_with_whatever_it_is_described_to_take_or_not_to(self, described: Described) -> None:
        seen = Seen()
        for found in described.schema(described.document).get_all_operations():
            answers_as_described(found.ok(), [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], seen)
        assert {
            ("POST /api/jobs", 422),
            ("GET /api/jobs/{job_id}", 404),
            ("GET /api/events", 200),
        } <= seen.answers
        assert not seen.slow

    def test_with_names_that_exist(self, described: Described) -> None:
        seen = Seen()
        for found in described.schema(described.real).get_all_operations():
            if found.ok().method != "delete":  # the job is to stay
                answers_as_described(found.ok(), [GenerationMode.POSITIVE], seen)
        assert {
            ("POST /api/jobs", 201),
            ("GET /api/jobs/{job_id}", 200),
            ("GET /api/jobs/{job_id}/episodes", 200),
            ("GET /api/jobs/{job_id}/episodes/{number}", 404),
            ("GET /api/jobs/{job_id}/episodes/{number}/backtest", 200),
            ("GET /api/jobs/{job_id}/episodes/{number}/backtest/window", 200),
            ("GET /api/jobs/{job_id}/episodes/{number}/backtest/trades", 200),
            ("GET /api/datasets/{name}/candles", 200),
            ("GET /api/datasets/{name}/gaps", 200),
            ("POST /api/jobs/{job_id}/cancel", 200),
            ("POST /api/jobs/{job_id}/pause", 409),
        } <= seen.answers
        assert not seen.slow

    def test_in_any_order(self, described: Described) -> None:
        document = deepcopy(described.document)
        document["components"]["schemas"]["JobIn"]["properties"].update(REAL_JOBS)
        machine = described.schema(document).exclude(path="/api/events").as_state_machine()
        seen = Seen()

        class Checked(machine):  # type: ignore[misc, valid-type]
            def setup(self) -> None:
                # Each run begins with nothing, so that the same requests get the same answers.
                self.routed = routed_over(storage_in_memory())

            def get_call_kwargs(self, case: Case) -> dict[str, Any]:
                return {"app": self.routed.app}

            def validate_response(self, response: Any, case: Case, **kwargs: Any) -> None:
                seen.check(case, response, CHECKS[:-1])

        Checked.run(settings=settings(BOUNDED, max_examples=40, stateful_step_count=8))
        # Jobs were made, and what was made was found again.
        assert ("POST /api/jobs", 201) in seen.answers
        assert {status for label, status in seen.answers if "{job_id}" in label} & {200, 204}
        assert not seen.slow
