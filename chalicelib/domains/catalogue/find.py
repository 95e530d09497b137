"""Items found by what a person types: words of the name in any order, pinyin, initials, or a mixture. Pure.

A line's `sounds` were made when it was brought in; a search reads only lines, no dictionary.
"""
import re
from collections.abc import Iterable
from enum import IntEnum

from .models import ItemLine
from .words import plain

MOST_WORDS = 8


class Rank(IntEnum):
    """How well a line answers; the lower the better."""

    NAME = 0                               # the very name, or the code
    PREFIX = 1                             # the name begins with it
    WORD = 2
    PINYIN = 3
    INITIALS = 4
    ELSEWHERE = 5                          # not in the name: in the department's, or the main item's


def find(lines: Iterable[ItemLine], asked: str) -> list[ItemLine]:
    """Return the lines that answer every word, the best first; equal ones by name and code. "" finds all, by order."""
    words = plain(asked).split(" ")[:MOST_WORDS] if asked.strip() else []
    if not words:
        return list(lines)
    whole = "".join(words)
    found = []
    for line in lines:
        name = plain(line.name)
        if whole in (name.replace(" ", ""), line.code.lower()):
            found.append(((Rank.NAME, 0, len(name), name, line.code), line))
            continue
        answers = [_answer(word, name, line) for word in words]
        if all(answers):
            rank, at = max(answer for answer in answers if answer)
            found.append(((rank, at, len(name), name, line.code), line))
    return [line for _, line in sorted(found, key=lambda one: one[0])]


def _answer(word: str, name: str, line: ItemLine) -> tuple[Rank, int] | None:
    """Return how well and where one word is found in a line; None if it is not."""
    syllables = line.sounds.split(" ")
    if (answer := _named(word, name, syllables)) is not None:
        return answer
    if "(" in name:                        # 食品（含保健食品）经营许可 answers to 食品经营许可 too
        outside = _outside_brackets(name)
        short, spoken = "".join(name[at] for at in outside), [syllables[at] for at in outside]
        if (answer := _named(word, short, spoken)) is not None:
            return answer
    if word in plain(line.department_name) or word in plain(line.main_item):
        return Rank.ELSEWHERE, 0
    return None


def _named(word: str, name: str, syllables: list[str]) -> tuple[Rank, int] | None:
    if (at := name.find(word)) >= 0:
        return (Rank.WORD if at else Rank.PREFIX), at
    return _spelt(word, name, syllables) if re.search(r"[a-z]", word) else None


def _outside_brackets(name: str) -> list[int]:
    """Return the places of the characters that stand in no bracket."""
    inside = {at for bracket in re.finditer(r"\([^()]*\)", name) for at in range(*bracket.span())}
    return [at for at in range(len(name)) if at not in inside]


def _spelt(word: str, name: str, syllables: list[str]) -> tuple[Rank, int] | None:
    """Return the best reading of `word` as characters, syllables and initials of the name, and where it begins."""
    known: dict[tuple[int, int], Rank | None] = {}
    starts = ((_follow(word, 0, name, syllables, at, known), at) for at in range(len(syllables)))
    return min(((rank, at) for rank, at in starts if rank is not None), default=None)


def _follow(word: str, used: int, name: str, syllables: list[str], at: int,
            known: dict[tuple[int, int], Rank | None]) -> Rank | None:
    """Return how well word[used:] reads on from the character `at`: no worse than its worst part; None: not at all."""
    if used == len(word):
        return Rank.WORD
    if at >= len(syllables):
        return None
    if (used, at) not in known:
        sound, rest = syllables[at], len(word) - used
        steps = []
        if name[at] == word[used]:
            steps.append((1, Rank.WORD))
        if word.startswith(sound, used):
            steps.append((len(sound), Rank.PINYIN))
        elif rest > 1 and sound.startswith(word[used:]):
            steps.append((rest, Rank.PINYIN))
        if sound[0] == word[used]:
            steps.append((1, Rank.INITIALS))
        ranks = ((_follow(word, used + step, name, syllables, at + 1, known), worst) for step, worst in steps)
        known[used, at] = min((max(rank, worst) for rank, worst in ranks if rank is not None), default=None)
    return known[used, at]
