"""The RSL licences of a visit: which its documents name, which of its captures are theirs, and what they say of its pages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scraper.model.exchange import REDIRECT_STATUSES
from scraper.model.record import Signal
from scraper.model.url import resolve
from scraper.page.rsl import UNAVAILABLE, Terms, page_terms
from scraper.page.site_signals import LICENSE, is_site_file, signals_for
from scraper.reading.document_reading import DocumentReading

_MOST_HOPS: Final = 10


def licence_urls(documents: Sequence[DocumentReading]) -> tuple[str, ...]:
    """The licences that the documents of a visit name for its pages, each once; what is no URL as it stands."""
    pages = [document for document in documents if not is_site_file(document.capture.url)]
    named = [url for page in pages for url in page.licences]
    for page in pages:
        named += _named_by_site(page, documents)
    return tuple(dict.fromkeys(named))


def licence_records(documents: Sequence[DocumentReading], visit_url: str) -> frozenset[str]:
    """The ids of the captures that are of a visit for what they license, and show nothing of its post.

    A page that names itself as its licence stays a page, and so does whatever a site reads.
    """
    if not any(document.licences or document.terms or document.statements for document in documents):
        return frozenset()
    steps = {id(step) for url in licence_urls(documents) for step in _steps_to(url, documents)}
    return frozenset(
        document.capture.record_id
        for document in documents
        if (id(document) in steps or document.terms)
        and document.site is None
        and document.capture.url != visit_url
    )


def licence_signals(page: DocumentReading, documents: Sequence[DocumentReading]) -> Iterator[Signal]:
    """What the licences that a page or its site names say of it, and what those in its feeds do.

    One that is named and was not had, or cannot be read, is said to be unavailable.
    """
    url = page.capture.url
    named = dict.fromkeys((*page.licences, *_named_by_site(page, documents)))
    steps = {name: _steps_to(name, documents) for name in named}
    for name in named:
        terms = _terms_at(steps[name])
        yield from [Signal(UNAVAILABLE, name)] if terms is None else page_terms(terms, url)
    licences = {id(step) for each in steps.values() for step in each}
    for document in documents:
        if document.terms and id(document) not in licences:
            yield from page_terms(document.terms, url)


def _named_by_site(page: DocumentReading, documents: Iterable[DocumentReading]) -> Iterator[str]:
    for file in documents:
        for signal in signals_for(page.capture.url, file.capture.url, file.statements):
            if signal.signal == LICENSE:
                yield resolve(file.capture.url, signal.value) or signal.value


def _terms_at(steps: Sequence[DocumentReading]) -> tuple[Terms, ...] | None:
    return steps[-1].terms if steps and steps[-1].capture.status == 200 else None


def _steps_to(url: str, documents: Sequence[DocumentReading]) -> list[DocumentReading]:
    """The captures of a licence: those of the redirects to it, and its own; as far as they are there."""
    # Of several captures of one URL the last one is the newest.
    at_url = {document.capture.url: document for document in documents}
    steps: list[DocumentReading] = []
    target: str | None = url
    while target in at_url and len(steps) <= _MOST_HOPS:
        step = at_url[target]
        steps.append(step)
        location = step.capture.location if step.capture.status in REDIRECT_STATUSES else None
        target = resolve(target, location) if location else None
    return steps
