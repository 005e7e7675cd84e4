"""How bodies, stances and their quotes are put into words."""

from __future__ import annotations

from rag.bodies import Gazetteer
from rag.domain import Fact
from rag.draft import Draft
from rag.stances import BodyStance, stance_group


def current_name(body: str, draft: Draft, gazetteer: Gazetteer) -> str:
    """ "Rinkeby-Kista (numera Järva)"."""
    later = gazetteer.successors(body)
    return draft.say("numera", body=body, successors=draft.listed(list(later))) if later else body


def stance_words(draft: Draft, stance: BodyStance) -> str:
    """The stance in the answer's language."""
    if stance.group in {"support", "positive"} and stance.conditional:
        return draft.say("stance_conditional")
    if stance.decides:
        return draft.say(f"decision_{stance.group}")
    return draft.say(f"stance_{stance.group}")


def group_words(draft: Draft, fact: Fact) -> str:
    """A single stance fact in the answer's language."""
    return draft.say(f"stance_{stance_group(fact.value)}")


def quote_of(draft: Draft, stance: BodyStance, words: int) -> str:
    """The quote that shows the stance; for a mixed one, what speaks for and what against."""
    assert stance.fact is not None
    spans = [(stance.fact.start, stance.fact.end)]
    sides = [_span(stance.fact.detail.get(side)) for side in ("positive", "negative")]
    for span in (*sides, *((fact.start, fact.end) for fact in stance.more)):
        if stance.group == "partly" and span and all(span[0] >= e or span[1] <= s for s, e in spans):
            spans.append(span)
    each = max(10, words // len(spans))
    return " … ".join(draft.quote(stance.source, *span, words=each) for span in spans[:3])


def _span(text: str | None) -> tuple[int, int] | None:
    start, _, end = (text or "").partition("-")
    return (int(start), int(end)) if start.isdigit() and end.isdigit() else None
