"""Overviews of what the bodies said: who supported, who said no, who has answered, who was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.bodies import Gazetteer
from rag.domain import Answer, AnswerStatus, Overview, OverviewRow
from rag.draft import Draft
from rag.picture import Picture
from rag.question import Question
from rag.stance_rows import StanceRows, marks
from rag.stances import BodyStance, Group

_ASKED: dict[str, tuple[str, frozenset[Group]]] = {
    "support": ("support", frozenset({"support", "positive"})),
    "oppose": ("oppose", frozenset({"oppose"})),
    "partly": ("partly", frozenset({"partly"})),
    "neutral": ("neutral", frozenset({"neutral", "none"})),
    "handled": ("answered", frozenset({"answered"})),
}
_ORDER: tuple[Group, ...] = ("support", "positive", "partly", "answered", "neutral", "none", "oppose")
_QUOTE_WORDS = 130  # for all quotes of an overview together
_MOST_QUOTED = 9  # rows; of more, the table has the quotes
_COUNTED: tuple[tuple[str, frozenset[Group]], ...] = (
    ("support", frozenset({"support", "positive"})),
    ("partly", frozenset({"partly"})),
    ("answered", frozenset({"answered"})),
    ("neutral", frozenset({"neutral", "none"})),
    ("oppose", frozenset({"oppose"})),
)


class StanceOverview:
    """Writes one overview."""

    def __init__(self, question: Question, shown: Picture, draft: Draft, gazetteer: Gazetteer) -> None:
        self._question = question
        self._shown = shown
        self._draft = draft
        self._rows = StanceRows(shown, draft, gazetteer)

    def write(self) -> Answer | None:
        """The overview, or None where the matter has nothing to show for what is asked."""
        asked = self._question.stance or "any"
        if asked == "consulted":
            return self._who_was_asked()
        if asked == "unanswered":
            return self._who_is_missing()
        if asked == "answered" and self._question.answer_kind in {
            "list",
            "number",
            "person",
            "yes_no",
            "name",
            "other",
        }:
            return self._who_has_answered() if self._asks_who() else self._positions()
        return self._positions()

    def _asks_who(self) -> bool:
        """ "Vilka har svarat?", not "Vad svarade stadsdelarna?"."""
        words = self._question.text.lower().split()
        if words[1:2] and words[1] in {"många", "manga", "many"}:
            return True
        return words[0] not in {"vad", "what", "hur", "how", "ge", "give", "visa", "show"}

    # --- who answered -------------------------------------------------------------------------------------

    def _positions(self) -> Answer | None:
        answers = sorted(self._shown.answers, key=lambda s: (_ORDER.index(s.group), s.body))
        if not answers:
            return None
        matching, others = self._split(answers)
        first = self._first_sentence(matching, answers)
        quoted = _QUOTE_WORDS // max(1, len(matching)) if len(matching) <= _MOST_QUOTED else 0
        rows = [self._rows.row(stance, quoted) for stance in matching]
        rows += [self._rows.row(stance, 0 if matching else quoted) for stance in others]
        if self._question.answer_kind == "yes_no":
            if asked_for := self._yes_or_no(matching, answers):
                first = f"{self._draft.say(asked_for)}. {first}"
            else:
                return None
        lines = [first, *(text for text, _ in rows), *self._rows.footer()]
        overview = self._rows.table([row for _, row in rows], "value_heading_stance")
        short = self._draft.listed([s.body for s in matching]) if matching else None
        return self._draft.answer("\n".join(lines), AnswerStatus.OVERVIEW, short=short, overview=overview)

    def _yes_or_no(self, matching: Sequence[BodyStance], answers: Sequence[BodyStance]) -> str | None:
        """``yes`` or ``no`` to whether any body, or all, have the stance; None where no stance is asked for."""
        if self._question.stance not in _ASKED:
            return None
        if re.search(r"\b(?:alla|samtliga|all|everyone|everybody)\b", self._question.text.lower()):
            return "yes" if len(matching) == len(answers) and not self._shown.missing else "no"
        return "yes" if matching else "no"

    def _split(self, answers: Sequence[BodyStance]) -> tuple[list[BodyStance], list[BodyStance]]:
        if self._question.stance == "conditional":
            matching = [s for s in answers if s.conditional]
        elif self._question.stance in _ASKED:
            groups = _ASKED[self._question.stance][1]
            matching = [s for s in answers if s.group in groups]
        else:
            matching = list(answers)
        return matching, [s for s in answers if s not in matching]

    def _first_sentence(self, matching: Sequence[BodyStance], answers: Sequence[BodyStance]) -> str:
        draft, asked = self._draft, self._question.stance or "any"
        key = "conditional" if asked == "conditional" else _ASKED[asked][0] if asked in _ASKED else ""
        total = draft.number(len(answers), common=False)
        if not key or (asked == "conditional" and not matching):
            return _capital(draft.say("counted", total=total, parts=self._parts(answers)))
        if not matching:
            return draft.say(f"group_none_asked_{key}") + self._also_partly(answers)
        count = draft.number(len(matching), common=False)
        names = draft.listed(self._rows.names(matching))
        what = self._group(key, len(matching))
        text = draft.say("matched", count=_capital(count), total=total, what=what, names=names)
        return text + self._also_partly(answers)

    def _group(self, key: str, count: int) -> str:
        return self._draft.say(f"group_{key}_one" if count == 1 else f"group_{key}")

    def _also_partly(self, answers: Sequence[BodyStance]) -> str:
        """Mixed answers are neither a yes nor a no; they are named beside both."""
        names = self._rows.names(s for s in answers if s.group == "partly")
        if self._question.stance not in {"support", "oppose"} or not names:
            return ""
        return " " + self._draft.say("also_partly", names=self._draft.listed(names))

    def _parts(self, answers: Sequence[BodyStance]) -> str:
        parts = []
        for key, groups in _COUNTED:
            count = sum(stance.group in groups for stance in answers)
            if count:
                number, what = self._draft.number(count, common=False), self._group(key, count)
                parts.append(self._draft.say("counted_part", count=number, what=what))
        return self._draft.listed(parts)

    # --- who was asked, who is missing -----------------------------------------------------------------------

    def _who_was_asked(self) -> Answer | None:
        asked = [row for row in self._shown.asked if row[0] not in self._question.excluded]
        if not asked:
            return None
        rows = [
            OverviewRow(
                self._rows.name(body),
                self._draft.say("value_consulted"),
                None,
                (self._draft.mark(s, f.start, f.end),),
            )
            for body, s, f in asked
        ]
        text = self._draft.say(
            "consulted",
            count=_capital(self._draft.number(len(rows))),
            names=self._draft.listed([row.body for row in rows]),
            marks=marks(n for row in rows for n in row.citations),
        )
        overview = Overview(self._draft.say("value_heading_consulted"), tuple(rows), len(rows))
        return self._draft.answer(text, AnswerStatus.OVERVIEW, short=None, overview=overview)

    def _who_is_missing(self) -> Answer | None:
        shown, draft = self._shown, self._draft
        if not shown.asked:
            return None
        asked = len(shown.bodies_asked)
        if not shown.missing:
            text = draft.say(
                "no_missing", asked=draft.number(asked), marks=self._rows.asked_marks(shown.asked)
            )
        else:
            text = draft.say(
                "missing_some",
                count=_capital(draft.number(len(shown.missing))),
                asked=draft.number(asked),
                names=draft.listed([self._rows.name(body) for body, _, _ in shown.missing]),
                marks=self._rows.asked_marks(shown.missing),
            )
        lines = [text, *self._rows.unreadable()]
        overview = self._rows.table(self._answer_rows(), "value_heading_stance")
        return draft.answer("\n".join(lines), AnswerStatus.OVERVIEW, overview=overview)

    def _who_has_answered(self) -> Answer | None:
        shown, draft = self._shown, self._draft
        if not shown.answers:
            return None
        rows = self._answer_rows()
        names = draft.listed(self._rows.names(shown.answers))
        if shown.asked:
            text = draft.say(
                "answered_by",
                count=_capital(draft.number(shown.present)),
                asked=draft.number(len(shown.bodies_asked)),
                names=names,
                marks=marks(n for row in rows for n in row.citations),
            )
            if self._question.answer_kind == "yes_no":
                text = f"{draft.say('no' if shown.missing else 'yes')}. {text}"
        else:
            text = draft.say("missing_none_known", names=names)
        lines = [text, *self._rows.unreadable(), *self._rows.missing_line()]
        return draft.answer(
            "\n".join(lines), AnswerStatus.OVERVIEW, overview=self._rows.table(rows, "value_heading_stance")
        )

    def _answer_rows(self) -> list[OverviewRow]:
        return [self._rows.row(stance, 0)[1] for stance in self._shown.answers]

    # --- what stands below -----------------------------------------------------------------------------------


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
