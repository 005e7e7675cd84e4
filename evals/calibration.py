"""Whether a stated probability means what it says: of what is said to be 70 % sure, 70 % should be right.

A judgement is ``(probability, right)``. For the reader: the probability that a passage answers a question,
and whether it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

Judgement = tuple[float, bool]


@dataclass(frozen=True, slots=True)
class Bin:
    """The ``n`` judgements of one stretch of probabilities: their mean, and the share that was right."""

    n: int
    stated: float
    observed: float


def bins(judgements: Iterable[Judgement], count: int = 10) -> tuple[Bin, ...]:
    """The judgements in ``count`` equally wide bins over 0..1, lowest first; empty bins are left out."""
    held: list[list[Judgement]] = [[] for _ in range(count)]
    for probability, right in judgements:
        held[min(int(probability * count), count - 1)].append((probability, right))
    return tuple(
        Bin(len(each), fmean(p for p, _ in each), fmean(r for _, r in each)) for each in held if each
    )


def calibration_error(judgements: Sequence[Judgement], count: int = 10) -> float | None:
    """The expected calibration error: mean of |stated - observed| over the bins, weighted by their size
    (Guo et al. 2017). None without judgements."""
    if not judgements:
        return None
    return sum(each.n * abs(each.stated - each.observed) for each in bins(judgements, count)) / len(
        judgements
    )


def brier(judgements: Iterable[Judgement]) -> float | None:
    """The mean squared distance between probability and outcome (Brier 1950). None without judgements."""
    squares = [(probability - right) ** 2 for probability, right in judgements]
    return fmean(squares) if squares else None


def reliability_svg(each_bin: Sequence[Bin], *, title: str, size: int = 320) -> str:
    """A reliability plot: stated probability across, observed share upwards, the diagonal is perfect.

    The area of a dot is in proportion to the size of its bin.
    """
    edge, side = 40, size - 60
    total = sum(each.n for each in each_bin) or 1

    def at(x: float, y: float) -> tuple[float, float]:
        return round(edge + x * side, 1), round(20 + (1 - y) * side, 1)

    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    points = [(*at(each.stated, each.observed), each) for each in each_bin]
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="{3 + 14 * (each.n / total) ** 0.5:.1f}" fill="#005aa0" opacity=".65">'
        f"<title>{each.n}: {each.stated:.2f} stated, {each.observed:.2f} right</title></circle>"
        for x, y, each in points
    )
    ticks = "".join(
        f'<text x="{at(v, 0)[0]}" y="{y0 + 16}" text-anchor="middle">{v:g}</text>'
        f'<text x="{x0 - 6}" y="{at(0, v)[1] + 4}" text-anchor="end">{v:g}</text>'
        for v in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" role="img" '
        f'aria-label="{title}" font-family="system-ui,sans-serif" font-size="11" fill="#1b1b1b">'
        f'<rect x="{x0}" y="{y1}" width="{side}" height="{side}" fill="none" stroke="#999"/>'
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#999" stroke-dasharray="4 4"/>'
        f'<polyline points="{" ".join(f"{x},{y}" for x, y, _ in points)}" fill="none" stroke="#005aa0"/>'
        f'{dots}{ticks}<text x="{x0}" y="14">{title}</text>'
        f'<text x="{(x0 + x1) / 2}" y="{y0 + 32}" text-anchor="middle">stated probability</text></svg>'
    )
