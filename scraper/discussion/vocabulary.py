"""The words that pages say around a post: alternatives by language, and the patterns that are made of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from scraper.model.record import CountName
from scraper.page.counts import NUMBER

# Labels of counts in no language.
_SYMBOLS: Final[dict[str, CountName]] = {
    "👀": "views",
    "👁": "views",
    "🔖": "saves",
    "👍": "likes",
    "❤": "likes",
    "♥": "likes",
    "♡": "likes",
    "💬": "comments",
}
_NOTHING: Final = r"[^\s\S]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of one language. Each text holds the alternatives of a pattern; empty where the language has none.

    ``count_labels`` gives for the label of a count its name. ``reply`` labels the number of a comment's replies,
    ``answer`` that of a question's answers. ``label_suffix`` may follow a label and ``counter`` a number;
    ``counter_before`` stands between a number and the label of a thread, ``total`` before a count; the labels ``behind`` stand
    behind a number without one.
    """

    count_labels: Mapping[str, CountName]
    reply: str = ""
    answer: str = ""
    label_suffix: str = ""
    counter: str = ""
    counter_before: str = ""
    behind: str = ""
    total: str = ""
    # What stands before a title, a date, an address, a name or tags; ``field`` are whole facts that say none of these.
    field: str = ""
    title_label: str = ""
    date_label: str = ""
    address_label: str = ""
    name_label: str = ""
    name_opening: str = ""
    signature: str = ""
    tag_label: str = ""
    # What stands behind a date.
    date_suffix: str = ""
    # Buttons: all of them, those to follow a person, those that stand with comments, and the one that sends a comment.
    action: str = ""
    follow: str = ""
    comment_action: str = ""
    submit: str = ""
    edited: str = ""
    badge: str = ""
    pinned: str = ""
    accepted: str = ""
    deleted_comment: str = ""
    nobody: str = ""
    # How sentences end, how their parts do, and how texts do that end without a full stop.
    verb_ending: str = ""
    particle: str = ""
    informal_ending: str = ""
    # Parts of a page that are no post: headings of other posts, small print, what the site says of itself and what
    # the button beside that says, invitations to comment, menus.
    related: str = ""
    imprint: str = ""
    policies: str = ""
    notice: str = ""
    consent: str = ""
    composer: str = ""
    menu: str = ""
    # Titles of a page that name the kind of page, and not what stands on it.
    generic_title: str = ""
    login_title: str = ""
    error_title: str = ""


def union(vocabularies: Sequence[Vocabulary]) -> Vocabulary:
    """The words of several languages: of each text one group with the alternatives of all, which matches nothing where they have none."""
    texts = [asdict(each) for each in vocabularies]
    labels = {label: name for each in texts for label, name in each.pop("count_labels").items()}
    groups = {name: "|".join(filter(None, (each[name] for each in texts))) for name in texts[0]}
    return Vocabulary(
        count_labels=labels, **{name: f"(?:{group})" if group else _NOTHING for name, group in groups.items()}
    )


