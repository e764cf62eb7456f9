"""Sessions and login codes: short texts that the server signs, and needs to remember nothing of.

Each is `NONCE.ISSUED.SIGNATURE`: random, the moment in milliseconds, and an HMAC under a key derived from the
token. A session so outlives the server; a login code can be made by whoever may read the token's file.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

SESSION_SECONDS = 30 * 86_400
CODE_SECONDS = 600

_SIGNED = re.compile(r"([A-Za-z0-9_-]{16})\.([0-9]{1,15})\.([A-Za-z0-9_-]{22})", re.ASCII)

_SIGNATURE_BYTES = 16
"""Half of the HMAC: a login link should fit on a line of a terminal."""

Clock = Callable[[], float]
"""The time of day, in seconds since 1970."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """What a signed text says: its random name, and when it was issued (seconds since 1970)."""

    name: str
    issued_at: float


class Signer:
    """Signs and reads texts of one purpose.

    Args:
        token: Where the key comes from.
        purpose: Texts of one purpose mean nothing for another.
        seconds: How long they hold.
        clock: The time of day.
    """

    def __init__(self, token: str, purpose: str, seconds: float, clock: Clock) -> None:
        self._key = derived_key(token, purpose)
        self._seconds = seconds
        self._clock = clock

    def issue(self) -> str:
        """Return a new text, unlike any other."""
        stated = f"{secrets.token_urlsafe(12)}.{int(self._clock() * 1000)}"
        return f"{stated}.{self._signature(stated)}"

    def read(self, text: str) -> Stamp | None:
        """Return what the text says; None where it is not ours, was changed, or holds no longer."""
        match = _SIGNED.fullmatch(text)
        if match is None:
            return None
        stated = f"{match[1]}.{match[2]}"
        if not hmac.compare_digest(self._signature(stated), match[3]):
            return None
        issued_at = int(match[2]) / 1000
        if not -self._seconds < self._clock() - issued_at < self._seconds:
            return None
        return Stamp(name=match[1], issued_at=issued_at)

    def _signature(self, stated: str) -> str:
        full = hmac.new(self._key, stated.encode("ascii"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(full[:_SIGNATURE_BYTES]).rstrip(b"=").decode("ascii")


class LoginCodes:
    """Redeems login codes, each once; safe for threads.

    Codes from before the server's start are refused: which of them were used, nobody remembers.
    """

    def __init__(self, token: str, clock: Clock) -> None:
        self._signer = login_codes(token, clock)
        self._clock = clock
        self._started_at = int(clock() * 1000) / 1000
        self._lock = Lock()
        self._used: dict[str, float] = {}

    def issue(self) -> str:
        """Return a new code."""
        return self._signer.issue()

    def redeem(self, code: str) -> bool:
        """Use the code up; False where it was used before, is too old, or is none."""
        stamp = self._signer.read(code)
        if stamp is None or stamp.issued_at < self._started_at:
            return False
        now = self._clock()
        with self._lock:
            self._used = {name: until for name, until in self._used.items() if until > now}
            if stamp.name in self._used:
                return False
            # Twice as long as it holds: a clock that is set back must not bring it to life again.
            self._used[stamp.name] = now + 2 * CODE_SECONDS
        return True


def login_codes(token: str, clock: Clock) -> Signer:
    """Return what makes login codes; a process beside the server needs no more."""
    return Signer(token, "login code", CODE_SECONDS, clock)


def derived_key(token: str, purpose: str) -> bytes:
    """Derive a key from the token that tells nothing of the token."""
    return hmac.new(token.encode("ascii"), f"trad {purpose}".encode("ascii"), hashlib.sha256).digest()
