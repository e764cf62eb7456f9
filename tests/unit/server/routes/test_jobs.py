"""Jobs over the API: made once, listed in pages, stopped, resumed, deleted."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.fakes.routed import ASKED, Routed, spec
from tests.unit.storage.ledgers import episode, progress, running

from trad.server import submissions
from trad.server.schemas import JobOut
from trad.service.documents import job_document
from trad.service.planning import TrainRequest, plan_job

UNKNOWN = "0123456789abcdef"


class TestMaking:
    def test_a_job_is_planned_and_queued(self, service: Routed) -> None:
        answer = service.post("/api/jobs", 201, {**ASKED, "seed": 3, "fee": 0.002, "priority": 5})
        document = answer.json()
        job = service.storage.ledger.job(document["id"])
        assert answer.headers["location"] == f"/api/jobs/{job.id}"
        assert (job.state, job.priority, document["state"]) == ("queued", 5, "queued")
        request = TrainRequest(
            strategy="sma_cross",
            data="sample:minute?candles=500",
            optimizer="random",
            episodes=9,
            seed=3,
            fee=0.002,
        )
        assert job.spec == plan_job(request, service.settings).spec

    def test_workers_elsewhere_are_woken(self, service: Routed) -> None:
        job_id = service.created()
        assert service.hints.sent == [(job_id, 0)]

    @pytest.mark.parametrize(
        "params",
        [
            ["fast=5:10", "slow=60,90"],
            {"fast": {"low": 5, "high": 10}, "slow": [60, 90]},
            {"fast": {"low": 5, "high": 10, "step": None}, "slow": [60, 90]},
        ],
        ids=["texts", "mapping", "mapping with a null"],
    )
    def test_the_space_is_narrowed_by_texts_or_by_a_mapping(self, service: Routed, params: object) -> None:
        space = service.get(f"/api/jobs/{service.created(params=params)}").json()["spec"]["space"]
        assert (space["fast"]["low"], space["fast"]["high"]) == (5, 10)
        assert space["slow"]["options"] == [60, 90]

    def test_a_value_fixes_a_parameter_and_a_step_thins_a_range(self, service: Routed) -> None:
        params = {"fast": {"low": 5, "high": 15, "step": 5}, "slow": 90}
        space = service.get(f"/api/jobs/{service.created(params=params)}").json()["spec"]["space"]
        assert space["fast"]["step"] == 5
        assert space["slow"] == {"fixed": 90}

    @pytest.mark.parametrize(
        "terms", [["time_stop=5", "sides=long"], {"time_stop": 5, "sides": "long"}], ids=["texts", "mapping"]
    )
    def test_terms_of_trading_are_kept(self, service: Routed, terms: object) -> None:
        spec = service.get(f"/api/jobs/{service.created(terms=terms)}").json()["spec"]
        assert spec["terms"] == {"time_stop": 5, "sides": "long"}

    def test_a_strategy_of_the_folder_is_named_by_its_file(self, service: Routed) -> None:
        folder = service.settings.strategies
        folder.mkdir()
        (folder / "mine.py").write_text(
            "from trad.strategies.sma_cross import SmaCross\n\nclass Mine(SmaCross):\n    pass\n"
        )
        assert service.get(f"/api/jobs/{service.created(strategy='mine')}").json()["strategy"] == "mine"


class TestSendingAgain:
    def test_the_same_key_gives_the_same_job(self, service: Routed) -> None:
        first = service.post("/api/jobs", 201, ASKED, Idempotency_Key="k1")
        again = service.post("/api/jobs", 200, ASKED, Idempotency_Key="k1")
        assert again.json()["id"] == first.json()["id"]
        assert again.headers["location"] == first.headers["location"]
        assert len(service.hints.sent) == 1

    def test_a_default_written_out_is_the_same_request(self, service: Routed) -> None:
        service.post("/api/jobs", 201, ASKED, Idempotency_Key="k1")
        service.post("/api/jobs", 200, {**ASKED, "fee": 0.001, "params": []}, Idempotency_Key="k1")

    def test_another_request_under_the_same_key_is_refused(self, service: Routed) -> None:
        service.post("/api/jobs", 201, ASKED, Idempotency_Key="k1")
        problem = service.post("/api/jobs", 422, {**ASKED, "seed": 1}, Idempotency_Key="k1").json()
        assert problem["type"] == "urn:trad:problem:key-reused"

    def test_without_a_key_every_request_makes_a_job(self, service: Routed) -> None:
        assert service.created() != service.created()

    def test_of_many_at_once_one_makes_the_job(self, service: Routed) -> None:
        def post(_: int) -> tuple[int, str]:
            answer = service.client.post("/api/jobs", json=ASKED, headers={"Idempotency-Key": "k1"})
            return answer.status_code, answer.json()["id"]

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(post, range(16)))
        assert sorted(status for status, _ in answers) == [200] * 15 + [201]
        assert len({job_id for _, job_id in answers}) == 1

    def test_a_key_of_unprintable_characters_is_refused(self, service: Routed) -> None:
        problem = service.post("/api/jobs", 422, ASKED, Idempotency_Key="k" * 256).json()
        assert problem["errors"][0]["field"] == "header.Idempotency-Key"


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("fee above its range", {"fee": 2}, "fee"),
    ("fee as text", {"fee": "0.1"}, "fee"),
    ("fee true", {"fee": True}, "fee"),
    ("no episodes", {"episodes": 0}, "episodes"),
    ("too many episodes", {"episodes": 10_000_001}, "episodes"),
    ("a huge number", {"seed": 10**400}, "seed"),
    ("a negative seed", {"seed": -1}, "seed"),
    ("an unknown optimizer", {"optimizer": "annealing"}, "optimizer"),
    ("an unknown objective", {"objective": "profit"}, "objective"),
    ("an unknown field", {"workers": 2}, "workers"),
    ("a strategy's path", {"strategy": "../mine.py:Mine"}, "strategy"),
    ("a strategy in the current folder", {"strategy": "mine.py"}, "strategy"),
    ("an absolute path", {"strategy": "/etc/passwd"}, "strategy"),
    ("a name with NUL", {"strategy": "sma\0cross"}, "strategy"),
    ("half a character", {"strategy": "\ud800"}, "strategy"),
    ("an unknown strategy", {"strategy": "sma_crosss"}, "strategy"),
    ("data by its path", {"data": "/tmp/x.parquet"}, "data"),
    ("data by a relative path", {"data": "x.parquet"}, "data"),
    ("no data", {"data": ""}, "data"),
    ("an unknown parameter", {"params": ["quick=1:2"]}, "params"),
    ("a parameter beyond its range", {"params": {"fast": {"low": 1, "high": 10**9}}}, "params"),
    ("too many parameters", {"params": ["fast=5"] * 65}, "params"),
    ("a long text", {"params": ["fast=" + "5" * 300]}, "params"),
    ("an unknown term", {"terms": ["trailing=0.02"]}, "terms"),
    ("a term beyond its range", {"terms": {"leverage": 1_000}}, "terms"),
    ("nothing that is valid", {"params": ["fast=100", "slow=50"]}, "params"),
    (
        "a step beyond all measure",
        {"strategy": "bollinger_reversion", "params": {"width": {"low": 1, "high": 2, "step": 1e-320}}},
        "params",
    ),
]


class TestRefusing:
    @pytest.mark.parametrize(
        ("change", "field"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
    )
    def test_a_bad_field_is_named_with_its_rule_and_value(
        self, service: Routed, change: dict[str, Any], field: str
    ) -> None:
        problem = service.post("/api/jobs", 422, {**ASKED, **change}).json()
        assert problem["errors"][0]["field"].startswith(f"body.{field}")
        assert problem["errors"][0]["rule"]
        assert len(str(problem["errors"][0]["value"])) < 120
        assert service.get("/api/jobs").json()["jobs"] == []

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
    def test_what_is_no_number_in_json_is_refused(self, service: Routed, number: str) -> None:
        body = f'{{"strategy": "sma_cross", "data": "sample:minute", "fee": {number}}}'.encode()
        answer = service.client.post("/api/jobs", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "body.fee"

    @pytest.mark.parametrize(
        "body",
        [b"{", b"\xff\xfe", b"[" * 100_000, b'{"seed": ' + b"9" * 5_000 + b"}"],
        ids=["torn", "no text", "deep", "a number of 5,000 digits"],
    )
    def test_what_is_no_json_is_refused(self, service: Routed, body: bytes) -> None:
        answer = service.client.post("/api/jobs", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"

    def test_a_full_queue_takes_no_more(self, service: Routed, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(submissions, "MOST_QUEUED", 2)
        service.created()
        service.post("/api/jobs", 201, ASKED, Idempotency_Key="k1")
        answer = service.post("/api/jobs", 429, ASKED)
        assert int(answer.headers["retry-after"]) > 0
        service.post("/api/jobs", 200, ASKED, Idempotency_Key="k1")


class TestLooking:
    def test_a_job_is_its_document(self, service: Routed) -> None:
        job_id = service.created()
        job = service.storage.ledger.job(job_id)
        document = service.get(f"/api/jobs/{job_id}").json()
        assert {**document, "condition": None} == {**job_document(job), "condition": None}

    def test_the_schema_has_the_documents_fields_in_their_order(self, service: Routed) -> None:
        document = job_document(service.storage.ledger.job(service.created()))
        assert set(JobOut.model_fields) == set(document)

    def test_a_running_job_shows_all_three_levels(self, service: Routed) -> None:
        job_id = service.created()
        claim = service.claimed(job_id)
        service.storage.ledger.record_episodes(claim, [episode(1, -2.5)])
        service.storage.ledger.save_progress(
            claim, progress(claim, 12.5, running(2), running(3, 9_000), finished=1)
        )
        document = service.get(f"/api/jobs/{job_id}").json()
        assert (document["state"], document["progress"], document["candles_processed"]) == (
            "running",
            12.5,
            4_500,
        )
        assert (document["current_reward"], document["current_loss"]) == (0.0, 2.5)
        assert [(one["number"], one["percent"], one["stage"]) for one in document["running"]] == [
            (2, 45.0, "signal_generation"),
            (3, 90.0, "signal_generation"),
        ]
        assert document["workers"] == ["w1"]
        assert document["eta_seconds"] == 12.5

    def test_a_job_without_a_worker_says_so(self, service: Routed) -> None:
        condition = service.get(f"/api/jobs/{service.created()}").json()["condition"]
        assert condition["cause"]
        assert condition["remedy"]

    def test_pages_follow_one_another_without_gap_or_repeat(self, service: Routed) -> None:
        made = [service.storage.ledger.create(spec(seed=seed)).id for seed in range(7)]
        seen: list[str] = []
        cursor = None
        while True:
            page = service.get(f"/api/jobs?limit=3{'' if cursor is None else f'&cursor={cursor}'}").json()
            seen += [job["id"] for job in page["jobs"]]
            cursor = page["cursor"]
            if cursor is None:
                break
        assert seen == made[::-1]

    def test_states_may_be_chosen(self, service: Routed) -> None:
        first, second = service.created(), service.created()
        service.post(f"/api/jobs/{first}/cancel")
        service.post(f"/api/jobs/{second}/pause")
        third = service.created()
        chosen = service.get("/api/jobs?state=cancelled&state=queued").json()["jobs"]
        assert [job["id"] for job in chosen] == [third, first]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("state=lost", "query.state.0"),
            ("limit=0", "query.limit"),
            ("limit=501", "query.limit"),
            ("limit=x", "query.limit"),
            ("cursor=%00", "query.cursor"),
        ],
    )
    def test_a_bad_query_is_refused(self, service: Routed, query: str, field: str) -> None:
        assert service.get(f"/api/jobs?{query}", 422).json()["errors"][0]["field"] == field

    def test_a_cursor_that_nobody_gave_is_refused(self, service: Routed) -> None:
        assert "cursor" in service.get("/api/jobs?cursor=abc", 422).json()["detail"]


class TestStopping:
    def test_a_queued_job_is_cancelled_at_once(self, service: Routed) -> None:
        job_id = service.created()
        assert service.post(f"/api/jobs/{job_id}/cancel").json()["state"] == "cancelled"

    def test_a_running_job_is_asked(self, service: Routed) -> None:
        job_id = service.created()
        service.claimed(job_id)
        document = service.post(f"/api/jobs/{job_id}/pause").json()
        assert (document["state"], document["request"]) == ("running", "pause")

    def test_a_paused_job_goes_back_to_the_queue_and_workers_are_woken(self, service: Routed) -> None:
        job_id = service.created()
        service.post(f"/api/jobs/{job_id}/pause")
        assert service.post(f"/api/jobs/{job_id}/resume").json()["state"] == "queued"
        assert [sent[0] for sent in service.hints.sent] == [job_id, job_id]

    def test_what_the_state_does_not_allow_is_a_conflict(self, service: Routed) -> None:
        job_id = service.created()
        service.storage.ledger.finish(service.claimed(job_id), "completed", fingerprint="f" * 64)
        for action in ("cancel", "pause", "resume"):
            assert service.post(f"/api/jobs/{job_id}/{action}", 409).json()["type"].endswith(":state")

    def test_a_running_job_is_not_deleted(self, service: Routed) -> None:
        job_id = service.created()
        service.claimed(job_id)
        service.delete(f"/api/jobs/{job_id}", 409)

    def test_a_deleted_job_is_gone(self, service: Routed) -> None:
        job_id = service.created()
        assert service.delete(f"/api/jobs/{job_id}").content == b""
        service.get(f"/api/jobs/{job_id}", 404)
        service.delete(f"/api/jobs/{job_id}", 404)

    @pytest.mark.parametrize("action", ["cancel", "pause", "resume"])
    def test_an_unknown_job_is_not_found(self, service: Routed, action: str) -> None:
        service.get(f"/api/jobs/{UNKNOWN}", 404)
        service.post(f"/api/jobs/{UNKNOWN}/{action}", 404)

    def test_the_beginning_of_an_id_is_not_enough(self, service: Routed) -> None:
        job_id = service.created()
        assert service.get(f"/api/jobs/{job_id[:8]}", 422).json()["errors"][0]["field"] == "path.job_id"
