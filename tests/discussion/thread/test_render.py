"""The words of a record as Markdown: what it stands in leaves no mark, what stands in it does."""

from tests.discussion.thread.test_replies import NAMES, TEXTS, thread


def _item(at: int, body: str) -> str:
    return (
        f'<li class="comment" id="c-{at + 70}"><a class="author" href="/user/{at}">{NAMES[at]}</a>'
        f'<time datetime="2024-05-0{at + 1}T10:00:00Z">day</time>{body}</li>'
    )


def test_an_item_that_is_a_record_leaves_no_mark_and_a_list_in_it_does() -> None:
    steps = f"{TEXTS[2]}</p><ul><li>erstens</li><li>zweitens</li></ul>"
    html = (
        f"<ul>{_item(0, f'<p>{TEXTS[0]}</p>')}{_item(1, f'<p>{TEXTS[1]}</p>')}{_item(2, f'<p>{steps}')}</ul>"
    )
    assert [record.text for record in thread(html).records] == [
        TEXTS[0],
        TEXTS[1],
        f"{TEXTS[2]}\n\n- erstens\n- zweitens",
    ]


def test_line_breaks_show_where_no_person_put_them_between_tags() -> None:
    lines = f"{TEXTS[0]}\n{TEXTS[3]}\n\n{TEXTS[1]}"
    items = [_item(at, f'<p class="text">{lines if at == 1 else TEXTS[at]}</p>') for at in range(3)]
    assert thread(f"<ul>{''.join(items)}</ul>").records[1].text == lines
    wrapped = thread("<ul>\n" + "\n".join(items) + "\n</ul>").records[1].text
    assert wrapped == f"{TEXTS[0]} {TEXTS[3]} {TEXTS[1]}"
