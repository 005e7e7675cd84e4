"""What a meeting as a whole dealt with: each § of its minutes with what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.agenda import Item, items_of
from rag.domain import Answer, DocumentKind, Fact, Source
from rag.draft import Draft
from rag.item_answer import named

_MEETINGS = 3  # told of in one answer
_WORDS = 320  # of all decisions together
_LEAST = 12  # words of one decision
_MOST = 40


def tell(sources: Sequence[Source], draft: Draft, *, proposals: bool) -> Answer | None:
    """The items of the meetings whose minutes are among ``sources``, quoted, with what was decided or, for
    ``proposals``, proposed; None where there are no such minutes, or of more meetings than can be told of."""
    held = [(source, items) for source in sources if (items := _numbered(source))]
    if not 0 < len(held) <= _MEETINGS:
        return None
    words = max(_LEAST, min(_MOST, _WORDS // sum(len(items) for _, items in held)))
    blocks = []
    for source, items in held:
        lines = [_line(item, item.decided(proposals=proposals), draft, words) for item in items]
        lead = draft.say("meeting_according", item=named(source, "", draft))
        blocks.append("\n".join([lead, *(f"- {line}" for line in lines)]))
    return draft.answer("\n\n".join(blocks))


def _numbered(source: Source) -> list[Item]:
    return [item for item in items_of(source) if source.kind is DocumentKind.PROTOKOLL and item.number]


def _line(item: Item, points: Sequence[Fact], draft: Draft, words: int) -> str:
    """ "§ 12 Vinterväghållning: ”Nämnden godkänner rapporten.” [3]"; the heading alone where nothing was decided."""
    head = f"{item.number} {' '.join(item.title.split())}"
    quotes = " ".join(_quotes(item, points, draft, words))
    return f"{head}: {quotes}" if quotes else f"{head} [{draft.mark(item.source, *item.heading)}]"


def _quotes(item: Item, points: Sequence[Fact], draft: Draft, words: int) -> Iterator[str]:
    """Each point, as far as there is room."""
    for fact in points:
        if words > 0:
            quote = draft.quote(item.source, fact.start, fact.end, words=max(words, _LEAST))
            words -= len(quote.split())
            yield quote
