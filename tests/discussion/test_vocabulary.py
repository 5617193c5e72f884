"""Words by language: each stands once, and a reader knows those alone that it is handed."""

import ast
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from scraper.discussion.conventions import Conventions, Layouts, Links
from scraper.discussion.english import ENGLISH
from scraper.discussion.korean import KOREAN
from scraper.discussion.lines.read import read_shown
from scraper.discussion.vocabulary import Patterns, Vocabulary
from scraper.model.capture import Capture
from scraper.page.dates import Zone
from scraper.page.document import Document
from scraper.page.gates import GateRule
from tests.conftest import REPOSITORY

HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
MODULES = sorted((REPOSITORY / "scraper" / "discussion").rglob("*.py"))


def _texts(source: str) -> list[str]:
    """The string constants of a module that are no docstrings."""
    tree = ast.parse(source)
    lone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in lone)
    return [node.value for node in constants if isinstance(node.value, str)]


def test_korean_words_stand_in_the_vocabularies_alone() -> None:
    holding = {path.name for path in MODULES if any(map(HANGUL.search, _texts(path.read_text("utf-8"))))}
    assert holding == {"korean.py", "labels.py", "sales.py", "words.py"}


def test_no_label_of_a_count_stands_twice() -> None:
    source = (REPOSITORY / "scraper" / "discussion" / "korean.py").read_text("utf-8")
    assert len(KOREAN.count_labels) == len(
        re.findall(r': "(?:views|saves|likes|reposts|shares|comments)"', source)
    )


@pytest.mark.parametrize(
    ("text", "korean", "english"),
    [("제목: 봄", True, False), ("Title: spring", False, True), ("title: spring", False, True)],
)
def test_patterns_hold_the_words_of_their_languages(text: str, korean: bool, english: bool) -> None:
    for vocabularies, matches in (
        ((KOREAN,), korean),
        ((ENGLISH,), english),
        ((KOREAN, ENGLISH), True),
    ):
        patterns = Patterns(vocabularies, names="example")
        assert (patterns.title_label.match(text) is not None) is matches


def test_a_language_without_words_of_a_kind_matches_nothing() -> None:
    patterns = Patterns((Vocabulary(count_labels={}),), names="example")
    for pattern in (patterns.composer, patterns.deleted_comment, patterns.follow, patterns.submit):
        assert pattern.fullmatch("") is None


@dataclass(frozen=True)
class _Topic:
    number: str
    is_question: bool = False

    @property
    def url(self) -> str:
        return f"https://forum.example/topic/{self.number}"


def _topic(href: str | None) -> _Topic | None:
    match = re.fullmatch(r"/topic/(\d+)", href or "")
    return _Topic(match[1]) if match else None


def _member(href: str | None) -> str | None:
    match = re.fullmatch(r"/u/(\w+)", href or "")
    return match[1] if match else None


NEVER = re.compile(r"[^\s\S]")
FORUM = Conventions(
    name="forum",
    words=Patterns((KOREAN, ENGLISH), names="forum"),
    links=Links(_member, _topic),
    prompt=GateRule("forum.prompt", NEVER, NEVER, NEVER, NEVER),
    zone=Zone("UTC", "assumed"),
    layouts=Layouts("forum.html/1", "forum.flattened/1", "forum.data/1"),
)
PAGE = """<html><body><article><h1>창가의 화분</h1><a href="/u/haru">하루</a><p>화분에 물을 얼마나 자주 주시나요?</p>
<p>흙이 말랐는지 손가락으로 눌러 보고 있습니다.</p><div>2024년 3월 2일 • 조회 12</div></article><h3>댓글 2</h3><ul>
<li><a href="/u/sol">솔</a><p>일주일에 한 번이면 됩니다.</p></li><li><a href="/u/haru">하루</a><p>고맙습니다!</p></li></ul></body></html>"""


def test_a_page_of_another_site_is_read_by_its_own_links() -> None:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    seen = datetime(2024, 3, 5, tzinfo=UTC)
    topic = _Topic("7")
    capture = Capture("id", topic.url, 200, headers, PAGE.encode(), seen, "observed", "sha256:0")
    record = read_shown(Document(capture).page, capture, topic, FORUM).record
    assert (record.layout, record.post.title, record.post.count("views")) == (
        "forum.html/1",
        "창가의 화분",
        12,
    )
    assert [comment.author and comment.author.native_id for comment in record.comments] == ["sol", "haru"]
    assert [comment.is_post_author for comment in record.comments] == [False, True]
    assert record.post.published is not None
    assert record.post.published.at == datetime(2024, 3, 2, tzinfo=UTC)
