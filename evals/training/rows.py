"""The data sets as rows, and which of them are held out of training.

Held out are whole articles and whole pages, in every language and at every noise level, so that a figure
on them says something about text the model has not seen. Half of what is held out (``calibration``) fits
the calibration and the threshold; the other half (``report``) is only ever reported on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evals.cases import PassageRow

Split = Literal["train", "calibration", "report"]

HELD_OUT_ARTICLES = 7
CALIBRATION_ARTICLES = 2
HELD_OUT_PAGES = 0.2
MUNICIPAL = Path(__file__).parent / "municipal_questions.jsonl"
FURTHER = Path(__file__).parent / "further_questions.jsonl"
INVENTED = Path(__file__).parent / "invented_passages.jsonl"
GENERAL = Path(__file__).parent / "general_passages.jsonl"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a data set; ``group`` is the article or the group of near-identical pages."""

    id: str
    title: str
    text: str
    group: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question on one passage. ``answers`` are verbatim in the passage; empty means: not stated.

    ``plausible`` are the words that somebody might take for the answer of an unanswerable question; ``round``
    counts the times that we wrote questions.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    passage_id: str
    also_relevant: tuple[str, ...] = ()
    lang: str = "sv"
    plausible: tuple[str, ...] = ()
    round: int = 0


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """One data set with its split by group."""

    name: str
    passages: dict[str, Passage]
    questions: tuple[Question, ...]
    splits: dict[str, Split]  # by group

    def split_of(self, question: Question) -> Split:
        """The split that the question's passage belongs to."""
        return self.splits[self.passages[question.passage_id].group]

    def passage_rows(self) -> list[PassageRow]:
        """The passages as the evaluation of a collection takes them."""
        return [PassageRow(id=p.id, title=p.title, text=p.text) for p in self.passages.values()]

    def of(self, *splits: Split) -> tuple[Question, ...]:
        """The questions of these splits, in the data set's order."""
        return tuple(question for question in self.questions if self.split_of(question) in splits)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def load_squad(data: Path) -> QuestionSet:
    """squad_v2_sv: articles in the order of their title's hash; the first seven are held out."""
    folder = data / "squad_v2_sv"
    passages = {
        row["id"]: Passage(row["id"], row["title"], row["text"], row["title"])
        for row in read_lines(folder / "passages.jsonl")
    }
    order = sorted({passage.group for passage in passages.values()}, key=_hash)
    splits = {title: _article_split(rank) for rank, title in enumerate(order)}
    return QuestionSet("squad_v2_sv", passages, _questions(folder / "questions.jsonl", passages), splits)


def load_xquad(data: Path, squad: QuestionSet, *, swedish: bool = False) -> QuestionSet:
    """xquad_en_sv: English questions on squad_v2_sv's passages (``swedish`` takes their Swedish form)."""
    rows = _questions(data / "xquad_en_sv" / "questions.jsonl", squad.passages, swedish=swedish)
    return QuestionSet("xquad_en_sv", squad.passages, rows, squad.splits)


def load_swequad(data: Path) -> QuestionSet:
    """swequad_mc: a fifth of the pages held out, near-identical pages together."""
    folder = data / "swequad_mc"
    rows = list(read_lines(folder / "passages.jsonl"))
    questions = list(read_lines(folder / "questions.jsonl"))
    groups = _page_groups(rows, questions)
    passages = {row["id"]: Passage(row["id"], row["title"], row["text"], groups[row["id"]]) for row in rows}
    splits = {group: _page_split(group) for group in sorted(set(groups.values()))}
    return QuestionSet("swequad_mc", passages, _questions(folder / "questions.jsonl", passages), splits)


def load_noisy_pages(data: Path) -> dict[str, dict[str, str]]:
    """ocr_swequad: level -> page id -> the page's text as tesseract read it."""
    return {
        level: {
            row["id"]: row["text"] for row in read_lines(data / "ocr_swequad" / f"passages_{level}.jsonl")
        }
        for level in ("mild", "medium", "heavy")
    }


def load_municipal(data: Path) -> QuestionSet:
    """Our own questions on stretches of public documents, which stay in ``data``; a fifth is held out."""
    passages, questions = _own_questions(data, MUNICIPAL, "municipal")
    splits = {passage.group: _page_split("municipal " + passage.group) for passage in passages.values()}
    return QuestionSet("municipal", passages, questions, splits)


def load_further(data: Path) -> QuestionSet:
    """Our own questions on squad_v2_sv's and swequad_mc's texts, all of them texts that are trained on."""
    passages, questions = _own_questions(data, FURTHER, "further")
    return QuestionSet("further", passages, questions, {p.group: "train" for p in passages.values()})


