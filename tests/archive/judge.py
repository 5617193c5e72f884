"""warcio, which shares no code with us, as the judge of what we write."""

import io
import sys
from argparse import Namespace
from contextlib import redirect_stdout
from pathlib import Path

from warcio.checker import Checker


def warcio_complaints(*paths: Path) -> str:
    """What ``warcio check`` says against the files; empty where it passes them."""
    said = io.StringIO()
    with redirect_stdout(said):
        code = Checker(Namespace(inputs=[str(path) for path in paths], verbose=False)).process_all()
    return said.getvalue() or ("exit code 1" if code else "")


def warcio_passes(path: Path) -> int:
    """How many records have digests that warcio checked and found right."""
    said = io.StringIO()
    with redirect_stdout(said):
        Checker(Namespace(inputs=[str(path)], verbose=True)).process_all()
    sys.stdout.flush()
    return said.getvalue().count("digest pass")
