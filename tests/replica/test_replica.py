"""The replica is itself held: a judge that is wrong would let everything else be wrong."""

import gzip
import http.client
import json
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import repeat
from pathlib import Path

import h11
import pytest

from tests.replica import expected, v1, v2, wording
from tests.replica.content import SITE_HOST, Community, ReplicaPost, enlarge, load_community
from tests.replica.markup import blocks, is_paragraph
from tests.replica.routes import HOSTS, Deployment, RobotsFile
from tests.replica.server import Disconnect, Drip, Failure, Replica

POSTS = load_community().posts
LONG_THREAD = 71502


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica() as serving:
        yield serving


class Reply:
    """An answer as it crossed the wire, and its body with the codings removed."""

    def __init__(self, wire: bytes) -> None:
        self.head, _, self.wire_body = wire.partition(b"\r\n\r\n")
        connection = h11.Connection(h11.CLIENT)
        connection.send(h11.Request(method="GET", target="/", headers=[("host", "any")]))
        connection.send(h11.EndOfMessage())
        connection.receive_data(wire)
        connection.receive_data(b"")
        response = connection.next_event()
        assert isinstance(response, h11.Response)
        self.status = response.status_code
        self.headers = {key.decode(): value.decode() for key, value in response.headers}
        pieces: list[bytes] = []
        self.whole = False
        try:
            while isinstance(event := connection.next_event(), h11.Data):
                pieces.append(bytes(event.data))
            self.whole = isinstance(event, h11.EndOfMessage)
        except h11.RemoteProtocolError:
            self.whole = False
        body = b"".join(pieces)
        self.body = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body


