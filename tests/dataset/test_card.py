"""The card: its YAML, its numbers and its statements."""

import dataclasses
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCard, DatasetCardData

from scraper.dataset.card import ConfigCard, dataset_card
from scraper.dataset.context import CardContext
from scraper.dataset.figures import Figures, Tally
from scraper.dataset.sections import named_after
from tests.dataset.rows import CARD, CONTRACT, Rows, comment, metric, post

ROWS = Rows(
    posts=[
        post("a:1", "2020-01-01T00:00:00Z"),
        post("a:2", "2022-01-01T00:00:00Z", comments_declared=5, comments_captured=5, access="full"),
        post("a:3", None, comments_declared=None, captured_at=None, captured_at_basis="unknown"),
        post(
            "b.example.org:4",
            None,
            counts_raw=[{"name": "views", "raw": "14,757"}],
            captured_at="2021-05-06T00:00:00Z",
        ),
    ],
    comments=[
        comment("a:1", 0, removed=[{"rule": "footer", "text": "바닥글"}], language="en"),
        comment("a:2", 0, redactions=[{"kind": "phone", "count": 3}]),
    ],
    metrics=[metric("a:1", None, views=1)],
)


def _figures(rows: Rows) -> Figures:
    tally = Tally()
    for config in CONTRACT.configs:
        for row in rows.rows(config):
            tally.see(config, row)
    return tally.figures()


def _card(rows: Rows = ROWS, context: CardContext = CARD) -> str:
    figures = _figures(rows)
    configs = [
        ConfigCard(
            name,
            CONTRACT.description(name),
            CONTRACT.columns(name),
            (),
            f"sha256:{name}" if name in figures.rows else None,
        )
        for name in CONTRACT.configs
    ]
    return dataset_card(context, CONTRACT.version, configs, figures)


def _yaml(card: str) -> dict[str, Any]:
    block: dict[str, Any] = yaml.safe_load(card.split("---\n")[1])
    return block


def test_figures_count_what_the_rows_say() -> None:
    figures = _figures(ROWS)
    assert figures.rows == {"comments": 2, "metrics": 1, "posts": 4}
    assert [(site.site, site.posts, site.comments, site.years, site.undated) for site in figures.sites] == [
        ("a", 3, 2, ("2020", "2022"), 1),
        ("b.example.org", 1, 0, None, 1),
    ]
    assert figures.access == {"full": 1, "partial": 3}
    assert figures.languages == {"en": 1, "ko": 5}
    comments = figures.comments
    assert (comments.declared, comments.captured, comments.short, comments.silent) == (9, 7, 2, 1)
    assert figures.removed == {"footer": 1, "sign-up-prompt": 4}
    assert figures.redactions == {"email": 8, "phone": 3}
    assert figures.signals == {"meta robots": 4}
    assert figures.captured == ("2021-05-06T00:00:00Z", "2023-01-02T03:04:05.500000Z")
    assert figures.capture_basis == {"observed": 3, "unknown": 1}
    assert (figures.undated_captures, figures.assumed_zones, figures.rounded_counts) == (1, 2, 3)


def test_the_yaml_names_each_config_that_has_rows_and_no_other() -> None:
    block = _yaml(_card())
    assert [config["config_name"] for config in block["configs"]] == ["posts", "comments", "metrics"]
    assert block["configs"][0] == {
        "config_name": "posts",
        "default": True,
        "data_files": [{"split": "train", "path": "data/posts/*.parquet"}],
    }
    info = block["dataset_info"]
    assert [(config["config_name"], config["description"]) for config in info] == [
        ("posts", "sha256:posts"),
        ("comments", "sha256:comments"),
        ("metrics", "sha256:metrics"),
    ]
    assert all("splits" not in config for config in info)
    assert "| `revisions` | none, so it cannot be loaded |" in _card()


def test_the_yaml_has_what_the_hub_asks_for() -> None:
    block = _yaml(_card())
    read = yaml.safe_load(DatasetCard(_card()).data.to_yaml())
    assert read == block
    infos = DatasetInfosDict.from_dataset_card_data(DatasetCard(_card()).data)
    assert {name: info.features.keys() for name, info in infos.items()} == {
        info["config_name"]: {feature["name"] for feature in info["features"]}
        for info in block["dataset_info"]
    }
    assert not any(info.splits for info in infos.values())
    assert block["pretty_name"] == "커뮤니티 글"
    assert block["language"] == ["en", "ko"]
    assert block["size_categories"] == ["n<1K"]


def test_the_yaml_says_what_the_rows_are_in_the_words_of_the_hub() -> None:
    block = _yaml(_card())
    assert block["multilinguality"] == ["multilingual"]
    assert block["annotations_creators"] == ["no-annotation"]
    assert block["source_datasets"] == ["original"]
    assert block["task_categories"] == ["text-classification"]
    answered = Rows(posts=ROWS.posts, comments=[comment("a:1", 0, kind="answer")])
    assert _yaml(_card(answered))["task_categories"] == ["text-classification", "question-answering"]
    assert _yaml(_card(answered))["multilinguality"] == ["monolingual"]
    undecided = Rows(posts=[*ROWS.posts, post("a:9", None, language=None)])
    assert _yaml(_card(undecided))["language"] == ["ko"]
    assert "multilinguality" not in _yaml(_card(undecided))
    known = inspect.signature(DatasetCardData).parameters.keys() | {"dataset_info", "configs"}
    assert block.keys() <= known | {"tags", "license_name"}


