"""Prototype: groups of records and their roles."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import log2

from scraper.discussion.thread.elements import Elements
from scraper.discussion.thread.render import render

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|januar|februar|märz|maerz|mai|juni|juli|okt|dez|enero|marzo|abril|mayo|junio|julio|agosto|janvier|février|mars|avril|juin|juillet|août|décembre)[a-zéûä]*\.?"
DATE = re.compile(
    rf"""(?xi)
    \d{{4}}[-/.]\s?\d{{1,2}}[-/.]\s?\d{{1,2}}(?:[T\s,]+\d{{1,2}}:\d{{2}}(?::\d{{2}})?\S*)?
  | \d{{4}}년\s?\d{{1,2}}월\s?\d{{1,2}}일(?:\s(?:오전|오후)?\s?\d{{1,2}}(?::\d{{2}}|시\s?\d*분?))?
  | \b\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})\b(?:[\s,]+(?:at\s|um\s)?\d{{1,2}}[:.]\d{{2}}(?:\s?[ap]\.?m\.?)?)?
  | (?<!\w){MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:'\d{{2}}|\d{{4}}))?(?:,?\s+(?:at\s|@\s|um\s|à\s|-\s)?\d{{1,2}}[:.]\d{{2}}(?::\d\d)?(?:\s?[ap]\.?m\.?)?)?
  | \b\d{{1,2}}(?:st|nd|rd|th|\.)?(?:\sde)?[\s-]{MONTH}(?:(?:\sde)?,?[\s-](?:'\d{{2}}|\d{{4}}))?(?:,?\s+(?:at\s|@\s|um\s|à\s|a\slas\s|-\s)?\d{{1,2}}[:.h]\d{{2}}(?:\s?(?:[ap]\.?m\.?|Uhr))?)?
  | (?:\b(?:an?|\d+)\s(?:second|minute|min|hour|hr|day|week|month|year)s?\sago)
  | \bvor\s(?:\d+|einem|einer)\s\w+ | \bhace\s\d+\s\w+ | il\sy\sa\s\d+\s\w+
  | (?:약\s?)?\d+\s?(?:초|분|시간|일|주|개월|달|년)\s?전
  | (?:yesterday|today|gestern|heute|어제|오늘)(?:,?\s(?:at\s|um\s)?\d{{1,2}}:\d{{2}}(?:\s?[ap]m)?)?
  | \b(?:mon|tues|wednes|thurs|fri|satur|sun)day\sat\s\d{{1,2}}:\d{{2}}(?:\s?[ap]m)?
  | \b\d{{1,2}}\s?[dhmy]\b(?=\s*(?:ago)?$)
    """
)
EDITED = re.compile(r"(?i)\bedit|수정|bearbeitet|modifi|geändert|letzt")
JOINED = re.compile(r"(?i)join|member since|regist|dabei seit|inscri|가입|beigetreten")
AUTHORISH = re.compile(r"(?i)author|user|nick|poster|creator|member|writer|profil|byline|(?<![a-z])(?:by|fn|name|owner)(?![a-z])|name$")
PROFILE = re.compile(r"(?i)/(?:u|user|users|member|members|profile|profiles|people|author|authors|accounts?)[/.?-]|[?&](?:u|uid|user|author|member)=|profile|/@|/~")
HINT = re.compile(r"(?i)comment|repl(?:y|ies)|answer|(?<![a-z])post(?![a-z])|message|response|review|note|journal|node|entry")
BODYISH = re.compile(r"(?i)content|body|text|message|(?<![a-z])post(?![a-z])|entry|markdown|wiki|prose")
SINGLE = re.compile(r"(?i)comment|repl(?:y|ies)|answer|response|review(?!s)|note")
NOT_SINGLE = re.compile(r"(?i)comments|replies|area|list|section|wrap|form|respond|count|meta|header|footer|toggle|content|body|text")
SIGN = re.compile(r"(?i)signature|(?<![a-z])sig(?![a-z])")
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|\w+|[\u2600-\u27bf\U0001f300-\U0001faff]")


@dataclass(slots=True)
class Anchor:
    element: int
    text: int  # -1: an attribute
    raw: str
    start: int = 0
    end: int = 0
    shape: str = ""
    clock: bool = False
    joined: bool = False


@dataclass(slots=True)
class Group:
    key: str
    shape: str
    records: list[int]
    anchors: dict[int, list[Anchor]]
    score: float = 0.0


@dataclass(slots=True)
class Item:
    element: int
    author: str | None = None
    date: str | None = None
    text: str | None = None
    native: str | None = None
    parent: int | None = None
    depth: int | None = None
    group: int = 0


def words(text):
    return len(WORD.findall(text))


def label(page, e):
    a = page.attributes[e]
    cls = (a.get("class") or "").split() if a else []
    return page.tags[e] + ("." + re.sub(r"\d+", "0", cls[0]) if cls else "")


def find_anchors(page):
    anchors = []
    seen = set()
    for e, attrs in enumerate(page.attributes):
        if not attrs:
            continue
        for key in ("datetime", "title", "data-time", "data-timestamp", "data-utime", "data-date", "content"):
            value = attrs.get(key)
            if not value or len(value) > 60:
                continue
            if key.startswith("data-"):
                if not re.fullmatch(r"1\d{9}(?:\d{3})?", value) and not DATE.fullmatch(value.strip()):
                    continue
                if words(page.text_of(e)) > 12:
                    continue
            elif key == "title" and not DATE.search(value):
                continue
            elif key == "content" and not (page.tags[e] == "meta" and DATE.match(value)):
                continue
            elif key == "datetime" and not re.search(r"\d{4}", value):
                continue
            if page.last_text[e] - page.first_text[e] > 6:
                continue
            anchors.append(Anchor(e, -1, value, clock=True, shape="@" + key))
            seen.update(range(page.first_text[e], page.last_text[e]))
            break
    for t, text in enumerate(page.texts):
        if t in seen or len(text) > 160 or not re.search(r"\d|yesterday|today|gestern|heute|어제|오늘|an? \w+ ago|vor ein", text, re.I):
            continue
        m = DATE.search(text)
        if not m:
            continue
        rest = words(text[: m.start()] + " " + text[m.end() :])
        if rest > 10 or EDITED.search(text):
            continue
        anchors.append(Anchor(page.text_parent[t], t, m[0], m.start(), m.end(), clock=":" in m[0] or "ago" in m[0] or "전" in m[0]))
    anchors.sort(key=lambda a: (a.element, a.text))
    for a in anchors:
        p = page.parents[a.element]
        gp = page.parents[p] if p >= 0 else -1
        a.shape = f"{a.shape}|{label(page, gp) if gp >= 0 else ''}>{label(page, p) if p >= 0 else ''}>{label(page, a.element)}"
        before = " ".join(page.texts[max(0, (a.text if a.text >= 0 else page.first_text[a.element]) - 1) : (a.text if a.text >= 0 else page.first_text[a.element])])
        own = page.texts[a.text][: a.start] if a.text >= 0 else ""
        a.joined = bool(JOINED.search(own) or (JOINED.search(before) and len(before) < 30))
        if EDITED.search(before) and len(before) < 40 and not own:
            a.joined = True
    return anchors


def keys_of(page, e):
    tag = page.tags[e]
    p = page.parents[e]
    keys = list(page.tokens(e))
    if p >= 0:
        keys.append(f"{tag}<{label(page, p)}")
    return keys


class Miner:
    def __init__(self, page):
        self.page = page
        self.anchors = [a for a in find_anchors(page)]
        norm = [re.sub(r'\d+', '0', t.lower()) for t in page.texts]
        count = Counter(norm)
        in_anchor = {a.text for a in self.anchors if a.text >= 0}
        for a in self.anchors:
            if a.text < 0:
                in_anchor.update(range(page.first_text[a.element], page.last_text[a.element]))
        self.date_texts = in_anchor
        w = [0]
        for t, text in enumerate(page.texts):
            linked = page.links[page.text_parent[t]] >= 0
            n = 0 if linked or t in in_anchor or count[norm[t]] >= 3 else words(text)
            w.append(w[-1] + n)
        self.w = w
        lw = [0]
        for t, text in enumerate(page.texts):
            lw.append(lw[-1] + (words(text) if page.links[page.text_parent[t]] >= 0 else 0))
        self.lw = lw
        self.keys = [keys_of(page, e) for e in range(len(page.nodes))]
        self.index = defaultdict(list)
        for e, ks in enumerate(self.keys):
            if page.tags[e] in ("body", "html", "main"):
                continue
            for k in ks:
                self.index[k].append(e)
        self.taken = []  # groups' records

    def own_words(self, e, nested, w):
        page = self.page
        n = w[page.last_text[e]] - w[page.first_text[e]]
        for x in nested:
            n -= w[page.last_text[x]] - w[page.first_text[x]]
        return max(n, 0)

    def best_group(self, used_anchors, tried):
        page = self.page
        shapes = defaultdict(list)
        for i, a in enumerate(self.anchors):
            if i not in used_anchors and not a.joined:
                shapes[a.shape].append((i, a))
        best = None
        cache = {}
        for shape, anchors in shapes.items():
            owners = defaultdict(lambda: defaultdict(list))
            for i, a in anchors:
                seen = set()
                for e in page.ancestors(a.element):
                    if page.tags[e] in ("body", "html", "main"):
                        continue
                    for k in self.keys[e]:
                        if k not in seen:
                            seen.add(k)
                            owners[k][e].append(a)
            for key, recs in owners.items():
                total = len(self.index[key])
                if total > 4 * len(recs) + 2 or (key, shape) in tried:
                    continue
                score = self.score(key, recs, total, anchors)
                if score is not None and (best is None or score > best.score):
                    best = Group(key, shape, sorted(recs), dict(recs), score)
        return best

    def nested_in(self, elements):
        """For each element of a sorted list those of the list directly inside it."""
        page = self.page
        inner = {e: [] for e in elements}
        stack = []
        for e in elements:
            while stack and e >= page.ends[stack[-1]]:
                stack.pop()
            if stack:
                inner[stack[-1]].append(e)
            stack.append(e)
        return inner

    def score(self, key, recs, total, anchors):
        page = self.page
        elements = sorted(recs)
        inner = self.nested_in(sorted(self.index[key]))
        taken = self.taken
        score = 0.0
        bodies = 0
        linked = 0
        hint = HINT.search(key)
        n = len(elements)
        all_words = self.w[-1] or 1
        for e in elements:
            nested = inner[e] + [x for x in taken if page.contains(e, x) and x != e and not any(page.contains(y, x) for y in inner[e])]
            nested = [x for x in nested if not any(x != y and page.contains(y, x) for y in nested)]
            own = self.own_words(e, nested, self.w)
            link = self.own_words(e, nested, self.lw)
            c = len(recs[e])
            if own >= 1:
                bodies += 1
            if own * 2 < link and own < 12:
                linked += 1
            q = log2(1 + min(own, 63)) / 6 + 0.3
            if c == 1:
                score += q
            else:
                score -= c - 1 - (0.5 if c == 2 else 0)
        missing = max(0, total - n - (1 if total > 3 else 0))
        score -= 0.6 * missing
        if bodies < 0.6 * n:
            return None
        if linked > 0.5 * n:
            score *= 0.3
        if n == 1:
            if not SINGLE.search(key) or NOT_SINGLE.search(key):
                return None
            if any(page.tags[x] in ("form", "h1") for x in range(elements[0], page.ends[elements[0]])) and not key.endswith("0"):
                return None
            own = self.own_words(elements[0], inner[elements[0]], self.w)
            score *= 0.5 if own < 0.7 * all_words else 0.1
        if hint:
            score *= 1.25
        authors = sum(self.has_author(e) for e in elements[:20]) / min(n, 20)
        score *= 0.6 + 0.5 * authors
        # a title link of its own in each: a row of a list
        rows = sum(self.title_link(self.cell(e, recs)) for e in elements[:20]) / min(n, 20)
        if rows > 0.6:
            score *= 0.15
        clock = sum(any(a.clock for a in recs[e]) for e in elements) / n
        score *= 0.8 + 0.2 * clock
        # outermost wins among equals
        score += 0.002 * n * (30 - min(page.depths[elements[0]], 30))/30
        return score

    def has_author(self, e):
        page = self.page
        for x in range(e, min(page.ends[e], e + 60)):
            a = page.attributes[x]
            if not a:
                continue
            if AUTHORISH.search(a.get("class") or "") or PROFILE.search(a.get("href") or "") or "author" in (a.get("rel") or a.get("itemprop") or ""):
                return True
        return False

    def cell(self, e, recs):
        page = self.page
        for _ in range(4):
            p = page.parents[e]
            if p < 0 or page.tags[p] in ("body", "main") or any(r != e and page.contains(p, r) and not page.contains(e, r) for r in recs):
                break
            e = p
        return e if len(recs) > 1 else e

    def title_link(self, e):
        """Whether the element's heading leads away."""
        page = self.page
        for x in range(e, page.ends[e]):
            if page.tags[x] == "a":
                t = page.text_of(x)
                href = page.attributes[x].get("href") or ""
                if words(t) >= 4 and "#" not in href and not DATE.search(t) and not PROFILE.search(href):
                    up = [page.tags[y] for y in page.ancestors(x) if y >= e]
                    if any(u in ("h1", "h2", "h3", "h4", "h5") for u in up) or len(t) > 0.5 * len(page.text_of(e)):
                        return True
        return False

    def groups(self):
        out = []
        used = set()
        tried = set()
        page = self.page
        while len(out) < 6:
            g = self.best_group(used, tried)
            if g is None or g.score < 0.4:
                break
            if g.score / len(g.records) < 0.28 or not self.is_apart(g, out):
                tried.add((g.key, g.shape))
                continue
            out.append(g)
            for i, a in enumerate(self.anchors):
                if a.shape == g.shape:
                    used.add(i)
            self.taken = sorted(set(self.taken + g.records))
        return out

    def is_apart(self, g, out):
        """Whether the group is no other look at the records of one before it."""
        page = self.page
        for other in out:
            inside = Counter()
            outside = 0
            for e in g.records:
                owner = next((r for r in reversed(other.records) if page.contains(r, e)), None)
                if owner is not None:
                    inside[owner] += 1
                elif any(page.contains(e, r) for r in other.records):
                    outside += 1
            if not inside:
                continue
            if max(inside.values()) == 1 and len(inside) > 0.5 * len(other.records):
                return False
            if any(e in other.records for e in g.records):
                return False
        return True


class Roles:
    """Which texts of a group's records are the author, the date and the body."""

    def __init__(self, miner, group, all_records):
        self.m, self.page, self.g = miner, miner.page, group
        page = self.page
        self.records = group.records
        recs = set(all_records)
        self.own = {}
        for r in self.records:
            nested = []
            e = r + 1
            while e < page.ends[r]:
                if e in recs:
                    nested.append(e)
                    e = page.ends[e]
                else:
                    e += 1
            self.own[r] = self.own_texts(r, nested)
        self.nested = recs

    def own_texts(self, r, nested):
        page = self.page
        out = []
        t = page.first_text[r]
        for x in nested:
            out += range(t, page.first_text[x])
            t = page.last_text[x]
        out += range(t, page.last_text[r])
        return out

    def rel(self, r, e):
        path = []
        while e != r and e >= 0:
            path.append(label(self.page, e))
            e = self.page.parents[e]
        return ">".join(reversed(path))

    def read(self):
        page, m = self.page, self.m
        n = len(self.records)
        paths = {}
        by_path = defaultdict(dict)
        for r in self.records:
            for t in self.own[r]:
                p = self.rel(r, page.text_parent[t])
                paths[t] = p
                by_path[p].setdefault(r, t)
        author_of = self.authors(by_path, paths)
        items = []
        furniture = self.furniture(paths)
        bodies = self.bodies(paths, author_of, furniture)
        for r in self.records:
            item = Item(r)
            a = self.g.anchors[r][0]
            item.date = a.raw
            item.author = author_of.get(r, (None, None))[0]
            item.text = self.text(r, bodies.get(r, ()), furniture)
            item.native = self.native(r)
            items.append(item)
        return items

    def authors(self, by_path, paths):
        page, g = self.page, self.g
        n = len(self.records)
        alts = {}
        places = defaultdict(dict)
        mine = {r: set(self.own[r]) for r in self.records}
        for r in self.records:
            alts[r] = {
                (page.attributes[x].get("alt") or "").strip().lower()
                for x in range(r, page.ends[r])
                if page.tags[x] == "img"
            }
            for x in range(r + 1, page.ends[r]):
                f, l = page.first_text[x], page.last_text[x]
                if f >= l or l - f > 4 or f not in mine[r]:
                    continue
                text = " ".join(page.texts[f:l])
                if len(text) > 50 or words(text) > 6 or any(t in self.m.date_texts for t in range(f, l)):
                    continue
                for key in (*self.m.keys[x], self.rel(r, x)):
                    places[key].setdefault(r, x)
        best, best_score = None, 0.0
        for key, owners in places.items():
            values = []
            for r, x in owners.items():
                text = page.text_of(x)
                if len(text) < 2 and not AUTHORISH.search(key) or not text.strip("…., "):
                    continue
                values.append((r, x, text))
            if not values:
                continue
            cover = len(values) / n
            distinct = len({v.lower() for _, _, v in values})
            if n > 3 and distinct == 1:
                continue
            score = 1.5 * cover
            around = [" ".join(label(page, y) for y in page.ancestors(x)[:4] if y > r) for r, x, _ in values[:1]][0]
            score += 0.8 * bool(AUTHORISH.search(key) or AUTHORISH.search(around))
            prof = 0
            for r, x, _ in values:
                link = page.links[page.text_parent[page.first_text[x]]]
                prof += bool(link >= 0 and PROFILE.search(page.attributes[link].get("href") or ""))
            score += 0.8 * prof / len(values)
            score += 0.5 * sum(v.lower() in alts[r] or any(v.lower() in x for x in alts[r] if len(v) > 2) for r, _, v in values) / len(values)
            score += 0.2 * min(1.0, distinct / max(2, 0.3 * n))
            if re.search(r"(?i)title|role|badge|rank|group|joined|location|reply|quote|edit|permalink|mention|quot|initial|avatar", key + " " + around):
                score -= 0.7
            if re.search(r"(?i)quote|mention|signature", key + " " + around):
                score -= 1.0
            first = sum(self.own[r].index(page.first_text[x]) for r, x, _ in values) / len(values)
            score -= min(0.3, 0.01 * first)
            if score > best_score:
                best, best_score = values, score
        out = {}
        if best is not None and best_score >= 1.6:
            for r, x, v in best:
                out[r] = (v, x)
        missing = [r for r in self.records if r not in out]
        for r in missing:
            a = g.anchors[r][0]
            if a.text >= 0:
                text = page.texts[a.text]
                rest = re.sub(r"(?i)^\s*(?:by|von|par|por|posted by|written by|wrote)?[:\s]*", "", text[: a.start])
                rest = re.sub(r"(?i)[\s,·|-]*(?:on|at|am|le|el|,|wrote|says|said|schrieb|dijo|a écrit|posted)?[\s:,·|-]*$", "", rest).strip()
                if rest and words(rest) <= 5 and len(rest) <= 50:
                    out[r] = (rest, page.text_parent[a.text])
        return out

    def furniture(self, paths):
        page = self.page
        n = len(self.records)
        seen = defaultdict(set)
        for r in self.records:
            for t in self.own[r]:
                seen[paths[t].rsplit(">", 1)[-1], page.texts[t].lower()].add(r)
        out = set()
        limit = max(3, 0.5 * n) if n >= 4 else max(2, n)
        common = {k for k, v in seen.items() if len(v) >= limit and words(k[1]) <= 12}
        for r in self.records:
            for t in self.own[r]:
                if (paths[t].rsplit(">", 1)[-1], page.texts[t].lower()) in common:
                    out.add(t)
        return out

    def bodies(self, paths, author_of, furniture):
        """For each record the elements (or texts, as negative numbers) that make its body."""
        page = self.page
        barred = {}
        votes = Counter()
        climbs = {}
        for r in self.records:
            marks = set()
            for a in self.g.anchors[r]:
                marks.add(a.element if a.text < 0 else page.text_parent[a.text])
            if r in author_of:
                marks.add(author_of[r][1])
            bar = set()
            for x in marks:
                bar.update(y for y in page.ancestors(x) if y >= r)
            bar.add(r)
            for x in self.nested:
                if x != r and page.contains(r, x):
                    bar.update(y for y in page.ancestors(x) if y >= r)
            barred[r] = bar
            own = [
                t
                for t in self.own[r]
                if t not in furniture and t not in self.m.date_texts and (r not in author_of or not page.contains(author_of[r][1], page.text_parent[t]))
            ]
            sizes = Counter()
            for t in own:
                c = self.climb(page.text_parent[t], bar)
                if c is None:
                    sizes["", t] += 0
                    key = (self.rel(r, page.text_parent[t]) + ">*", page.text_parent[t])
                else:
                    key = (self.rel(r, c), c)
                linked = page.links[page.text_parent[t]] >= 0
                w = words(page.texts[t])
                path = key[0]
                sizes[key] += w * (0.3 if linked else 1) * (0.1 if SIGN.search(path) else 1) * (1.5 if BODYISH.search(path.rsplit(">", 1)[-1]) else 1)
            climbs[r] = sizes
            for (path, e), size in sizes.items():
                votes[path] += min(size, 150)
        out = {}
        if not votes:
            return out
        order = [p for p, _ in votes.most_common() if p]
        top = order[0] if order else ""
        for r in self.records:
            sizes = climbs[r]
            have = [e for (p, e) in sizes if p == top]
            if not have:
                alt = next((p for p in order if any(q == p for q, _ in sizes)), None)
                # a record whose body lies elsewhere: only where that place holds most of other bodies too
                have = [e for (p, e) in sizes if p == alt and not SIGN.search(p)] if alt and votes[alt] > 0.15 * votes[top] else []
                path = alt
            else:
                path = top
            if not have:
                out[r] = ()
                continue
            if path.endswith(">*"):
                # bare texts beside author and date: what stands in the same element
                out[r] = ("run", have[0])
            else:
                parent = page.parents[have[0]]
                if len(have) > 1 or page.tags[have[0]] in ("p", "ul", "ol", "blockquote", "pre", "table"):
                    out[r] = ("run", parent)
                else:
                    out[r] = ("element", have[0])
        self.barred = barred
        return out

    def climb(self, e, bar):
        """The outermost element around ``e`` that holds neither author nor date."""
        if e in bar:
            return None
        while self.page.parents[e] not in bar:
            e = self.page.parents[e]
        return e

    def text(self, r, body, furniture):
        page = self.page
        if not body:
            return None
        how, e = body
        bar = self.barred[r]

        def left_out(x):
            if x != e and x in bar and x != r:
                return True
            if SIGN.search(page.attributes[x].get("class") or "") :
                return True
            f, l = page.first_text[x], page.last_text[x]
            return f < l and l - f <= 3 and all(t in furniture or (t in self.m.date_texts and words(page.texts[t]) <= 6) for t in range(f, l))

        return render(page, e, left_out)

    def native(self, r):
        page = self.page
        for x in range(r, min(page.ends[r], r + 12)):
            value = page.attributes[x].get("id") or ""
            m = re.search(r"\d+", value)
            if m:
                return m[0]
        return None


def read_thread(page):
    miner = Miner(page)
    groups = miner.groups()
    recs = sorted({r for g in groups for r in g.records})
    items = []
    for k, g in enumerate(groups):
        for item in Roles(miner, g, recs).read():
            item.group = k
            items.append(item)
    items.sort(key=lambda i: i.element)
    stack = []
    for i, item in enumerate(items):
        while stack and not page.contains(items[stack[-1]].element, item.element):
            stack.pop()
        item.parent = stack[-1] if stack else None
        stack.append(i)
    return groups, items