def ask(replica: Replica, host: str, target: str, method: str = "GET", **headers: str) -> Reply:
    """One request over a TLS socket of its own, read until the replica hangs up."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    context = ssl.create_default_context(cafile=str(replica.cacert))
    with (
        socket.create_connection(("127.0.0.1", replica.port), timeout=600) as plain,
        context.wrap_socket(plain, server_hostname=host) as tls,
    ):
        tls.sendall("\r\n".join([*lines, "", ""]).encode())
        return Reply(b"".join(iter(lambda: tls.recv(65536), b"")))


def ask_json(replica: Replica, target: str) -> dict[str, object]:
    """The JSON object that the API answers with status 200."""
    reply = ask(replica, v2.API_HOST, target, accept_encoding="gzip")
    assert reply.status == 200
    value = json.loads(reply.body)
    assert isinstance(value, dict)
    return value


def post_of(number: int) -> ReplicaPost:
    return next(post for post in POSTS if post.id == number)


def test_pages_come_over_tls_in_chunks_that_spell_their_sizes(replica: Replica) -> None:
    reply = ask(replica, SITE_HOST, f"/comments/{LONG_THREAD}")
    assert reply.headers["transfer-encoding"] == "chunked"
    assert reply.whole
    first_size, _, rest = reply.wire_body.partition(b"\r\n")
    assert rest.startswith(reply.body[: int(first_size, 16)] + b"\r\n")
    assert len(reply.wire_body) > len(reply.body)
    assert reply.wire_body.endswith(b"\r\n0\r\n\r\n")


def test_a_connection_serves_many_requests(replica: Replica) -> None:
    context = ssl.create_default_context(cafile=str(replica.cacert))
    connection = http.client.HTTPSConnection("localhost", replica.port, context=context, timeout=600)
    connection.sock = context.wrap_socket(
        socket.create_connection(("127.0.0.1", replica.port), timeout=600), server_hostname=v2.API_HOST
    )
    for _ in range(3):
        connection.request("GET", f"/api/v1/posts/{LONG_THREAD}/", headers={"Host": v2.API_HOST})
        answer = connection.getresponse()
        assert answer.status == 200
        assert json.loads(answer.read())["id"] == LONG_THREAD
    connection.close()


@pytest.mark.parametrize(
    "post", [post for post in POSTS if post.kind == "post"], ids=lambda post: str(post.id)
)
def test_the_comment_pages_of_the_api_add_up(replica: Replica, post: ReplicaPost) -> None:
    target: str | None = f"/api/v1/comments/?postId={post.id}"
    found: list[object] = []
    pages = 0
    while target is not None:
        page = ask_json(replica, target)
        assert page["count"] == len(post.comments)
        results, following = page["results"], page["next"]
        assert isinstance(results, list)
        found += [row["id"] for row in results]
        assert following is None or isinstance(following, str)
        target = following.removeprefix(f"https://{v2.API_HOST}") if following else None
        pages += 1
    assert found == [comment.id for comment in post.comments]
    assert pages == max(1, -(-len(post.comments) // v2.PAGE_SIZE))


def test_the_api_has_the_keys_that_were_observed(replica: Replica) -> None:
    post = ask_json(replica, f"/api/v1/posts/{LONG_THREAD}/")
    assert " ".join(post) == (
        "id userid author title description descriptionhtml posttype articleid isdeleted createdat updatedat "
        "comment_count like_count save_count view_count repost_count images"
    )
    comments = ask_json(replica, f"/api/v1/comments/?postId={LONG_THREAD}&page=2")
    assert set(comments) == {"count", "next", "previous", "results"}
    results = comments["results"]
    assert isinstance(results, list)
    assert " ".join(results[0]) == (
        "id post_id parentcommentid depth user_id author_name author_profile_id author_headline content "
        "ispostwriter isdeleted like_count createdat updatedat"
    )


@pytest.mark.parametrize(
    ("host", "target", "status"),
    [
        (SITE_HOST, "/comments/71820", 404),
        (SITE_HOST, "/comments/71933", 404),
        (SITE_HOST, "/comments/1", 404),
        (SITE_HOST, "/qnas/3107?fa=notification", 200),
        (SITE_HOST, "/trends", 200),
        (v2.API_HOST, "/api/v1/posts/71933/", 401),
        (v2.API_HOST, "/api/v1/posts/1/", 404),
        (v2.API_HOST, "/api/v1/posts/71820/", 200),
        (v2.API_HOST, "/api/v1/questions/5210/", 200),
        (v2.API_HOST, "/api/v1/questions/5210/answers/", 200),
        (v2.API_HOST, f"/api/v1/comments/?postId={LONG_THREAD}&page=4", 404),
    ],
)
def test_each_address_answers_with_its_status(replica: Replica, host: str, target: str, status: int) -> None:
    assert ask(replica, host, target).status == status


@pytest.mark.parametrize(
    ("host", "target", "location"),
    [
        (SITE_HOST, "/posts/73002", "/community?post=73002"),
        (SITE_HOST, "/qnas/5210", "/community?qna=5210"),
        (f"www.{SITE_HOST}", "/comments/70991", f"https://{SITE_HOST}/comments/70991"),
    ],
)
def test_redirects_lead_to_where_the_site_has_the_post(
    replica: Replica, host: str, target: str, location: str
) -> None:
    reply = ask(replica, host, target)
    assert reply.status in {301, 307}
    assert reply.headers["location"] == location


def test_an_unchanged_answer_is_304_and_a_changed_one_is_not() -> None:
    post = post_of(70991)
    target = post.path("v1")
    with Replica() as replica:
        first = ask(replica, SITE_HOST, target)
        by_tag = ask(replica, SITE_HOST, target, if_none_match=first.headers["etag"])
        by_date = ask(replica, SITE_HOST, target, if_modified_since=first.headers["last-modified"])
        assert (by_tag.status, by_date.status) == (304, 304)
        edited = replace(post, text=post.text + " 덧붙임.")
        replica.deployment = Deployment(Community((edited,)))
        changed = ask(replica, SITE_HOST, target, if_none_match=first.headers["etag"])
        assert changed.status == 200
        assert "덧붙임." in changed.body.decode()


def test_what_is_not_a_get_is_refused_and_counted() -> None:
    with Replica() as replica:
        reply = ask(
            replica, v2.API_HOST, f"/api/v1/posts/{LONG_THREAD}/view/", method="POST", content_length="0"
        )
        ask(replica, v2.API_HOST, f"/api/v1/posts/{LONG_THREAD}/")
        assert reply.status == 405
        assert [request.target for request in replica.violations] == [f"/api/v1/posts/{LONG_THREAD}/view/"]


def test_the_log_says_who_asked_for_what() -> None:
    with Replica() as replica:
        ask(replica, SITE_HOST, "/robots.txt", user_agent="postkeep/0")
        ask(replica, SITE_HOST, "/comments/70991?from=trends&order=1")
        first, second = replica.log
        assert (first.method, first.host, first.target) == ("GET", SITE_HOST, "/robots.txt")
        assert dict(first.headers)["user-agent"] == "postkeep/0"
        assert second.target == "/comments/70991?from=trends&order=1"
        assert first.at <= second.at


def test_robots_files_and_tags_are_by_host() -> None:
    deployment = Deployment(
        robots={v2.API_HOST: RobotsFile(503, "")}, x_robots_tag={SITE_HOST: "noai, noimageai"}
    )
    with Replica(deployment) as replica:
        assert ask(replica, v2.API_HOST, "/robots.txt").status == 503
        assert b"Crawl-delay: 0" in ask(replica, SITE_HOST, "/robots.txt").body
        assert ask(replica, SITE_HOST, "/trends").headers["x-robots-tag"] == "noai, noimageai"
        assert "x-robots-tag" not in ask(replica, v2.API_HOST, "/api/v1/posts/").headers


def test_faults_come_in_their_order_and_then_end() -> None:
    target = "/comments/70991"
    faults = {
        target: [Failure(503, retry_after="7"), None, Disconnect(after=100), Drip(interval=0, size=512)],
        "/api/v1/posts/": repeat(Failure(429)),
    }
    with Replica(faults=faults) as replica:
        failed, good, cut, dripped, last = (ask(replica, SITE_HOST, target) for _ in range(5))
        assert (failed.status, failed.headers["retry-after"]) == (503, "7")
        assert good.whole
        assert not cut.whole
        assert cut.body == good.body[:100]
        assert dripped.body == last.body == good.body
        assert [ask(replica, v2.API_HOST, "/api/v1/posts/?page=1").status for _ in range(3)] == [
            429,
            429,
            429,
        ]


def test_another_build_changes_class_names_and_nothing_that_is_read(replica: Replica) -> None:
    post = post_of(70991)
    pages = [v1.post_page(load_community(), post, v1.Build(build)) for build in ("first", "second")]
    words = [re.sub(r"<[^>]*>", "\n", page) for page in pages]
    assert pages[0] != pages[1]
    assert words[0] == words[1]


@pytest.mark.parametrize(
    "post",
    [post for post in POSTS if "v1" in post.generations and not post.deleted],
    ids=lambda post: str(post.id),
)
def test_v1_pages_hold_what_they_show_and_nothing_that_is_cut(post: ReplicaPost) -> None:
    page = v1.post_page(load_community(), post, v1.Build())
    assert ("__NEXT_DATA__" in page) == post.next_data
    assert (v1.PROMPT[0] in page) == (post.prompt != "none")
    for comment in post.comments:
        shown = comment in post.shown_comments and not comment.deleted
        assert (wording_html(comment.text) in page) == shown
    if post.cut:
        assert post.text[post.cut.characters :] not in page
        assert not post.shown_text.endswith((".", "?", "!"))
    assert wording.full_date(post.at) in page


def wording_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_flattened_page_has_the_form_of_the_real_one(shared: Path) -> None:
    real = (shared / "testbed/careerly/flattened-post.txt").read_text(encoding="utf-8")
    ours = v1.flattened_page(post_of(70991))

    def form(text: str) -> list[str]:
        parts = [re.sub(r"[\d,]+", "0", part) for part in text.split("\n\n")]
        return ["title", "body", *parts[2:9], *(part[:4] for part in parts[9:])]

    assert form(ours)[:10] == form(real)[:10]
    assert set(form(ours)[9:]) == set(form(real)[9:]) == {"  • "}


def test_data_in_a_page_stands_beside_teasers_of_other_posts() -> None:
    post = post_of(71204)
    page = v1.post_page(load_community(), post, v1.Build())
    found = re.search(r'</div><script id="__NEXT_DATA__" type="application/json">(.*?)</script></body>', page)
    assert found
    teasers, whole = json.loads(found[1])["props"]["pageProps"]["dehydratedState"]["queries"]
    assert post.id not in {teaser["postId"] for teaser in teasers["state"]["data"]}
    data = whole["state"]["data"]
    assert (data["postId"], data["title"], data["repliesCount"]) == (post.id, post.title, 6)
    assert "\n1. 첫날은" not in data["description"]
    assert "<ol><li><p>첫날은" in data["descriptionHtml"]


def test_a_page_with_a_list_is_not_flattened_by_guessing() -> None:
    with pytest.raises(ValueError, match="71204"):
        v1.flattened_page(post_of(71204))


def test_the_community_is_varied_enough_to_judge_by() -> None:
    comments = [comment for post in POSTS for comment in post.comments]
    assert len(POSTS) >= 12
    assert len(comments) >= 60
    assert len({comment.id for comment in comments}) == len(comments)
    assert max(len(post.comments) for post in POSTS) > 2 * v2.PAGE_SIZE
    assert all(post.by is None or post.by.profile_id != post.by.user_id for post in POSTS)
    for post in POSTS:
        ids = [comment.id for comment in post.comments]
        assert all(comment.to in ids[: ids.index(comment.id)] for comment in post.comments if comment.to)
        assert all(link.text in post.text for link in post.links)
    long = post_of(LONG_THREAD).comments
    crossing = [
        comment
        for index, comment in enumerate(long)
        if comment.to in {other.id for other in long[: index // v2.PAGE_SIZE * v2.PAGE_SIZE]}
    ]
    assert crossing, "no reply stands on a later API page than the comment it answers"


def test_a_port_in_use_is_an_error_and_leaves_nothing_behind(replica: Replica) -> None:
    with pytest.raises(OSError, match="in use"), Replica(port=replica.port):
        pass


def test_connect_to_says_the_same_as_text_and_as_settings(replica: Replica) -> None:
    spelled = [f"{one.host}:{one.port}:{one.to_host}:{one.to_port}" for one in replica.network.connect_to]
    assert spelled == replica.connect_to
    assert replica.network.cacert == replica.cacert


def test_an_enlarged_community_serves_each_post_under_more_ids() -> None:
    with Replica(Deployment(enlarge(load_community(), 3))) as replica:
        copies = [ask(replica, SITE_HOST, f"/comments/{number}") for number in (70991, 1_070_991, 2_070_991)]
        assert [reply.status for reply in copies] == [200, 200, 200]
        assert ask(replica, SITE_HOST, "/comments/3070991").status == 404


def test_blocks_keep_a_code_block_whole() -> None:
    found = blocks(post_of(71388).text)
    (code,) = [block for block in found if not is_paragraph(block)]
    assert "\n\n" in code
    assert "\n\n".join(found) == post_of(71388).text


def test_expected_rows_differ_by_layout_only_where_the_layout_knows_less() -> None:
    post = post_of(LONG_THREAD)
    shown, data = expected.expected_post(post, "v1-html"), expected.expected_post(post, "v2-api")
    assert (shown["views"], data["views"]) == (35_000, 34_871)
    assert (shown["published_precision"], data["published_precision"]) == ("minute", "second")
    assert str(data["published_at"]) == "2023-04-17 22:55:21+00:00"
    cut = post_of(71710)
    assert expected.expected_post(cut, "v1-html")["comments_captured"] == 3
    assert len(expected.expected_comments(cut, "v1-html")) == 3
    assert len(expected.expected_comments(cut, "v2-api")) == 6
    assert expected.expected_comments(post, "v2-api")[10]["parent"] == 9


def test_relative_dates_are_worded_as_the_site_words_them() -> None:
    post = post_of(70991)
    at = post.at
    ages = [(0, 5, "5시간 전"), (1, 3, "하루 전"), (3, 0, "3일 전"), (20, 0, "11월 5일"), (400, 0, None)]
    for days, hours, words in ages:
        seen_at = at + (days * 24 + hours) * (timedelta(hours=1))
        assert wording.relative_date(at, seen_at) == words
    seen_at = at + timedelta(days=3)
    row = expected.expected_comments(post, "v1-html", seen_at)[0]
    assert row["published_raw"] == "2일 전"
    assert "published_at" not in row
    assert "2일 전" in v1.post_page(load_community(), post, v1.Build(seen_at=seen_at))


def test_the_command_says_where_it_serves_and_ends_on_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.replica", "--ca-file", str(tmp_path / "ca.pem")]
    with subprocess.Popen(
        [*command, "--log", str(tmp_path / "log")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        served = json.loads(process.stdout.readline())
        assert served["connect_to"] == [f"{host}:443:127.0.0.1:{served['port']}" for host in HOSTS]
        context = ssl.create_default_context(cafile=served["cacert"])
        with (
            socket.create_connection(("127.0.0.1", served["port"]), timeout=600) as plain,
            context.wrap_socket(plain, server_hostname=SITE_HOST) as tls,
        ):
            tls.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: careerly.co.kr\r\n\r\n")
            assert tls.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
            process.terminate()
            _, errors = process.communicate(timeout=600)
    assert (process.returncode, errors) == (0, "")
    assert json.loads((tmp_path / "log").read_text())["target"] == "/robots.txt"