def test_rights_personal_data_and_gaps_stand_before_the_fields() -> None:
    titles = re.findall(r"^## (.*)$", _card(), re.MULTILINE)
    before = titles[: titles.index("Fields")]
    assert {"Rights", "Personal data", "How to ask for removal", "Known gaps"} <= set(before)


def test_flattened_threads_and_removed_comments_are_counted() -> None:
    flat = [comment("a:1", number, depth=None) for number in range(2)] + [comment("a:2", 0, depth=None)]
    card = _card(
        Rows(
            posts=ROWS.posts,
            comments=[*flat, comment("a:2", 1, status="placeholder", text=None, language=None)],
        )
    )
    assert "| comments without a depth | 3 | 4 comments |" in card
    assert "is not known in 2 threads" in card
    assert "| comments removed on the site | 1 | 4 comments |" in card


def test_the_form_of_a_request_stands_on_the_card() -> None:
    assert "```csv\nwhat,why,when\n" in _card()


@pytest.mark.parametrize(
    ("license_name", "expected"),
    [
        (None, {"license": "unknown"}),
        ("CC-BY-4.0", {"license": "cc-by-4.0"}),
        ("My Licence, v2", {"license": "other", "license_name": "my-licence-v2"}),
        ("원저작자 소유", {"license": "other", "license_name": "other"}),
    ],
)
def test_a_licence_the_hub_does_not_know_is_named_as_it_asks(
    license_name: str | None, expected: dict[str, str]
) -> None:
    block = _yaml(_card(context=dataclasses.replace(CARD, license=license_name)))
    assert {key: block[key] for key in block if key.startswith("license")} == expected


@pytest.mark.parametrize(
    ("posts", "size"), [(999, "n<1K"), (1000, "1K<n<10K"), (10_000, "10K<n<100K"), (10**12, "n>1T")]
)
def test_the_size_is_in_the_words_of_the_hub(posts: int, size: str) -> None:
    figures = dataclasses.replace(_figures(Rows()), rows={"posts": posts})
    assert _yaml(dataset_card(CARD, CONTRACT.version, [], figures))["size_categories"] == [size]


@pytest.mark.parametrize(
    "sentence",
    [
        "4 posts and 2 comments from 2 sites.",
        "| a | 3 | 2 | 2020 to 2022 | 1 |",
        "| b.example.org | 1 | 0 | unknown | 1 |",
        "| `partial` | 3 |",
        "Pages declare 9 comments, of which 7 were captured (77.8%).",
        "Posts with fewer captured than declared: 2.",
        "| `footer` | 1 |",
        "telephone numbers by `⟨phone⟩` (3)",
        "were made between 2021-05-06 and 2023-01-02.",
        "| posts with a rounded count | 3 | 4 posts |",
        "| posts and comments with an assumed zone | 2 | 4 posts, 2 comments |",
        "| posts without a date | 2 | 4 posts |",
        "| posts with fewer comments captured than declared | 2 | 4 posts | 2 comments in all",
        "| comments without a date | 2 | 2 comments |",
        "| comments without an author | 2 | 2 comments |",
        "| posts with pictures | 4 | 4 posts | pictures are kept only where the operator asked for them (`crawl --images`)",
        "Write to archive@example.org",
        "pseudonymous and still personal data",
        "private by default",
        "Our own visits raise the view counts",
        'posts = load_dataset("OWNER/NAME", "posts", split="train")  # or the folder',
        "  year = {2023},",
    ],
)
def test_the_card_says_in_words_and_numbers(sentence: str) -> None:
    assert sentence in _card()


def test_each_column_of_a_config_with_rows_is_in_its_table() -> None:
    card = _card()
    for config in ("posts", "comments", "metrics"):
        table = card.split(f"### {config}\n\n| column")[1].split("\n\n")[0]
        for column in CONTRACT.columns(config):
            assert f"| `{column.name}` | `" in table
    assert "| `removed.rule` | `string` | no |" in card


def test_the_operators_words_stand_as_they_are_written() -> None:
    context = dataclasses.replace(
        CARD,
        rights_statement="Only for $research | study.",
        contact=None,
        names="named",
        scrub=(),
        title="A\n| $b",
    )
    card = _card(context=context)
    assert "Only for $research | study." in card
    assert "# A | $b\n" in card
    assert "Open a discussion on this dataset's page" in card
    assert "carries the names" in card
    assert "were left as they stood" in card


def test_nothing_of_the_template_is_left_unfilled_and_no_time_of_export_stands_in_it() -> None:
    card = _card()
    assert re.findall(r"\$[a-z_]+", card) == []
    assert _card() == card


def test_an_empty_dataset_has_a_card_without_configs() -> None:
    card = _card(Rows())
    assert not {"configs", "dataset_info", "language"} & _yaml(card).keys()
    assert card.count("This dataset has no rows yet") == 4


def test_the_template_is_shipped_beside_the_schema() -> None:
    settings = Path(__file__).resolve().parents[2].joinpath("pyproject.toml").read_text(encoding="utf-8")
    assert '"dataset_card.md" = "scraper/_schema/dataset_card.md"' in settings


@pytest.mark.parametrize(
    ("sites", "title"),
    [
        ([], "Posts and comments"),
        (["a"], "Posts and comments from a"),
        (["a", "b.org"], "Posts and comments from a and b.org"),
        (["a", "b.org", "c"], "Posts and comments from a, b.org and c"),
        (["a", "b.org", "c", "d"], "Posts and comments from 4 sites"),
    ],
)
def test_a_dataset_without_a_title_is_named_after_its_sites(sites: list[str], title: str) -> None:
    assert named_after(sites) == title
