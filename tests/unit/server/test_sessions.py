"""Signed texts: sessions that outlive the server, login codes that hold once."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trad.server.sessions import CODE_SECONDS, SESSION_SECONDS, LoginCodes, Signer, derived_key, login_codes

TOKEN = "t" * 43


@dataclass
class Time:
    """A clock that the test sets."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_text_is_read_by_every_signer_of_the_same_token_and_purpose() -> None:
    time = Time()
    text = Signer(TOKEN, "session", 60, time).issue()

    stamp = Signer(TOKEN, "session", 60, time).read(text)

    assert stamp is not None
    assert len(stamp.name) == 16
    assert stamp.issued_at == time.now
    assert Signer(TOKEN, "login code", 60, time).read(text) is None
    assert Signer("u" * 43, "session", 60, time).read(text) is None


@pytest.mark.parametrize(("passed", "holds"), [(59.9, True), (60.0, False), (-59.9, True), (-60.0, False)])
def test_a_text_holds_for_its_time(passed: float, holds: bool) -> None:
    time = Time()
    signer = Signer(TOKEN, "session", 60, time)
    text = signer.issue()
    time.now += passed
    assert (signer.read(text) is not None) is holds


def test_a_text_changed_at_any_place_is_refused() -> None:
    signer = Signer(TOKEN, "session", 60, Time())
    text = signer.issue()
    for place, letter in enumerate(text):
        for other in "0A.-":
            if other != letter:
                assert signer.read(text[:place] + other + text[place + 1 :]) is None


@given(st.text(max_size=120))
def test_whatever_is_not_ours_is_refused(text: str) -> None:
    assert Signer(TOKEN, "session", 60, Time()).read(text) is None


def test_texts_differ_and_are_fit_for_addresses_and_cookies() -> None:
    signer = Signer(TOKEN, "session", 60, Time())
    texts = {signer.issue() for _ in range(100)}
    assert len(texts) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", text) for text in texts)


def test_a_code_holds_once() -> None:
    codes = LoginCodes(TOKEN, Time())
    code, other = codes.issue(), codes.issue()
    assert codes.redeem(code)
    assert not codes.redeem(code)
    assert codes.redeem(other)


def test_a_code_holds_for_ten_minutes() -> None:
    time = Time()
    codes = LoginCodes(TOKEN, time)
    early, late = codes.issue(), codes.issue()
    time.now += CODE_SECONDS - 1
    assert codes.redeem(early)
    time.now += 2
    assert not codes.redeem(late)


def test_a_used_code_stays_used_when_the_clock_is_set_back() -> None:
    time = Time()
    codes = LoginCodes(TOKEN, time)
    code = codes.issue()
    assert codes.redeem(code)
    time.now += 1.5 * CODE_SECONDS
    assert codes.redeem(codes.issue())
    time.now -= 1.5 * CODE_SECONDS
    assert not codes.redeem(code)


def test_a_code_from_before_the_start_is_refused_as_its_use_is_forgotten() -> None:
    time = Time()
    code = LoginCodes(TOKEN, time).issue()
    time.now += 1
    assert not LoginCodes(TOKEN, time).redeem(code)


def test_a_code_made_beside_the_server_lets_in() -> None:
    time = Time()
    codes = LoginCodes(TOKEN, time)
    time.now += 5
    assert codes.redeem(login_codes(TOKEN, time).issue())


def test_a_session_is_no_code() -> None:
    time = Time()
    assert not LoginCodes(TOKEN, time).redeem(Signer(TOKEN, "session", SESSION_SECONDS, time).issue())


def test_derived_keys_differ_by_purpose_and_token() -> None:
    keys = {derived_key(token, purpose) for token in (TOKEN, "u" * 43) for purpose in ("a", "b")}
    assert len(keys) == 4
    assert all(TOKEN.encode() not in key for key in keys)
