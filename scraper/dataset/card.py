"""The dataset card: the template ``dataset_card.md`` with this export's numbers, tables and statements filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template
from typing import Final

from scraper.dataset import provenance, sections
from scraper.dataset.citation import bibtex
from scraper.dataset.context import CardContext
from scraper.dataset.figures import Figures
from scraper.dataset.front_matter import front_matter
from scraper.dataset.gaps import gaps
from scraper.dataset.plots import Plot
from scraper.dataset.sample import sample
from scraper.records.contract import Column

_TEMPLATE: Final = "dataset_card.md"


@dataclass(frozen=True, slots=True)
class ConfigCard:
    """One config of an export: the columns it has, those the form without text leaves out, and its files' digest.

    ``digest`` is None where the config has no rows, and so no files.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    left_out: tuple[str, ...]
    digest: str | None


def dataset_card(
    context: CardContext,
    schema_version: str,
    configs: Sequence[ConfigCard],
    figures: Figures,
    drawn: Sequence[Plot] = (),
    *,
    is_draft: bool = False,
) -> str:
    """The text of README.md. It depends on its arguments alone: no clock, no paths.

    ``is_draft``: the schema version is not frozen.
    """
    present = [config for config in configs if config.digest is not None]
    with_text = not any(config.left_out for config in configs)
    return Template(_template()).substitute(
        front_matter=front_matter(
            title=context.title,
            license_name=context.license,
            figures=figures,
            tasks=sections.tasks(figures.kinds, with_text=with_text),
            columns={config.name: config.columns for config in present},
            digests={config.name: config.digest for config in present if config.digest is not None},
        ),
        title=sections.one_line(context.title),
        software=sections.one_line(context.software),
        summary=sections.summary(figures),
        loading=sections.loading([config.name for config in present], context.publication),
        configs=sections.configs(
            [(config.name, config.description) for config in configs if config.columns], figures.rows
        ),
        left_out=sections.left_out({config.name: config.left_out for config in configs}),
        captured=sections.captured(figures),
        conduct=provenance.conduct(context.conduct, len(context.takedowns)),
        plots=sections.images([(plot.path, plot.alt) for plot in drawn]),
        basis=sections.counted("captured_at_basis", "posts", figures.capture_basis),
        coverage=sections.coverage(figures.sites),
        languages=sections.languages(figures.languages),
        access=sections.counted("access", "posts", figures.access),
        status=sections.counted("status", "posts", figures.status),
        comments=sections.comments(figures.comments),
        removed=sections.counted("rule", "pieces removed", figures.removed),
        fields="\n\n".join(sections.fields(config.name, config.columns) for config in present)
        or sections.NO_ROWS,
        rights=sections.rights(context.license, context.rights_statement),
        signals=sections.signals(figures.signals),
        names=sections.names(context.names),
        redactions=sections.redactions(context.scrub, figures.redactions),
        removal=sections.removal(context.contact),
        gaps=gaps(figures, with_text=with_text),
        sample=sample(figures.sample, _columns_of_posts(present), gated=context.gated),
        citation=bibtex(context.title, context.software, figures.captured, context.publication),
        pinning=provenance.pinning(context.publication),
        versions=provenance.versions(
            context.publication,
            schema_version,
            {config.name: figures.rows[config.name] for config in present},
        ),
        changes=provenance.changes(context.publication),
        migrated=provenance.migrated(context.migration),
        schema_version=schema_version,
        draft=sections.DRAFT if is_draft else "",
    )


def _columns_of_posts(configs: Sequence[ConfigCard]) -> tuple[Column, ...]:
    return next((config.columns for config in configs if config.name == "posts"), ())


def _template() -> str:
    """The template: in an installed package, or in the repository."""
    packaged = resources.files("scraper") / "_schema" / _TEMPLATE
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).resolve().parents[2] / _TEMPLATE).read_text(encoding="utf-8")
