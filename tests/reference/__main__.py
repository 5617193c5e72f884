"""``python -m tests.reference``: write the generated pages of docs/ anew."""

from tests.reference.pages import PAGES, path_of


def main() -> None:
    """Write each page."""
    for name, written in PAGES.items():
        path_of(name).write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
