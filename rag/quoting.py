"""What is quoted around a finding: its sentence, the whole list it stands in, or its clauses in a long one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.findings import Finding
from rag.sentences import LIST_ITEM, Sentence, split_sentences
from rag.topics import coverage, terms_of

MAX_QUOTE_WORDS = 45  # a longer sentence is cut to the clauses around the finding
MOSTLY_ITEM = 0.6  # of a list item must be the finding for the list to be what is asked for
ANNOUNCED = (
    0.5  # of the topic's words, in the line that leads up to a list, for the list to be what is asked for
)
# How a sentence begins that says nothing without the one before it.
_REFERS_BACK = re.compile(
    r"\W*(?:(?:på grund|med anledning|till följd|i ljuset|because|as a result|in view) (?:av|of) |mot bakgrund av "
    r"|med hänvisning till |utifrån |genom |enligt |utöver |förutom |trots |av )?"
    r"(?:detta|det (?:här|innebär|beror|betyder|gör)|dessa|denn[ae]|därför|därmed|den anledningen|this|these|therefore"
    r"|for (?:this|that|these) reasons?)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:–]\s+|\s+(?=(?:men|och att|samt|medan|eftersom|vilket|but|while)\b)")


def quoted_stretch(text: str, finding: Finding, *, whole_list: bool) -> tuple[int, int]:
    """Start and end of the quote in ``text``, the source's reading text."""
    chunk, sentence = finding.passage.chunk, finding.sentence
    if whole_list and LIST_ITEM.match(sentence.text):
        return _list_around(split_sentences(chunk.text, chunk.locator.start), sentence)
    if len(sentence.text.split()) <= MAX_QUOTE_WORDS:
        return sentence.start, sentence.end
    return _clauses_around(text, finding)


def with_antecedent(text: str, finding: Finding, stretch: tuple[int, int]) -> tuple[int, int]:
    """``stretch`` from the sentence before on, where it refers back to that one and both make no overlong quote."""
    start, end = stretch
    if start != finding.sentence.start or not _REFERS_BACK.match(text, start, end):
        return stretch
    chunk = finding.passage.chunk
    before = [s for s in split_sentences(chunk.text, chunk.locator.start) if s.end <= start]
    if (
        not before
        or not before[-1].text.endswith((".", "!", "”", '"'))
        or "\n\n" in text[before[-1].end : start]
    ):
        return stretch
    whole = before[-1].start, end
    return whole if len(text[whole[0] : end].split()) <= 1.5 * MAX_QUOTE_WORDS else stretch


def is_mostly_item(finding: Finding) -> bool:
    """Whether the finding is all but the whole of what its sentence, an item of a list, says."""
    return len(finding.text) > MOSTLY_ITEM * len(finding.sentence.text)


def announces_list(topic: Sequence[str], finding: Finding) -> bool:
    """Whether the finding stands in a list, and the line that leads up to it speaks of ``topic``."""
    chunk, item = finding.passage.chunk, finding.sentence
    if not topic or not LIST_ITEM.match(item.text):
        return False
    sentences = split_sentences(chunk.text, chunk.locator.start)
    first = _first_item(sentences, _position(sentences, item))
    lead = sentences[first - 1].text if first else ""
    return not lead.endswith((".", "!", "?")) and coverage(topic, terms_of(lead)) >= ANNOUNCED


def _position(sentences: Sequence[Sentence], item: Sentence) -> int:
    return next((i for i, s in enumerate(sentences) if s.end >= item.end), 0)


def _first_item(sentences: Sequence[Sentence], position: int) -> int:
    while position > 0 and LIST_ITEM.match(sentences[position - 1].text):
        position -= 1
    return position


def _list_around(sentences: Sequence[Sentence], item: Sentence) -> tuple[int, int]:
    last = _position(sentences, item)
    first = _first_item(sentences, last)
    while last + 1 < len(sentences) and LIST_ITEM.match(sentences[last + 1].text):
        last += 1
    if sum(len(s.text.split()) for s in sentences[first : last + 1]) > 2 * MAX_QUOTE_WORDS:
        return item.start, item.end
    return min(sentences[first].start, item.start), max(sentences[last].end, item.end)


def _clauses_around(text: str, finding: Finding) -> tuple[int, int]:
    sentence = finding.sentence
    inner = _CLAUSE.finditer(text[sentence.start : sentence.end])
    cuts = [sentence.start, *(sentence.start + match.end() for match in inner), sentence.end]
    start = max(cut for cut in cuts if cut <= finding.start)
    end = min(cut for cut in cuts if cut >= finding.end)
    while wider := _wider(text, cuts, start, end):
        start, end = wider
    return start, start + len(text[start:end].rstrip(" ,;:–\n"))


def _wider(text: str, cuts: Sequence[int], start: int, end: int) -> tuple[int, int] | None:
    """The stretch with one more clause, before it rather than after, while it is not too long."""
    earlier = max((cut for cut in cuts if cut < start), default=start)
    later = min((cut for cut in cuts if cut > end), default=end)
    for stretch in ((earlier, end), (start, later)):
        if stretch != (start, end) and len(text[stretch[0] : stretch[1]].split()) <= MAX_QUOTE_WORDS:
            return stretch
    return None
