"""What is taken out of a text is told with the post, whichever site reads the page."""

import pytest

from scraper import read_page
from scraper.model.record import Record

LINES = [
    f"On day {day} the ferry to the island left at seven in the morning, and waited for nobody at all."
    for day in range(1, 12)
]
PROMPT = "Subscribe to our weekly newsletter, and we write to you once a week."
WORDPRESS = '<link rel="https://api.w.org/" href="https://blog.example/wp-json/"><meta name="generator" content="WordPress 6.4">'


@pytest.mark.parametrize(
    ("head", "classes"), [("", ""), (WORDPRESS, "single single-post postid-7")], ids=["generic", "wordpress"]
)
def test_a_prompt_is_taken_out_and_told(head: str, classes: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in LINES)
    html = (
        f'<html lang="en"><head><title>The ferry</title>{head}<meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2024-03-05T10:00:00Z"></head>'
        f'<body class="{classes}"><h1>The ferry</h1><div class="words">{text}<p>{PROMPT}</p></div></body></html>'
    )
    record = read_page(html, "https://blog.example/2024/03/the-ferry/")
    assert isinstance(record, Record)
    assert PROMPT not in (record.post.text or "")
    assert LINES[-1] in (record.post.text or "")
    assert PROMPT in [each.text for each in record.post.removed]
