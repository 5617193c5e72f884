"""The README of a dataset that was written in a format other than Parquet: what it is, and how it is read back."""

from collections.abc import Mapping
from string import Template
from typing import Final

from scraper.dataset import sections
from scraper.dataset.context import CardContext
from scraper.dataset.csv_files import GUARD, LONGEST_CELL
from scraper.dataset.figures import Figures
from scraper.dataset.layout import CSV_FILES
from scraper.dataset.threads import DEEPEST
from scraper.records.contract import Contract

_README: Final = Template("""\
# $title

$summary

$what Schema $schema_version, written by $software. `manifest.json` names each file with its SHA-256, and each column with its type.
An unknown value is null: never 0, and never a guess. Times are UTC.$without

## How to read it

$reading

## Columns

$fields

## Rights

$rights

Signals about rights that the pages carried stand in the column `rights`, verbatim. $signals

## Personal data

$names

$redactions

This is pseudonymous and still personal data: a text can be searched for and led back to the person who wrote it. Do not try to
find out who somebody is, do not link these rows with other data about people, and keep to the law that holds for you (such as the
GDPR, or Korea's PIPA). A later export lacks what was taken down since: make copies that you can find again.

## How to ask for removal

$removal
""")

_WITHOUT_TEXT: Final = "\n\nThis is the form without text: ids, metadata and counts. What people wrote is left out, and so are all revisions."

_WHAT: Final[Mapping[str, str]] = {
    "csv": "This is the dataset as CSV, one file a table: $tables.",
    "jsonl": "This is the dataset as JSON lines: `posts.jsonl` has a line for each post, with its comments, metrics and revisions in it.",
    "convokit": "This is the dataset as a corpus of [ConvoKit](https://convokit.cornell.edu/): each post is a conversation, and "
    "the post and each of its comments are an utterance.",
}

_READING: Final[Mapping[str, str]] = {
    "csv": f"""\
UTF-8 with a byte order mark, commas, lines ended by CR LF, cells quoted as in RFC 4180; a cell may hold line breaks.

- **An empty cell is null.** No text is empty, so nothing else can be meant; an empty list is `[]`.
- **A text cell that begins with `{GUARD}` has one `{GUARD}` too many.** It stands before texts that begin with `=`, `+`, `-`, `@`, a tab or a
  line break (a spreadsheet would run them as a formula), with a full-width one of these, that are a number by their looks, or that begin with
  `{GUARD}` themselves. Take one `{GUARD}` off every text cell that begins with one, and all are as they were.
- Lists and structs are JSON. Times are ISO 8601, booleans `true` and `false`.
- Excel keeps {LONGEST_CELL:,} characters of a cell and 1,048,576 rows of a file. Programs read all; what Excel saves may be less.

With pandas, each column of its type:

```python
import json

import pandas
import pyarrow


def read(table):
    with open("manifest.json", encoding="utf-8") as file:
        types = json.load(file)["columns"][table]
    frame = pandas.read_csv(
        f"{{table}}.csv", dtype=pandas.ArrowDtype(pyarrow.string()), keep_default_na=False, na_values=[""], encoding="utf-8-sig"
    )
    for name, kind in types.items():
        if kind == "string":
            frame[name] = frame[name].str.removeprefix("{GUARD}")
        elif kind == "int64":
            frame[name] = frame[name].astype("int64[pyarrow]")
        elif kind == "bool":
            frame[name] = frame[name].map({{"true": True, "false": False}}).astype("bool[pyarrow]")
        elif kind.startswith("timestamp"):
            frame[name] = frame[name].astype("timestamp[us, tz=UTC][pyarrow]")
        else:
            frame[name] = frame[name].map(json.loads, na_action="ignore")
    return frame


posts, comments = read("posts"), read("comments")
print(posts[["post_id", "published_at", "views"]])
```
""",
    "jsonl": f"""\
UTF-8, one JSON object a line. A post's `comments` are those that answer the post, or of which the page does not say what they answer; each has
its own `replies`, in the order of the page. `parent` says which: `comment`, `post` or `unknown`. Threads are nested {DEEPEST} levels deep, for
readers of JSON take no more than some hundreds: what lies deeper stands behind what it answers, and its `parent_id` names that.
`metrics` and `revisions` lack the columns that their place says already.

```python
import json

with open("posts.jsonl", encoding="utf-8") as lines:
    for line in lines:
        post = json.loads(line)
        waiting = list(post["comments"])
        while waiting:
            comment = waiting.pop()
            waiting += comment["replies"]
            print(post["post_id"], comment["parent"], comment["comment_id"], comment["depth"])
```
""",
    "convokit": """\
```
from convokit import Corpus

corpus = Corpus(filename="this-folder")
```

- An utterance answers the comment that its `reply_to` names. Where the page does not say what a comment answers, `reply_to` is the post, and
  the metadata `parent` is `unknown`; where it answers the post it is `post`, else `comment`.
- A text that is not known is empty, as ConvoKit wants it: of a deleted comment (`status` says `placeholder` or `absent`), which keeps its place in
  the thread, or where a gate withheld it. No other text is empty.
- A speaker is an `author_id`. Whoever is not known is a speaker of one utterance (`unknown:` and its id, metadata `known` false), never one person.
- `timestamp` is in seconds since 1970, or null where it is not known; `published_precision` says how exact it is.
- All other columns are metadata: those of a post, with its `metrics`, of its conversation; those that comments have too of each utterance, with its
  `revisions`.

ConvoKit sorts answers by time when it walks a thread, and stops at a null. Where the order of the page will do instead:

```
for utterance in corpus.iter_utterances():
    utterance.timestamp = -1 if utterance.meta["position"] is None else utterance.meta["position"]
```
""",
}


def readme(
    data_format: str, contract: Contract, figures: Figures, card: CardContext, *, with_text: bool
) -> str:
    """The text of README.md. It depends on its arguments alone: no clock, no paths."""
    tables = ", ".join(f"`{CSV_FILES[config]}`" for config in contract.configs)
    return _README.substitute(
        title=sections.one_line(card.title),
        summary=sections.summary(figures),
        what=Template(_WHAT[data_format]).substitute(tables=tables),
        schema_version=contract.version,
        software=sections.one_line(card.software),
        without="" if with_text else _WITHOUT_TEXT,
        reading=_READING[data_format].rstrip(),
        fields="\n\n".join(sections.fields(config, contract.columns(config)) for config in contract.configs),
        rights=sections.rights(card.license, card.rights_statement),
        signals=sections.signals(figures.signals),
        names=sections.names(card.names),
        redactions=sections.redactions(card.scrub, figures.redactions),
        removal=sections.removal(card.contact),
    )
