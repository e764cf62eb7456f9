"""The app as a whole: what is not there, what goes wrong, and its description."""

from typing import Any

import pytest
from tests.fakes.asking import Client
from tests.fakes.routed import ORIGIN, Routed, checked, routed_over

from trad.errors import (
    ChangedSince,
    DatabaseTooNew,
    InputError,
    JobBusy,
    JobNotFound,
    LeaseLost,
    LedgerUnavailable,
    StrategyError,
    SubmissionReused,
    TradError,
    TransitionError,
)
from trad.server.app import create_app
from trad.storage.opening import storage_in_memory

METHODS = ("get", "post", "delete", "put", "patch")


@pytest.fixture
def service() -> Routed:
    return routed_over(storage_in_memory())


class TestWhatIsNotThere:
    @pytest.mark.parametrize(
        "path", ["/api", "/api/", "/api/nothing", "/api/jobs/", "/api/health/", "/api/jobs//"]
    )
    def test_an_unknown_path_is_a_problem_document(self, service: Routed, path: str) -> None:
        assert service.get(path, 404).json()["type"].endswith(":not-found")

    @pytest.mark.parametrize(
        ("method", "path"), [("PUT", "/api/jobs"), ("POST", "/api/health"), ("PATCH", "/api/events")]
    )
    def test_a_wrong_method_is_one_too_and_says_which_are_right(
        self, service: Routed, method: str, path: str
    ) -> None:
        answer = checked(service.client.request(method, path), 405)
        assert answer.headers["allow"]
        assert method in answer.json()["detail"]


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (InputError("fee was nan"), 422),
            (JobNotFound("no job has the id"), 404),
            (SubmissionReused("the key"), 422),
            (ChangedSince("the strategy"), 409),
            (TransitionError("it is completed"), 409),
            (JobBusy("a worker has it"), 409),
            (LedgerUnavailable("the database is locked"), 503),
            (StrategyError("ZeroDivisionError"), 422),
        ],
        ids=lambda value: type(value).__name__ if isinstance(value, TradError) else None,
    )
    def test_each_has_its_status(self, error: TradError, status: int) -> None:
        assert failing(error).get("/fails", status).json()["detail"] == str(error)

    @pytest.mark.parametrize(
        "error",
        [ValueError("secret"), LeaseLost("secret"), DatabaseTooNew("secret"), RecursionError("secret")],
        ids=lambda error: type(error).__name__,
    )
    def test_others_show_nothing_of_the_inside(self, error: Exception) -> None:
        assert "secret" not in failing(error).get("/fails", 500).text

    def test_half_a_character_in_a_message_is_escaped(self) -> None:
        assert failing(InputError("half \ud800")).get("/fails", 422).json()["detail"] == "half \ud800"


def failing(error: Exception) -> Routed:
    """Return a service with a route that fails."""
    service = routed_over(storage_in_memory())
    app = create_app(service.state)

    @app.get("/fails")
    def fails() -> None:
        raise error

    return Routed(service.state, Client(app, ORIGIN), service.hints, app)


class TestDescription:
    @pytest.fixture
    def described(self, service: Routed) -> dict[str, Any]:
        document: dict[str, Any] = service.get("/api/openapi.json").json()
        return document

    def operations(self, described: dict[str, Any]) -> list[dict[str, Any]]:
        return [path[method] for path in described["paths"].values() for method in METHODS if method in path]

    def test_names_of_operations_are_short_and_each_stands_once(self, described: dict[str, Any]) -> None:
        names = [operation["operationId"] for operation in self.operations(described)]
        assert len(set(names)) == len(names)
        assert {"create_job", "list_jobs", "get_backtest", "health"} <= set(names)

    def test_every_answer_that_is_a_problem_says_so(self, described: dict[str, Any]) -> None:
        for operation in self.operations(described):
            refusals = {
                status: answer for status, answer in operation["responses"].items() if status >= "400"
            }
            assert {"401", "403", "429", "500", "503"} <= set(refusals), operation["operationId"]
            for answer in refusals.values():
                assert list(answer["content"]) == ["application/problem+json"]

    def test_a_request_with_parameters_may_be_refused(self, described: dict[str, Any]) -> None:
        for operation in self.operations(described):
            if "parameters" in operation or "requestBody" in operation:
                assert "422" in operation["responses"], operation["operationId"]

    def test_every_reference_leads_somewhere(self, described: dict[str, Any]) -> None:
        for reference in references(described):
            at: Any = described
            for part in reference.removeprefix("#/").split("/"):
                at = at[part]
            assert at, reference

    def test_everything_is_described_in_words(self, described: dict[str, Any]) -> None:
        for operation in self.operations(described):
            assert operation["description"], operation["operationId"]
            assert operation["tags"], operation["operationId"]

    def test_it_says_how_to_get_in(self, described: dict[str, Any]) -> None:
        assert described["security"] == [{"token": []}, {"session": []}]
        assert described["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}

    def test_events_are_described(self, described: dict[str, Any]) -> None:
        schemas = described["components"]["schemas"]
        assert {"JobEvent", "EpisodeEvent", "LogEvent", "ResetEvent", "Problem"} <= set(schemas)
        assert not {"HTTPValidationError", "ValidationError"} & set(schemas)


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return here + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []
