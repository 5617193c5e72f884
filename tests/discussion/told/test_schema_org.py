"""Posts and threads in schema.org's words: every way to write them, and none that breaks the reader."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scraper.discussion.told.schema_org import read_schema_org
from scraper.discussion.told.telling import Frame, Telling
from scraper.model.record import Person
from scraper.model.url import Base
from scraper.page.dates import Zone
from scraper.page.microdata import Microdata

URL = "https://village.example/talk/12"
FRAME = Frame((URL,), Base(URL), Zone("UTC", "assumed"), None)


def tell(*values: object) -> Telling:
    telling = read_schema_org(values, Microdata(), FRAME)
    assert telling is not None
    return telling


def comment(text: str, **more: Any) -> dict[str, Any]:
    return {"@type": "Comment", "text": text, "author": {"@type": "Person", "name": "이세찬"}, **more}


def topic(*comments: object, **more: Any) -> dict[str, Any]:
    return {"@type": "DiscussionForumPosting", "headline": "눈 오는 날", "comment": list(comments), **more}


def test_comments_that_answer_comments_stand_below_them() -> None:
    told = tell(
        topic(comment("첫째", comment=comment("그 답", comment=[comment("또 그 답")])), comment("둘째"))
    )
    assert [(each.text, each.parent, each.depth) for each in told.comments] == [
        ("첫째", None, 0),
        ("그 답", 0, 1),
        ("또 그 답", 1, 2),
        ("둘째", None, 0),
    ]
    assert {each.parent_basis for each in told.comments} == {None, "stated"}


def test_comments_in_one_row_say_nothing_of_their_depth() -> None:
    assert [each.depth for each in tell(topic(comment("첫째"), comment("둘째"))).comments] == [None, None]


def test_a_question_has_answers_of_which_one_is_accepted() -> None:
    told = tell(
        {
            "@type": "QAPage",
            "mainEntity": {
                "@type": "Question",
                "name": "How do I thaw a frozen lock?",
                "answerCount": 2,
                "upvoteCount": "-3",
                "acceptedAnswer": {"@type": "Answer", "text": "With warm hands.", "upvoteCount": 5},
                "suggestedAnswer": [{"@type": "Answer", "text": "Wait for spring."}],
            },
        }
    )
    assert told.post.kind == "question"
    assert [(count.name, count.value) for count in told.post.counts] == [("comments", 2), ("score", -3)]
    assert [(each.kind, each.is_accepted) for each in told.comments] == [("answer", True), ("answer", False)]
    assert [each.score.value if each.score else None for each in told.comments] == [5, None]


def test_answers_and_their_comments_are_declared_only_where_each_says_its_number() -> None:
    def question(**of_answer: Any) -> Telling:
        answer = {
            "@type": "Answer",
            "text": "With warm hands.",
            "comment": [comment("It worked.")],
            **of_answer,
        }
        return tell(
            {
                "@type": "Question",
                "author": "Ann",
                "answerCount": 1,
                "commentCount": 0,
                "suggestedAnswer": answer,
            }
        )

    assert question().post.counts == ()
    assert [count.value for count in question(commentCount=4).post.counts] == [5]


def test_objects_may_be_texts_and_lists_may_be_single() -> None:
    told = tell(
        topic(
            author="Kim", comment={"text": "it thawed", "author": ["Ann Miller"], "dateCreated": "2024-05-01"}
        )
    )
    assert told.post.author == Person(None, "Kim")
    assert told.comments[0].author == Person(None, "Ann Miller")
    assert told.comments[0].published is not None


def test_objects_may_stand_elsewhere_under_their_id() -> None:
    told = tell(
        {
            "@graph": [
                {
                    "@id": "#p",
                    "@type": "Person",
                    "name": "김하나",
                    "url": "https://village.example/user/hana",
                },
                {"@type": "BlogPosting", "author": {"@id": "#p"}, "comment": [{"@id": "#c1"}], "url": URL},
                {"@id": "#c1", "@type": "Comment", "text": "잘 읽었습니다", "author": {"@id": "#p"}},
            ]
        }
    )
    assert told.post.author == Person("/user/hana", "김하나")
    assert [each.author for each in told.comments] == [Person("/user/hana", "김하나")]


def test_numbers_of_interactions_come_as_objects_and_as_texts() -> None:
    def counter(action: object, number: object) -> dict[str, object]:
        return {"@type": "InteractionCounter", "interactionType": action, "userInteractionCount": number}

    told = tell(
        topic(
            interactionStatistic=[
                counter("https://schema.org/ViewAction", "1,410"),
                counter({"@type": "LikeAction"}, 7),
                counter({"@id": "http://schema.org/ReplyAction"}, 3),
                "UserTweets:2",
                counter("https://schema.org/FollowAction", 99),
            ]
        )
    )
    assert {count.name: count.value for count in told.post.counts} == {
        "comments": 3,
        "views": 1410,
        "likes": 7,
        "shares": 2,
    }


def test_html_and_character_references_in_a_text_are_read() -> None:
    told = tell(topic(comment("<p>one</p><p>two &amp; three</p>"), comment("snow &#8211; ice")))
    assert [each.text for each in told.comments] == ["one\n\ntwo & three", "snow – ice"]


def test_an_address_that_all_comments_share_is_none_of_theirs() -> None:
    own = tell(
        topic(comment("첫째", url=f"{URL}#c-71"), comment("둘째", url="#c-72"), comment("셋째", url=URL))
    )
    assert [(each.url, each.native_id) for each in own.comments] == [
        (f"{URL}#c-71", "71"),
        (f"{URL}#c-72", "72"),
        (None, None),
    ]


def test_a_list_of_posts_tells_of_none_and_questions_that_nobody_asked_of_no_thread() -> None:
    posts = [{"@type": "BlogPosting", "headline": f"{at}", "url": f"{URL}-{at}"} for at in range(3)]
    asked = {
        "@type": "Question",
        "name": "Is it open?",
        "acceptedAnswer": {"@type": "Answer", "text": "Yes."},
    }
    assert read_schema_org(posts, Microdata(), FRAME) is None
    assert read_schema_org([{"@type": "FAQPage", "mainEntity": [asked]}], Microdata(), FRAME) is None
    assert read_schema_org([asked], Microdata(), FRAME) is None


KEYS = st.sampled_from(
    [
        "@type",
        "@id",
        "@graph",
        "comment",
        "acceptedAnswer",
        "author",
        "name",
        "text",
        "url",
        "parentItem",
        "datePublished",
        "dateModified",
        "interactionStatistic",
        "interactionType",
        "userInteractionCount",
        "upvoteCount",
        "answerCount",
        "mainEntity",
    ]
)
TEXTS = st.sampled_from(
    (
        "Comment",
        "Question",
        "BlogPosting",
        "Answer",
        "",
        "#a",
        "3",
        "-1",
        "99+",
        "2024-05-01",
        "<b",
        "&#x;",
        "http://[",
        "눈",
    )
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=40,
)


@given(VALUES)
def test_no_shape_of_data_breaks_it(value: Any) -> None:
    telling = read_schema_org(
        [value, {"@type": "DiscussionForumPosting", "comment": value}], Microdata(), FRAME
    )
    for at, each in enumerate(telling.comments if telling else ()):
        assert each.parent is None or each.parent != at


def test_comments_that_answer_each_other_in_a_circle_answer_none() -> None:
    told = tell(
        topic(
            comment("첫째", **{"@id": "#1", "parentItem": "#2"}),
            comment("둘째", **{"@id": "#2", "parentItem": "#1"}),
        )
    )
    assert None in [each.parent for each in told.comments]
