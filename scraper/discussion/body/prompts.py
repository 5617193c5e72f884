"""Prompts in a text: what asks readers to sign up, pay or follow, where it stands in a box of its own or ends the text."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

from scraper.discussion.body.blocks import Blocks, Run
from scraper.discussion.thread.elements import Elements
from scraper.model.record import Removed
from scraper.page.prompts import is_gate, prompt_rule

# So much of a text's sentences stands in an element that is no box within it.
_AT_HOME: Final = 0.1
_LARGEST_BOX: Final = 900
# What stands behind a prompt at the end of a text and ends no sentence: headlines of other texts, names, counts.
_SENTENCE_END: Final = re.compile(r"[.!?。！？…][\"'”’»)\]]*\Z")
_ITEMS: Final = frozenset(("blockquote", "dd", "li", "q", "td"))
_MOST_LABELS: Final = 12
_TEXTS_BEHIND: Final = 20
# A longer sentence in a prompt's box is no part of the prompt.
_OWN_SENTENCE: Final = 180


def without_prompts(page: Elements, blocks: Blocks, runs: Sequence[Run]) -> tuple[list[Run], list[Removed]]:
    """The runs of a text that belong to no prompt, and what was taken out by which rule.

    A prompt's words leave with the box that they stand in, if no other sentences of the text stand there; and at the
    end of the text. Words that stand where the sentences stand are the writer's. No runs are left where a gate is all that is said.
    """
    around = _around_sentences(page, blocks, runs)
    boxed = {
        run: rule
        for run in runs
        if page.parents[run.block] not in around and (rule := _rule(page, run))
        if not (is_gate(rule) and _is_item(page, run))
    }
    if boxed:
        others = (run.block for run in runs if run not in boxed and blocks.sizes[run.block] >= _OWN_SENTENCE)
        around = around.union(*map(page.ancestors, others))
    taken: dict[Run, str] = {}
    by_block = sorted(range(len(runs)), key=lambda at: runs[at].block) if boxed else []
    of_blocks = [runs[at].block for at in by_block]
    for run, rule in boxed.items():
        box = _box(page, blocks, run.block, around)
        inside = by_block[bisect_left(of_blocks, box) : bisect_left(of_blocks, page.ends[box])]
        taken.update((runs[at], rule) for at in sorted(inside))
    taken.update(_at_end(page, [run for run in runs if run not in taken]))
    kept = [run for run in runs if run not in taken]
    if not kept and not any(is_gate(rule) for rule in taken.values()):
        return list(runs), []
    return kept, [Removed(rule, _words(page, run)) for run, rule in taken.items()]


def gate_behind(page: Elements, blocks: Blocks, end: int) -> list[Removed]:
    """The gate that stands right behind a text, which ends before the text ``end`` of the page: in a box beside it, or over the rest."""
    behind = blocks.runs(end, min(end + _TEXTS_BEHIND, len(page.texts)))
    gates = ((run, rule) for run in behind if (rule := _rule(page, run)) and is_gate(rule))
    return [Removed(rule, _words(page, run)) for run, rule in gates][:1]


def _at_end(page: Elements, runs: Sequence[Run]) -> dict[Run, str]:
    """The prompts that end a text, with the headlines and labels behind and between them, by the rule of the prompt before."""
    taken: dict[Run, str] = {}
    labels: list[Run] = []
    for run in reversed(runs):
        rule = _rule(page, run)
        if rule is not None:
            taken.update(dict.fromkeys((run, *labels), rule))
            labels = []
        elif len(labels) < _MOST_LABELS and not _SENTENCE_END.search(_words(page, run)):
            labels.append(run)
        else:
            break
    return taken


def _is_item(page: Elements, run: Run) -> bool:
    """Whether words are an item or a quotation of the text: writers list and quote what gates say."""
    return any(page.tags[each] in _ITEMS for each in page.ancestors(run.block, 2))


def _rule(page: Elements, run: Run) -> str | None:
    return prompt_rule(_words(page, run))


def _words(page: Elements, run: Run) -> str:
    return " ".join(page.texts[run.first : run.last])


def _around_sentences(page: Elements, blocks: Blocks, runs: Sequence[Run]) -> set[int]:
    """The elements in which sentences of the text stand side by side, and all around them."""
    sizes: Counter[int] = Counter()
    for run in runs:
        sizes[page.parents[run.block]] += blocks.sizes[run.block]
    home = [element for element, size in sizes.items() if size >= _AT_HOME * sizes.total()]
    return {outer for element in home for outer in page.ancestors(element)}


def _box(page: Elements, blocks: Blocks, element: int, around: set[int]) -> int:
    """The outermost element around a block that no sentences of the text stand in."""
    while (parent := page.parents[element]) not in around and blocks.size_in(parent) <= _LARGEST_BOX:
        element = parent
    return element
