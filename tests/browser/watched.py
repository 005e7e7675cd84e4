"""Runs the command ``stadsvar`` and writes every address that Python code in it looks up or connects to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def main() -> None:
    log = Path(sys.argv[1])

    def note(event: str, args: tuple[Any, ...]) -> None:
        if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}:
            with log.open("a", encoding="utf-8") as lines:
                lines.write(f"{event} {args[1] if event == 'socket.connect' else args[0]}\n")

    sys.addaudithook(note)
    from ui.cli import main as stadsvar

    stadsvar(sys.argv[2:])


if __name__ == "__main__":
    main()
