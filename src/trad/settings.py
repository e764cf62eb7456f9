"""Settings from the environment: every name begins with `TRAD_`."""

import os
import sys
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from trad.errors import SettingsError

OUTSIDE = frozenset({"TRAD_SHARED_DATA", "TRAD_REQUIRE_DATA"})
"""Names that the test suite reads, not the program."""


def default_home() -> Path:
    """Return the platform's folder for user data."""
    return Path(platformdirs.user_data_dir("trad", appauthor=False))


class Settings(BaseSettings):
    """What the environment says; see `docs/settings.md`.

    Times are in seconds.
    """

    model_config = SettingsConfigDict(env_prefix="TRAD_", extra="forbid", frozen=True)

    home: Path = Field(default_factory=default_home)
    database_url: str | None = None
    progress_interval: float = Field(default=0.5, ge=0.05, le=60)
    lease: float = Field(default=2.5, ge=0.5, le=3600)
    heartbeat: float = Field(default=1.0, ge=0.05, le=1200)
    stall: float = Field(default=60.0, ge=0.5, le=86_400)
    redis_url: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    most_cells: int = Field(default=2_000_000_000, ge=1)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database: `TRAD_DATABASE_URL`, or `trad.db` in the home folder."""
        return self.database_url or f"sqlite:///{self.home / 'trad.db'}"

    @property
    def cache(self) -> Path:
        """The folder of the candles that workers map, named by content hash."""
        return self.home / "data" / "cache"

    @property
    def library(self) -> Path:
        """The folder of imported datasets."""
        return self.home / "data"

    @property
    def strategies(self) -> Path:
        """The folder of the user's strategies."""
        return self.home / "strategies"


def read_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: A `TRAD_` name is unknown (a slip of the pen would otherwise go unnoticed), or a
            value is outside its range.
    """
    known = {f"TRAD_{name.upper()}" for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.startswith("TRAD_") and name not in known | OUTSIDE:
            raise SettingsError(
                f"the environment variable {name} means nothing; Trad knows {', '.join(sorted(known))}"
            )
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"TRAD_{str(first['loc'][0]).upper()}"
        raise SettingsError(
            f"{name} was {first['input']!r}; {first['msg'][:1].lower()}{first['msg'][1:]}"
        ) from None
    if sys.platform == "win32":
        raise SettingsError("Trad runs on Linux and macOS; on Windows use it inside WSL")
    return settings
