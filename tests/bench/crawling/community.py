"""The pages that are crawled: blog posts of about 20 kB with 14 comments each, on as many hosts as are asked for.

The markup is that of the replica's WordPress, the words are those of its community, put together anew with fixed seeds.
"""

from collections.abc import Iterator
from random import Random
from typing import Final

from tests.bench.pages import Page, _anew, _members, _remarks, _sentences
from tests.replica import wordpress

COMMENTS: Final = 14
_PARAGRAPHS: Final = 20


def host_name(number: int) -> str:
    """The name of a host, from 0."""
    return f"blog-{number}.example"


def blog_pages(count: int, hosts: int, port: int) -> Iterator[Page]:
    """So many posts, shared out among so many hosts in turn, under URLs with this port."""
    people, sentences, remarks = _members(), _sentences(), _remarks()
    for number in range(count):
        random = Random(f"blog {number}")
        order = iter(range(1, COMMENTS + 1))
        thread = tuple(
            wordpress.Remark(
                1_000 * number + each,
                1 + (each % 3 == 0),
                random.choice(people).name,
                1 + each,
                (f"{_anew(random, remarks)} ({random.randrange(10_000)})",),
            )
            for each in order
        )
        paragraphs = (
            " ".join(f"{_anew(random, sentences)} ({random.randrange(10_000)})." for _ in range(3))
            for _ in range(_PARAGRAPHS)
        )
        entry = wordpress.Entry(
            number + 1,
            f"post-{number + 1}",
            3,
            _anew(random, sentences)[:40].strip(),
            "\n".join(f"<p>{text}</p>" for text in paragraphs),
            tags=("기록",),
            pages=(thread,),
            declared=COMMENTS,
        )
        site = f"http://{host_name(number % hosts)}:{port}"
        yield Page(site + entry.path, wordpress._post(entry, 1).replace(wordpress.SITE, site))
