"""Arrow types and the card's features block, both from the contract."""

from typing import Any

import pyarrow as pa
import pytest
from datasets import Features

from scraper.dataset.features import arrow_schema, card_features, column_names
from tests.dataset.rows import CONTRACT


@pytest.mark.parametrize("config", CONTRACT.configs)
def test_the_card_features_are_what_datasets_itself_writes_for_the_arrow_schema(config: str) -> None:
    columns = CONTRACT.columns(config)
    assert card_features(columns) == Features.from_arrow_schema(arrow_schema(columns))._to_yaml_list()


@pytest.mark.parametrize("config", CONTRACT.configs)
def test_a_column_may_be_null_in_arrow_exactly_where_the_schema_lets_it(config: str) -> None:
    columns = CONTRACT.columns(config)
    assert [(field.name, field.nullable) for field in arrow_schema(columns)] == [
        (column.name, column.nullable) for column in columns
    ]


@pytest.mark.parametrize(
    ("name", "arrow"),
    [
        ("post_id", pa.string()),
        ("published_at", pa.timestamp("us", tz="UTC")),
        ("views", pa.int64()),
        ("tags", pa.list_(pa.field("element", pa.string(), nullable=False))),
        (
            "redactions",
            pa.list_(
                pa.field(
                    "element",
                    pa.struct(
                        [
                            pa.field("kind", pa.string(), nullable=False),
                            pa.field("count", pa.int64(), nullable=False),
                        ]
                    ),
                    nullable=False,
                )
            ),
        ),
    ],
)
def test_columns_have_the_types_of_the_design(name: str, arrow: pa.DataType) -> None:
    assert arrow_schema(CONTRACT.columns("posts")).field(name).type == arrow


def test_a_truth_value_is_a_bool() -> None:
    assert arrow_schema(CONTRACT.columns("comments")).field("is_accepted").type == pa.bool_()


@pytest.mark.parametrize(
    ("config", "gone"),
    [
        (
            "posts",
            {
                "section",
                "title",
                "text",
                "author_name",
                "published_raw",
                "edited_raw",
                "tags",
                "links",
                "images",
                "access_evidence.detail",
                "removed.text",
            },
        ),
        ("comments", {"text", "author_name", "published_raw", "edited_raw", "removed.text"}),
        ("metrics", set()),
        ("revisions", {column.name for column in CONTRACT.columns("revisions")}),
    ],
)
def test_the_form_without_text_lacks_just_what_people_wrote(config: str, gone: set[str]) -> None:
    bare = CONTRACT.without_content()
    columns = bare.columns(config) if config in bare.configs else ()
    left: list[Any] = list(column_names(columns))
    assert left == [name for name in column_names(CONTRACT.columns(config)) if name not in gone]
