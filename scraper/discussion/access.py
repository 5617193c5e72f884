"""What a page says of how much of a post it shows, as evidence in words."""

from dataclasses import replace

from scraper.model.record import Access, Count, Evidence, Record


def declared_words(declared: Count) -> str:
    """How many comments a page declares, in words."""
    return (
        f"{declared.value} comments"
        if declared.value is not None
        else f"“{declared.raw}” comments, which is no number,"
    )


def with_flag(record: Record) -> Record:
    """The record of a page whose data says that visitors are not shown all of it."""
    post = record.post
    evidence = Evidence("flag", "The page's data says that it is not free to read (isAccessibleForFree).")
    access: Access = "gated" if post.text is None else "partial"
    return replace(
        record, post=replace(post, access=access, access_evidence=(*post.access_evidence, evidence))
    )