def _own_questions(data: Path, path: Path, name: str) -> tuple[dict[str, Passage], tuple[Question, ...]]:
    """A row gives the file and row of the document, the stretch, and the answers as spans of the stretch."""
    rows = list(read_lines(path))
    texts = {file: _documents(data, file) for file in sorted({row["file"] for row in rows})}
    passages, questions = {}, []
    for number, row in enumerate(rows):
        title, whole = texts[row["file"]][row["document"]]
        text = whole[row["start"] : row["end"]]
        id_ = f"{row['document']}@{row['start']}"
        passages[id_] = Passage(id_, title, text, row["document"])
        answers = tuple(text[start:end] for start, end in row["answers"])
        questions.append(
            Question(
                f"{name}-{number}", row["question"], answers, id_, lang=row["lang"], round=row.get("round", 0)
            )
        )
    return passages, tuple(questions)


def load_invented() -> QuestionSet:
    """Invented municipal passages, several bodies and years close together, with questions; a fifth held out."""
    passages, questions = _own_passages(INVENTED, "invented")
    splits = {passage.group: _page_split("invented " + passage.group) for passage in passages.values()}
    return QuestionSet("invented", passages, questions, splits)


def load_general() -> QuestionSet:
    """Our own passages in the tone of an encyclopedia, with questions as SQuAD 2.0 asks them, and of the pages that
    authorities write for the public, with questions as swequad_mc asks them; all trained on."""
    passages, questions = _own_passages(GENERAL, "general")
    return QuestionSet("general", passages, questions, {p.group: "train" for p in passages.values()})


def _own_passages(path: Path, name: str) -> tuple[dict[str, Passage], tuple[Question, ...]]:
    """A row gives the context line, the text, and questions with their answers as words of the text."""
    passages, questions = {}, []
    for number, row in enumerate(read_lines(path)):
        id_ = f"{name}-{number}"
        passages[id_] = Passage(id_, row["context"], row["text"], row["context"].partition(" › ")[0])
        questions += [
            Question(f"{id_}-{at}", asked, tuple(answers), id_, round=row.get("round", 0))
            for at, (asked, answers) in enumerate(row["questions"])
        ]
    return passages, tuple(questions)


def _documents(data: Path, name: str) -> dict[str, tuple[str, str]]:
    """Row id -> (context line, text) of a file of documents."""
    titles = {}
    known = (data / name).parent / "questions_knownitem.jsonl"
    if known.is_file():
        titles = {row["passage_id"]: row["question"] for row in read_lines(known)}
    return {
        row["id"]: (_context(name, row, titles.get(row["id"], "")), row["text"])
        for row in read_lines(data / name)
    }


def _context(name: str, row: dict[str, Any], title: str) -> str:
    """What the product's context line says of a source: whose text it is and where it stands."""
    if name.startswith("nacka"):
        meeting = f"{row.get('body', 'Nacka kommun')} › Protokoll {row.get('meeting_date', '')}".strip()
        return f"{meeting} › § {row['par']} {row['title']}" if "par" in row else row["title"]
    kind = {"riksdag_motioner": "Motion › ", "riksdag_interpellationer": "Interpellation › "}
    return kind.get(name.partition("/")[0], "") + (title or row["title"])


def fraction(key: str) -> float:
    """A number in [0, 1) that depends on ``key`` only."""
    return int(_hash(key)[:8], 16) / 16**8


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _article_split(rank: int) -> Split:
    if rank < CALIBRATION_ARTICLES:
        return "calibration"
    return "report" if rank < HELD_OUT_ARTICLES else "train"


def _page_split(group: str) -> Split:
    share = fraction(group)
    if share >= HELD_OUT_PAGES:
        return "train"
    return "calibration" if share < HELD_OUT_PAGES / 2 else "report"


def _questions(path: Path, passages: dict[str, Passage], *, swedish: bool = False) -> tuple[Question, ...]:
    found = []
    for row in read_lines(path):
        text = passages[row["passage_id"]].text
        answers = tuple(answer for answer in row["answers"] if answer in text)
        if row["answerable"] and not answers:
            continue
        found.append(
            Question(
                row["id"],
                row["question_sv"] if swedish else row["question"],
                answers,
                row["passage_id"],
                tuple(row.get("also_relevant", ())),
                "sv" if swedish else row["lang"],
                tuple(row.get("plausible_answers", ())),
            )
        )
    return tuple(found)


def _page_groups(rows: list[dict[str, Any]], questions: list[dict[str, Any]]) -> dict[str, str]:
    """Page id -> id of its group: pages sharing a question, a relevance mark or a long paragraph."""
    leader = {row["id"]: row["id"] for row in rows}

    def find(page: str) -> str:
        while leader[page] != page:
            page = leader[page]
        return page

    def join(pages: Iterable[str]) -> None:
        roots = sorted({find(page) for page in pages if page in leader})
        for root in roots[1:]:
            leader[root] = roots[0]

    shared: dict[str, list[str]] = {}
    for row in rows:
        for paragraph in row["text"].split("\n"):
            if len(paragraph) >= 200:
                shared.setdefault(paragraph, []).append(row["id"])
    for question in questions:
        shared.setdefault(question["question"], []).append(question["passage_id"])
        join([question["passage_id"], *question.get("also_relevant", ())])
    for pages in shared.values():
        join(pages)
    return {page: find(page) for page in leader}
