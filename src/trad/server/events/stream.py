"""`GET /api/events`: everything that the client may see, in one stream."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from trad.server.events.payloads import EventData
from trad.server.events.reader import EventReader
from trad.server.events.response import EventStreamResponse
from trad.server.problems import ProblemResponse, documented
from trad.server.state import State

ALONE = "local"
"""The session of requests that no gate has given one."""

_RETRY_SECONDS = 5

router = APIRouter(tags=["events"])


def _frame(kind: str, schema: str, meaning: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": meaning,
        "required": ["event", "data"],
        "properties": {
            "event": {"const": kind},
            "id": {"type": "string", "description": "To send as `Last-Event-ID`; missing in snapshots."},
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"$ref": f"#/components/schemas/{schema}"},
            },
        },
    }


_STREAM = {
    "schema": {"type": "string"},
    "itemSchema": {
        "oneOf": [
            _frame("job", "JobEvent", "A job as it stands now, whole; or that it was deleted."),
            _frame("episode", "EpisodeEvent", "An episode that ended."),
            _frame("log", "LogEvent", "A sentence about a job or the service."),
            _frame("reset", "ResetEvent", "Events are missing: what a client keeps must be read again."),
        ]
    },
}


@router.get(
    "/api/events",
    summary="Listen to jobs, episodes and log lines as they happen",
    response_class=EventStreamResponse,
    response_model=EventData,
    status_code=200,
    response_description="Server-sent events, without an end.",
    responses={**documented(422), 200: {"content": {"text/event-stream": _STREAM}}},
)
async def listen(
    request: Request,
    state: State,
    last_event_id: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            description="The id of the last event that was received: the stream goes on behind it.",
        ),
    ] = None,
) -> Response:
    """Open the stream of events.

    It begins with a `job` event for each running job. Who then reads lists over the API and applies
    what the stream brings has the present state: each `job` event is a whole snapshot, and its progress
    never falls. With `Last-Event-ID` every event behind that one follows, each once; where they are not
    kept any more, a `reset` and snapshots. Comments come when nothing else does, at least every 10 seconds.
    """
    session: str = getattr(request.state, "session", None) or ALONE
    if refusal := state.streams.refusal(session):
        return ProblemResponse(429, "streams", refusal, headers={"Retry-After": str(_RETRY_SECONDS)})
    reader = EventReader(state.hub, last_event_id)
    return EventStreamResponse(state.hub, reader, state.streams, session)
