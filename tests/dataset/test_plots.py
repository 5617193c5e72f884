"""The card's plots: what they are drawn of, and that they are small, steady and legible on light and dark."""

import dataclasses
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scraper.dataset import plots as drawing
from scraper.dataset.export import export
from scraper.dataset.figures import Figures, Tally, ThreadFigures
from scraper.dataset.layout import PLOTS
from scraper.dataset.plots import Plot, plots
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, post
from tests.examples import examples

LIGHT, DARK = (255, 255, 255), (0x0B, 0x0F, 0x19)
_NUMBERS = st.integers(1, 10**7)


def _figures(rows: Rows) -> Figures:
    tally = Tally()
    for config in CONTRACT.configs:
        for row in rows.rows(config):
            tally.see(config, row)
    return tally.figures()


EMPTY = _figures(Rows())


def _threads(**counts: tuple[int, int, int]) -> tuple[ThreadFigures, ...]:
    return tuple(ThreadFigures(name, *numbers) for name, numbers in counts.items())


def _months(first: str, count: int, number: int = 3) -> Mapping[str, int]:
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return {f"{index // 12:04}-{index % 12 + 1:02}": number for index in range(start, start + count)}


def test_what_is_drawn_is_counted_from_the_rows() -> None:
    figures = _figures(
        Rows(
            posts=[
                post("a:1", "2021-05-01T00:00:00Z", comments_declared=1, comments_captured=1),
                post("a:2", "2021-05-09T00:00:00Z", comments_declared=5, comments_captured=0),
                post("a:3", None, comments_declared=5, comments_captured=4, language=None),
                post("a:4", None, comments_declared=300, comments_captured=301),
                post("a:5", None, comments_declared=0, comments_captured=0),
                post("a:6", None, comments_declared=None, comments_captured=2),
            ],
            comments=[comment("a:1", 0, language=None), comment("a:1", 1, text=None, language=None)],
        )
    )
    assert figures.months == {"2021-05": 2, "undated": 4}
    assert figures.threads == (
        ThreadFigures("1", 1, 0, 0),
        ThreadFigures("2–5", 0, 1, 1),
        ThreadFigures("over 200", 1, 0, 0),
    )
    assert (figures.languages, figures.undecided) == ({"ko": 5}, 2)


CASES: dict[str, dict[str, Any]] = {
    "one-row": {"months": {"2022-10": 1}, "threads": _threads(one=(0, 0, 1)), "languages": {"ko": 1}},
    "only-undated": {"months": {"undated": 9}, "threads": (), "languages": {}, "undecided": 4},
    "200-months": {"months": _months("2008-01", 200), "languages": {f"x{n}": n + 1 for n in range(26)}},
    "ten-millennia": {"months": {"0001-01": 1, "2022-10": 5, "9999-12": 2}},
    "gap": {"months": {"2001-01": 1, "2022-10": 5}},
    "millions": {"months": {"2022-10": 10**9}, "threads": _threads(a=(10**9, 10**6, 1))},
}


@pytest.mark.thorough
@pytest.mark.parametrize("case", CASES)
def test_plots_of_all_sizes_are_small_images_and_the_same_each_time(case: str) -> None:
    figures = dataclasses.replace(EMPTY, **CASES[case])
    drawn = plots(figures)
    assert drawn == plots(figures)
    for plot in drawn:
        assert Image.open(io.BytesIO(plot.png)).size == (1080, 360)
        assert len(plot.png) < 40_000
    expected = [
        any(month != "undated" for month in figures.months),
        bool(figures.threads),
        bool(figures.languages or figures.undecided),
    ]
    assert [plot.path for plot in drawn] == [
        path for path, there in zip(PLOTS, expected, strict=True) if there
    ]


def test_nothing_is_drawn_of_nothing(tmp_path: Path) -> None:
    assert plots(EMPTY) == ()
    export(Rows(), tmp_path / "out", contract=CONTRACT, card=CARD)
    assert not (tmp_path / "out" / "plots").exists()


@examples(6)
@given(
    st.dictionaries(
        st.one_of(st.just("undated"), st.dates().map(lambda day: f"{day:%Y-%m}".rjust(7, "0"))), _NUMBERS
    ),
    st.dictionaries(st.from_regex(r"\A[a-z]{2,3}\Z"), _NUMBERS, max_size=12),
    st.integers(0, 10**7),
)
def test_any_figures_can_be_drawn(months: dict[str, int], languages: dict[str, int], undecided: int) -> None:
    figures = dataclasses.replace(EMPTY, months=months, languages=languages, undecided=undecided)
    assert all(plot.png.startswith(b"\x89PNG") for plot in plots(figures))


def test_the_words_say_what_the_plot_shows() -> None:
    figures = dataclasses.replace(
        EMPTY,
        months={"2021-05": 2, "2021-07": 30, "undated": 4},
        threads=(ThreadFigures("2–5", 7, 2, 1),),
        languages={"en": 1, "ko": 5},
        undecided=3,
    )
    assert [plot.alt for plot in plots(figures)] == [
        "Posts by month of publication, 2021-05 to 2021-07: 32 in all, most in 2021-07 (30). Not shown, for they have no date: 4.",
        "Posts by the number of comments their page declares, and how many of these were captured. 2–5 declared: 7 all, 2 some, 1 none.",
        "Posts and comments by language, where the script decides it: ko 5, en 1, undecided 3.",
    ]


def test_the_card_shows_each_with_its_words(tmp_path: Path) -> None:
    rows = Rows(posts=[post("a:1")])
    export(rows, tmp_path, contract=CONTRACT, card=CARD)
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    for plot in plots(_figures(rows)):
        assert f"\n\n![{plot.alt}]({plot.path})" in card
        assert (tmp_path / plot.path).read_bytes() == plot.png


def _luminance(color: tuple[int, ...]) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in color[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_stand_out_on_a_light_page_and_on_a_dark_one(page: tuple[int, ...]) -> None:
    for name, least in (("_INK", 4.0), ("_BLUE", 3.0), ("_ORANGE", 3.0)):
        text: str = getattr(drawing, name)
        color = tuple(bytes.fromhex(text.removeprefix("#")))
        assert _contrast(color, page) >= least, name


def _pixels(plot: Plot) -> Any:
    return Image.open(io.BytesIO(plot.png)).convert("RGBA")


def test_nothing_is_drawn_behind_them() -> None:
    for plot in plots(dataclasses.replace(EMPTY, **CASES["one-row"])):
        image = _pixels(plot)
        corners = [(0, 0), (1079, 0), (0, 359), (1079, 359)]
        assert [image.getpixel(corner)[3] for corner in corners] == [0, 0, 0, 0]
