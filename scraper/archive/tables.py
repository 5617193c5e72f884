"""The tables of state.sqlite, one SQL script for each step from a format version to the next.

A script is never edited once it was released: what changes comes as a new one at the end.
"""

from typing import Final

# Times are WARC-Dates in UTC, which sort as text. Identifiers have no angle brackets.
# A file's name never has ".open": whether it is still open is seen on disk, so the two cannot disagree.
# visit_captures may name a record that is gone; the metadata record of the visit says the same.
# frontier.after is the last visit that the archive had when the target was added.
_INITIAL: Final = """
CREATE TABLE files (
  file_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE records (
  record_id TEXT PRIMARY KEY,
  file_id INTEGER NOT NULL REFERENCES files,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  type TEXT NOT NULL,
  UNIQUE (file_id, offset)
) STRICT;
CREATE TABLE captures (
  record_id TEXT PRIMARY KEY REFERENCES records ON DELETE CASCADE,
  url TEXT NOT NULL,
  status INTEGER,
  payload_digest TEXT NOT NULL,
  captured_at TEXT,
  captured_at_basis TEXT NOT NULL
) STRICT;
CREATE INDEX captures_by_url ON captures (url, captured_at, payload_digest);
CREATE TABLE revisits (
  record_id TEXT PRIMARY KEY REFERENCES records ON DELETE CASCADE,
  refers_to TEXT NOT NULL
) STRICT;
CREATE TABLE visits (
  visit_id TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL,
  url TEXT NOT NULL,
  site TEXT NOT NULL,
  begun_at TEXT NOT NULL,
  ended_at TEXT,
  whole INTEGER
) STRICT;
CREATE INDEX visits_by_sequence ON visits (sequence);
CREATE INDEX visits_by_url ON visits (url, sequence);
CREATE TABLE visit_captures (
  visit_id TEXT NOT NULL REFERENCES visits ON DELETE CASCADE,
  position INTEGER NOT NULL,
  record_id TEXT NOT NULL,
  PRIMARY KEY (visit_id, position),
  UNIQUE (visit_id, record_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE frontier (
  position INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  after INTEGER NOT NULL,
  outcome TEXT,
  post_id TEXT,
  reason TEXT,
  settled_at TEXT
) STRICT;
CREATE TABLE discoveries (
  position INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  depth INTEGER NOT NULL,
  page INTEGER NOT NULL,
  found_at TEXT NOT NULL,
  looked_at INTEGER NOT NULL,
  UNIQUE (target, kind, url)
) STRICT;
CREATE TABLE robots (
  origin TEXT PRIMARY KEY,
  fetched_at TEXT NOT NULL,
  status INTEGER,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE pace (
  host TEXT PRIMARY KEY,
  next_allowed_at TEXT NOT NULL,
  delay REAL NOT NULL,
  failures INTEGER NOT NULL,
  noted_at TEXT
) STRICT;
CREATE TABLE validators (
  url TEXT PRIMARY KEY,
  etag TEXT,
  last_modified TEXT,
  record_id TEXT NOT NULL
) STRICT;
"""

# The run that made a visit, so that its pages can be judged together; NULL for what was imported.
_RUN_OF_VISIT: Final = "ALTER TABLE visits ADD COLUMN run TEXT"

# A run that was killed has no ended_at. Counts are NULL where the verb does not look for such a thing.
_RUNS: Final = """
CREATE TABLE runs (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL UNIQUE,
  verb TEXT NOT NULL,
  began_at TEXT NOT NULL,
  ended_at TEXT,
  completed INTEGER NOT NULL,
  exit_code INTEGER,
  reason TEXT,
  done INTEGER,
  failed INTEGER,
  refused INTEGER,
  rejected INTEGER,
  skipped INTEGER,
  requests INTEGER,
  bytes INTEGER,
  visited INTEGER,
  new INTEGER,
  changed INTEGER,
  gone INTEGER,
  waiting INTEGER,
  next_due_at TEXT
) STRICT;
"""

# publishes is NULL where a run was to publish nothing; published_at, where it could not, or was killed before.
_PUBLICATION_OF_RUN: Final = """
ALTER TABLE runs ADD COLUMN publishes TEXT;
ALTER TABLE runs ADD COLUMN published_at TEXT;
ALTER TABLE runs ADD COLUMN unpublished_reason TEXT;
"""

# The lines of the ledger that may not be on the medium yet. It is never empty while a run asks anybody for anything, and
# always where one has ended in good order.
_LEDGER_TAIL: Final = """
CREATE TABLE ledger_tail (
  position INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  offset INTEGER NOT NULL,
  line TEXT NOT NULL
) STRICT;
"""

# Changes no table: before it runs, the captures that were imported are told from those of our own visits.
_IMPORTED_IS_ASSERTED: Final = "SELECT 1"

MIGRATIONS: Final[tuple[str, ...]] = (
    _INITIAL,
    _RUN_OF_VISIT,
    _RUNS,
    _PUBLICATION_OF_RUN,
    _LEDGER_TAIL,
    _IMPORTED_IS_ASSERTED,
)
IMPORTED_IS_ASSERTED: Final = MIGRATIONS.index(_IMPORTED_IS_ASSERTED) + 1
