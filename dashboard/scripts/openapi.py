"""Writes `dashboard/openapi.json`, from which the dashboard's types are made; `--check` only compares."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from trad.server.app import create_app

TARGET = Path(__file__).parents[1] / "openapi.json"
VERSION = "0"
"""The document would otherwise differ with each release, though nothing in it does."""


def main() -> int:
    """Write the document, or say whether the one that is there is the server's."""
    # Describing the routes asks nothing of the state but its version and its gate.
    app = create_app(SimpleNamespace(version=VERSION, gate=None))  # type: ignore[arg-type]
    text = json.dumps(app.openapi(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if "--check" not in sys.argv:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{TARGET} is not the server's: make dashboard-types\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
