"""The command ``stadsvar``. Its arguments and outputs are a contract that scripts depend on.

Exit codes: 0 done; 1 an error, told in one line on stderr (also when some file could not be read);
2 wrong usage. Imports happen inside the commands: each loads only what it needs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import MissingInput, StadsvarError
from ui import correct, ingesting
from ui.terminal import quiet_libraries, say, say_error

if TYPE_CHECKING:
    from rag.settings import Settings


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one command and exits."""
    quiet_libraries()
    try:
        args = _parser().parse_args(argv)
        code = args.run(args)
    except StadsvarError as error:
        say_error(str(error))
        code = 1
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    raise SystemExit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stadsvar", description="Answers questions about a folder of documents."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ingest = commands.add_parser("ingest", help="put files and folders into the index")
    ingesting.add_arguments(ingest)
    _add_index(ingest)
    ingest.set_defaults(run=_ingest)

    correction = commands.add_parser("correct", help="correct by hand how a document was read")
    correct.add_arguments(correction)
    _add_index(correction)
    correction.set_defaults(run=_correct)

    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("--history", action="append", default=[], metavar="TURN", help="an earlier question")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    _add_index(ask)
    ask.set_defaults(run=_ask)

    serve = commands.add_parser("serve", help="serve the chat")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=7860)
    _add_index(serve)
    serve.set_defaults(run=_serve)

    _add_eval(commands.add_parser("eval", help="measure on an evaluation set"))

    doctor = commands.add_parser("doctor", help="check the installation and the index")
    _add_index(doctor)
    doctor.set_defaults(run=_doctor)
    return parser


def _add_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index folder (or STADSVAR_INDEX)")


def _add_eval(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(required=True, metavar="WHAT")

    answers = what.add_parser("answers", help="score the answers to cases")
    answers.add_argument("cases", type=Path, metavar="CASES.jsonl")
    over = answers.add_mutually_exclusive_group(required=True)
    over.add_argument(
        "--documents", type=Path, metavar="DIR", help="a folder of documents, indexed for this run"
    )
    over.add_argument("--index", type=Path, metavar="DIR", help="an index that is there already")
    answers.set_defaults(run=_eval_answers)

    retrieval = what.add_parser("retrieval", help="score the passages found")
    reading = what.add_parser("reading", help="score short answers as SQuAD 2.0 does")
    for each in (retrieval, reading):
        each.add_argument("passages", type=Path, metavar="PASSAGES.jsonl")
        each.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    reading.add_argument("--open", action="store_true", help="find the answer among all passages")
    retrieval.set_defaults(run=_eval_retrieval)
    reading.set_defaults(run=_eval_reading)

    ocr = what.add_parser("ocr", help="word and character error rate before and after repair")
    ocr.add_argument("noisy", type=Path, metavar="NOISY")
    ocr.add_argument("reference", type=Path, metavar="REFERENCE")
    ocr.set_defaults(run=_eval_ocr)
    for each in (answers, retrieval, reading, ocr):
        each.add_argument("--json", type=_new_file, metavar="OUT", help="write the report there")


# --- commands ------------------------------------------------------------------------------------------------


def _ingest(args: argparse.Namespace) -> int:
    return ingesting.run(args, _settings(args))


def _correct(args: argparse.Namespace) -> int:
    return correct.run(args, _settings(args))


def _ask(args: argparse.Namespace) -> int:
    from rag.assistant import Assistant

    answer = Assistant.open(_settings(args)).ask(args.question, args.history)
    if args.json:
        from ui.answer_json import answer_json

        say(json.dumps(answer_json(answer), ensure_ascii=False))
        return 0
    say(answer.text)
    for citation in answer.citations:
        place = ", ".join(
            part for part in (citation.heading, citation.page and f"s. {citation.page}") if part
        )
        say(f"[{citation.number}] {citation.source.name}{f' ({place})' if place else ''}")
    return 0


def _serve(args: argparse.Namespace) -> int:
    from ui.server import serve

    serve(_settings(args), host=args.host, port=args.port)
    return 0


def _eval_answers(args: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from rich.console import Console

    from evals import answers, cases, collection, report
    from rag.assistant import Assistant

    settings = _settings(args)
    loaded = cases.load_cases(args.cases)
    over = (
        collection.of_documents(args.documents, settings)
        if args.documents
        else nullcontext(Assistant.open(settings))
    )
    with over as assistant:
        result = answers.run(loaded, assistant)
    report.show_answers(result, Console())
    return _save(result, args.json)


def _eval_retrieval(args: argparse.Namespace) -> int:
    from rich.console import Console

    from evals import cases, report, retrieval

    passages = cases.load_passages(args.passages)
    result = retrieval.run(passages, cases.load_questions(args.questions, passages), _settings(args))
    report.show_retrieval(result, Console())
    return _save(result, args.json)


def _eval_reading(args: argparse.Namespace) -> int:
    from rich.console import Console

    from evals import cases, collection, reading, report

    passages = cases.load_passages(args.passages)
    questions = cases.load_questions(args.questions, passages)
    with collection.of_passages(passages, _settings(args)) as assistant:
        result = reading.run(
            passages,
            questions,
            lambda question, passage: collection.short_answer(assistant, question, passage),
            open_book=args.open,
        )
    report.show_reading(result, Console())
    return _save(result, args.json)


def _eval_ocr(args: argparse.Namespace) -> int:
    from evals import ocr

    result = ocr.run(args.noisy, args.reference)
    say(json.dumps(result))
    return _save(result, args.json)


def _doctor(args: argparse.Namespace) -> int:
    from ui.doctor import examine

    findings = examine(_settings(args))
    for finding in findings:
        say(f"{'ok  ' if finding.ok else 'FEL '} {finding.what}: {finding.detail}")
    return 0 if all(finding.ok for finding in findings) else 1


# --- shared by the commands ----------------------------------------------------------------------------------


def _settings(args: argparse.Namespace) -> Settings:
    from rag.settings import load_settings

    return load_settings(index=getattr(args, "index", None))


def _new_file(text: str) -> Path:
    """Told before a long run, not after it. Raises MissingInput."""
    path = Path(text)
    there = os.access(path, os.F_OK)
    writable = os.access(path, os.W_OK) if there else os.access(path.parent, os.W_OK | os.X_OK)
    if not writable or path.is_dir():
        raise MissingInput(f"{path} cannot be written: name a file in a folder that you may write to")
    return path


def _save(report: dict[str, Any], path: Path | None) -> int:
    if path:
        from evals.report import save_json

        save_json(report, path)
    return 0