class Patterns:
    """What the words of some languages look like on pages of a site that goes by ``names``, alternatives too."""

    def __init__(self, vocabularies: Sequence[Vocabulary], names: str) -> None:
        words = union(vocabularies)
        self.count_names: Final[dict[str, CountName]] = {**words.count_labels, **_SYMBOLS}
        label = "|".join(self.count_names)
        any_label = rf"(?P<label>{label}|{words.reply})(?:\s?{words.label_suffix})?"
        threads = "|".join(word for word, name in words.count_labels.items() if name == "comments")
        self.count: Final = re.compile(
            rf"(?:{any_label}\s?(?::\s?|[(\[]\s?)?(?P<number>{NUMBER})\s?{words.counter}?[)\]]?"
            rf"|(?P<first>{NUMBER})\s?(?:{words.counter_before}\s?(?P<named>{threads}|{words.reply})|(?P<behind>{words.behind})))"
        )
        # A number behind a label that no language here has.
        self.other_count: Final = re.compile(
            rf"(?P<label>[^\W\d](?:[^\d]{{0,18}}[^\W\d])?)\s:?\s?(?P<number>{NUMBER})\s?{words.counter}?"
        )
        self.label_opening: Final = re.compile(rf"(?P<label>{label})")
        self.label_alone: Final = re.compile(rf"{any_label}(?:\s?:)?")
        self.number_alone: Final = re.compile(rf"{NUMBER}{words.counter}?")
        self.total: Final = re.compile(rf"\A{words.total}\s*\Z")
        self.reply: Final = re.compile(words.reply)
        self.answer: Final = re.compile(words.answer)

        # ``❤`` with the selector that colours it: text that was not made plain has it.
        action = rf"{words.action}|{label}|{words.reply}|❤\ufe0f"
        self.action: Final = re.compile(action)
        self.follow: Final = re.compile(rf"\+?\s?{words.follow}")
        self.comment_action: Final = re.compile(words.comment_action)
        self.submit: Final = re.compile(words.submit)
        address = rf"(?i:{words.address_label}\s?:\s?https?://\S+)"
        # What a line of facts is made of. The group that matched says what a part is.
        self.part: Final = re.compile(
            rf"(?P<label_alone>{any_label}(?:\s?:)?)|(?P<action>{action})|(?P<badge>{words.badge})"
            rf"|(?P<accepted>{words.accepted})|(?P<number>{NUMBER}{words.counter}?)|(?P<fact>{words.field}|{words.pinned}|{address})"
        )
        self.separator: Final = re.compile(r"\s*[•·∙・|ㆍ⋅‧]\s*")
        self.edited: Final = re.compile(rf"\(?{words.edited}\)?")
        self.edited_suffix: Final = re.compile(rf"\s*\({words.edited}\)\s*\Z")
        self.around_date: Final = re.compile(rf"\A{words.date_label}\s?:?\s?|\s?{words.date_suffix}\Z")
        self.title_label: Final = re.compile(rf"{words.title_label}\s?:\s?(?=\S)", re.IGNORECASE)
        self.name_label: Final = re.compile(rf"(?:{words.name_label}|[—–-])\s?:?", re.IGNORECASE)
        self.name_opening: Final = re.compile(rf"\A(?:{words.name_opening}|[—–]\s?)", re.IGNORECASE)
        self.signed: Final = re.compile(rf"{words.signature}(?P<name>[^\s·•|,][^·•|,]{{0,30}})")
        self.nobody: Final = re.compile(rf"\(?{words.nobody}\.?\)?")
        self.deleted_comment: Final = re.compile(rf"(?=.{{4,50}}\Z){words.deleted_comment}[.!]?")
        self.tag: Final = re.compile(r"#([^\s#,]+)")
        self.tags: Final = re.compile(rf"(?:{words.tag_label}\s?:?\s?)?(?:#[^\s#,]+[\s,]*)+")

        # A full stop behind a single capital letter ends an initial.
        self.sentence_end: Final = re.compile(rf"(?:[?!~…,:]|:\)|(?<![A-Z])\.|.{{3}}{words.verb_ending})\Z")
        self.clause_end: Final = re.compile(rf"[.?!,~…]\Z|.{{3}}(?:{words.verb_ending}|{words.particle})\Z")
        self.text_end: Final = re.compile(rf"(?:{words.verb_ending}|{words.informal_ending})\Z")

        self.related: Final = re.compile(words.related)
        self.imprint: Final = re.compile(rf".*(?:{words.imprint}|©|ⓒ).*", re.IGNORECASE | re.DOTALL)
        self.policies: Final = re.compile(rf"(?=.{{2,80}}\Z)(?:\S+\s)?{words.policies}.*")
        self.notice: Final = re.compile(rf"{words.notice}|{names}", re.IGNORECASE)
        self.consent: Final = re.compile(rf"{words.consent}|×|✕|X", re.IGNORECASE)
        self.composer: Final = re.compile(rf"(?=.{{2,60}}\Z){words.composer}")
        self.menu: Final = re.compile(rf"{words.menu}|{names}", re.IGNORECASE)
        self.site_title: Final = re.compile(rf"\s*[-|–—·:]\s*(?:{names}).*\Z", re.IGNORECASE)
        own_title = rf"(?:{names})(?:\s*[-|–—·:,].*)?"
        self.generic_title: Final = re.compile(rf"{words.generic_title}|{own_title}", re.IGNORECASE)
        self.login_title: Final = re.compile(words.login_title, re.IGNORECASE)
        self.error_title: Final = re.compile(words.error_title, re.IGNORECASE)
