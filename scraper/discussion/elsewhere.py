"""Comment systems of other hosts: what shows that a page has its comments in a script or a frame of one.

Nothing is asked of such a host: what it would show is no part of the page.
"""

import re
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser


@dataclass(frozen=True, slots=True)
class CommentSystem:
    """One system: ``address`` is a part of what its scripts and frames are called, ``places`` are the elements that it fills."""

    name: str
    address: str = ""
    places: str = ""


_SYSTEMS: Final = (
    CommentSystem("Disqus", r"disqus\.com/(?:embed|thread)", "#disqus_thread, .disqus-thread"),
    CommentSystem("Facebook", r"facebook\.com/plugins/(?:comments|feedback)", ".fb-comments, fb\\:comments"),
    CommentSystem("giscus", r"giscus\.app/|/giscus", ".giscus, giscus-widget, #giscus"),
    CommentSystem("utterances", r"utteranc\.es/", ".utterances"),
    CommentSystem("Isso", r"/isso/js/|/embed(?:\.min|\.dev)\.js\?isso", "#isso-thread, script[data-isso]"),
    CommentSystem("Remark42", r"remark42", "#remark42"),
    CommentSystem("Commento", r"commento(?:\.min)?\.js", "#commento"),
    CommentSystem("Comentario", r"comentario(?:\.min)?\.js", "comentario-comments"),
    CommentSystem("Cusdis", r"cusdis", "#cusdis_thread, [data-app-id][data-page-id][data-host]"),
    CommentSystem("Hyvor Talk", r"talk\.hyvor\.com/", "hyvor-talk-comments, #hyvor-talk-view"),
    CommentSystem("Coral", r"coral[^/]*/(?:assets/js/embed|static/embed)", "#coral_thread, #coral-container, #coral_talk_stream"),
    CommentSystem("Cactus", r"cactus\.chat|/cactus\.js", "#cactus-comments"),
    CommentSystem("IntenseDebate", r"intensedebate\.com/js", "#idc-container, #IDComment"),
    CommentSystem("OpenWeb", r"launcher\.spot\.im|spotim", "[data-spot-im-module-default-area='conversation'], .spot-im-frame-inpage, [data-spotim-module='conversation']"),
    CommentSystem("Viafoura", "", "vf-comments, .viafoura .vf-comments, .vf-comments, .vf-conversations, vf-conversations"),
    CommentSystem("LiveRe", r"livere\.(?:com|org)", "#lv-container"),
    CommentSystem("Livefyre", "", "#livefyre-comments, #livefyre-app"),
    CommentSystem("Vuukle", "", "#vuukle-comments, .vuukle-comments"),
    CommentSystem("GraphComment", r"graphcomment\.com/js", "#graphcomment"),
    CommentSystem("FastComments", r"fastcomments\.com/js/embed", "#fastcomments-widget"),
    CommentSystem("Talkyard", r"talkyard[^/]*/-/talkyard-comments", ".talkyard-comments"),
    CommentSystem("Discourse", r"/javascripts/embed\.js", "#discourse-comments"),
    CommentSystem("HTML Comment Box", r"htmlcommentbox\.com", "#HCB_comment_box"),
    CommentSystem("Gitalk", r"", "#gitalk-container, #gitalk"),
    CommentSystem("Waline", r"", "#waline"),
    CommentSystem("Twikoo", r"", "#twikoo, #tcomment"),
    CommentSystem("Valine", r"", "#vcomments, #valine"),
    CommentSystem("Comments App", r"comments\.app/js/widget"),
)  # fmt: skip
_PLACES: Final = ", ".join(each.places for each in _SYSTEMS if each.places)
_ADDRESSES: Final = tuple((each.name, re.compile(each.address)) for each in _SYSTEMS if each.address)
_ANY_ADDRESS: Final = re.compile("|".join(each.address for each in _SYSTEMS if each.address))


def comments_elsewhere(tree: LexborHTMLParser) -> str | None:
    """The name of the system of another host that shows the page's comments; None where no sign of one stands there."""
    place = tree.css_first(_PLACES)
    if place is not None:
        return next((each.name for each in _SYSTEMS if each.places and place.css_matches(each.places)), None)
    for node in tree.css("script[src], iframe[src], iframe[data-src]"):
        source = (node.attributes.get("src") or node.attributes.get("data-src") or "").lower()
        if _ANY_ADDRESS.search(source):
            return next((name for name, address in _ADDRESSES if address.search(source)), None)
    return None
