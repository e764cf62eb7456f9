"""The cases of `docs/fill-rules.md`, run as they stand on the page."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from tests.unit.backtest.simulators import SIMULATORS
from tests.unit.backtest.tables import Case, case, check

from trad.backtest.terms import Terms

PAGE = Path(__file__).parents[3] / "docs" / "fill-rules.md"
WORDS = {"fee": "fee", "slippage": "slippage", "cash": "cash", "size": "share"}


def read_page() -> dict[str, list[Case]]:
    """The cases under each heading."""
    sections: dict[str, list[Case]] = {}
    for section in PAGE.read_text().split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        blocks = re.findall(r"```text\n(.*?)```", body, flags=re.DOTALL)
        sections[heading] = [read_block(f"{heading} ({i})", block) for i, block in enumerate(blocks, 1)]
    return sections


def read_block(name: str, block: str) -> Case:
    """One case, with the account that its first line describes."""
    if block.startswith("#"):
        return case(name, block)
    first, _, rest = block.partition("\n\n")
    told = dict(re.findall(r"(\w+) ([-\w.]+)", first.removeprefix("with ")))
    account = {WORDS[word]: float(told.pop(word)) for word in list(told) if word in WORDS}
    terms = Terms.from_json({name: _value(value) for name, value in told.items()})
    return case(name, rest, ruined="ruined" in first, terms=terms, **account)


def _value(word: str) -> int | float | str:
    """A term as a person writes it."""
    if word.isalpha():
        return word
    return int(word) if word.isdecimal() else float(word)


SECTIONS = read_page()


@pytest.mark.parametrize("simulator", SIMULATORS)
@pytest.mark.parametrize("given", [one for cases in SECTIONS.values() for one in cases], ids=str)
def test_the_page_tells_the_truth(given: Case, simulator: str) -> None:
    check(SIMULATORS[simulator], given)


def test_every_rule_has_a_case() -> None:
    rules = {heading.partition(":")[0]: len(cases) for heading, cases in SECTIONS.items()}
    assert all(rules[f"Rule {number}"] >= 1 for number in range(1, 8))


def test_every_term_has_a_case() -> None:
    told = {name for cases in SECTIONS.values() for one in cases for name in one.terms.as_json()}
    assert told == {entry.name for entry in fields(Terms)}
