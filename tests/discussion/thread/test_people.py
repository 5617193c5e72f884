"""Who wrote a record, where more than a name stands at the place of the names."""

from tests.discussion.thread.test_replies import NAMES, TEXTS, thread

HEADLINES = ("Designer at Lake & Co", "3년 차 개발자", "Tischlerin", "마케터")


def test_what_stands_behind_the_link_to_a_person_is_no_part_of_the_name() -> None:
    html = "".join(
        f'<div class="comment" id="c-{at + 70}"><div class="flex Author_root"><a href="/profiles/{at}"><img src="/{at}.png" alt=""></a><div>'
        f'<a href="/profiles/{at}">{name}</a><p>{HEADLINES[at]}</p></div></div>'
        f'<time datetime="2024-05-0{at + 1}T10:00:00Z">day</time><p class="text">{TEXTS[at]}</p></div>'
        for at, name in enumerate(NAMES)
    )
    records = thread(html).records
    assert [record.author and record.author.name for record in records] == list(NAMES)
    assert [record.text for record in records] == list(TEXTS)
