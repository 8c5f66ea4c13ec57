"""The table of figures: what each must reach, what was measured."""

import dataclasses
import statistics


@dataclasses.dataclass
class Figure:
    number: str
    what: str
    must: float | None = None  # at most, but where `least` says otherwise
    aim: float | None = None
    unit: str = ""
    least: bool = False


def spread(values: list[float], unit: str = "", digits: int | None = None) -> str:
    """Median (least to most), with as many digits as tell something."""
    if digits is None:
        digits = 0 if min(map(abs, values)) >= 100 else 1 if min(map(abs, values)) >= 10 else 2 if min(map(abs, values)) >= 0.1 else 3
    median = f"{statistics.median(values):.{digits}f}{unit}"
    return median if len(values) == 1 else f"{median} ({min(values):.{digits}f} to {max(values):.{digits}f})"


class Table:
    """Rows of Markdown, in the order in which they are added."""

    def __init__(self) -> None:
        self.rows = ["| | figure | must | aim | measured, median (least to most) | wall beside it | pairs | must held | aim held |",
                     "|---|---|---:|---:|---|---|---:|---|---|"]

    def add(self, figure: Figure, values: list[float], beside: str = "") -> None:
        if not values:
            self.rows.append(f"| {figure.number} | {figure.what} | | | not measured | {beside} | 0 | | |")
            return
        median = statistics.median(values)

        def limit(value: float | None) -> str:
            return "" if value is None else f"{'>=' if figure.least else '<='} {value:g}{figure.unit}"

        def held(value: float | None) -> str:
            return "" if value is None else "yes" if (median >= value if figure.least else median <= value) else "no"

        self.rows.append(f"| {figure.number} | {figure.what} | {limit(figure.must)} | {limit(figure.aim)} | "
                         f"{spread(values, figure.unit)} | {beside} | {len(values)} | {held(figure.must)} | {held(figure.aim)} |")

    def text(self) -> str:
        return "\n".join(self.rows) + "\n"


def costs_table(costs: dict[str, tuple[list, int]]) -> str:
    """What each program cost by itself: name to its costs and the posts it worked on."""
    rows = ["| program | posts | CPU us a post | wall s | CPU s | peak MB | written MB | others' cores meanwhile | runs |",
            "|---|---:|---|---|---|---:|---:|---|---:|"]
    for name, (runs, posts) in costs.items():
        rows.append(f"| {name} | {posts:,} | {spread([run.cpu / posts * 1e6 for run in runs])} | {spread([run.wall for run in runs])} | "
                    f"{spread([run.cpu for run in runs])} | {max(run.peak for run in runs) / 1e6:.0f} | "
                    f"{statistics.median([run.written for run in runs]) / 1e6:.0f} | {spread([run.others for run in runs], digits=1)} | {len(runs)} |")
    return "\n".join(rows) + "\n"
