"""The head of a protokoll: which body met, when and where, who was there, chaired, and justified the minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.case import Case
from ingest.lines import Line, lines_of, squeeze
from ingest.meeting_head import FORM, head_end, meeting_body
from ingest.people import PERSON_WITH_PARTY
from rag.domain import Fact
from rag.folding import fold

_LABELS = {
    "place": r"(?:sammantrades)?(?:plats och tid|tid och plats|tid|plats)",
    "substitutes": r"(?:narvarande |ej tjanstgorande |tjanstgorande )*ersattare",
    "others": r"ovriga (?:deltagare|narvarande)|ovriga",
    "absent": r"franvarande(?: ledamoter)?|ej narvarande(?: ledamoter)?|forhinder",
    "present": r"beslutande(?: ledamoter)?|(?:narvarande|tjanstgorande)(?: beslutande)?(?: ledamoter)?|ledamoter",
    "chair": r"ordforande",
    "secretary": r"(?:namnd|kommun|protokoll)?sekreterare",
    "adjusted": r"justeringsda(?:tum|g)|justeringens (?:plats och tid|tid och plats|tid|datum|plats)"
    r"|justering(?: datum| tid)?|justerat(?: den)?|(?:protokollet )?(?:justerades|justeras) den|datum for justering",
    "adjuster": r"uts(?:es|edd\w*) (?:att|till) juster\w+|justerare|justerande(?: ledamot)?|justeringsperson(?:er)?"
    r"|protokollsjusterare|protokolljusterare|justeras av",
    "paragraphs": r"(?:justerade )?paragraf(?:er)?",
}
_LABEL = re.compile(
    r"(?:underskrifter?\s+)?(?:"
    + "|".join(rf"(?P<{k}>{v})" for k, v in _LABELS.items())
    + r")(?=[\s:.]|$)[\s:.]*"
)
_SEVERAL = frozenset({"place", "adjusted", "paragraphs"})
_CHAIR = re.compile(
    rf"{PERSON_WITH_PARTY.pattern},?[ \t]+[Oo]rdf(?:örande|\.)"
)  # in the list of those present
_ONE_LINE = frozenset({"chair", "secretary", "adjuster"})  # a signature's title stands above the name


@dataclass(frozen=True, slots=True)
class _Entry:
    label: str
    value: str
    start: int
    end: int


def meeting_facts(case: Case) -> Iterator[Fact]:
    """One fact ``meeting`` per labelled entry of the head, with detail ``label``, the first of each label but for
    time and place and the dates of justification; and the body that met, label ``body``."""
    lines = lines_of(case.text[: head_end(case.opening)])
    seen: set[str] = set()
    met = meeting_body(case.opening)
    if met:
        yield Fact("meeting", case.text[slice(*met)], *met, "", {"label": "body"})
    for entry in _entries(lines):
        if entry.label in _SEVERAL or entry.label not in seen:
            seen.add(entry.label)
            yield Fact("meeting", entry.value, entry.start, entry.end, "", {"label": entry.label})
    if "chair" not in seen:
        yield from _chair(lines)


def _chair(lines: Sequence[Line]) -> Iterator[Fact]:
    for line in lines:
        match = _CHAIR.search(line.text)
        if match:
            name = f"{squeeze(match['name'])} ({match['party']})"
            yield Fact("meeting", name, line.start, line.end, "", {"label": "chair"})
            return


def _entries(lines: Sequence[Line]) -> Iterator[_Entry]:
    at = 0
    while at < len(lines):
        match = _LABEL.match(fold(lines[at].text))
        if match is None or FORM.search(fold(lines[at].text)):
            at += 1
            continue
        label = str(match.lastgroup)
        rest = lines[at].text[match.end() :].strip()
        last = _last_line(lines, at, label, bool(rest))
        values = [rest, *(line.text for line in lines[at + 1 : last + 1])]
        value = squeeze(" ".join(part for part in values if part))
        if re.search(r"\w", value):
            yield _Entry(label, value, lines[at].start, lines[last].end)
        at = last + 1


def _last_line(lines: Sequence[Line], at: int, label: str, has_value: bool) -> int:
    """The last line of the entry that begins at ``lines[at]``: up to the next label, or a gap after a value."""
    if label in _ONE_LINE and has_value and not lines[at].text.rstrip().endswith((",", " och")):
        return at
    last = at
    for below in range(at + 1, len(lines)):
        line = lines[below]
        if _LABEL.match(fold(line.text)) or FORM.search(fold(line.text)):
            break
        if (line.blank_before or label in _ONE_LINE) and (has_value or last > at):
            break
        last = below
    return last
