"""Which sites there are: every module or package of this folder that offers ``make_site``."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from scraper import sites
from scraper.model.site import Site
from scraper.page.gates import GateRule


@cache
def all_sites() -> tuple[Site, ...]:
    """Every adapter, by name. A new file in ``scraper/sites`` that has ``make_site() -> Site`` is found here."""
    modules = (
        importlib.import_module(f"{sites.__name__}.{found.name}")
        for found in pkgutil.iter_modules(sites.__path__)
    )
    makers: list[Callable[[], Site]] = [
        module.make_site for module in modules if hasattr(module, "make_site")
    ]
    return tuple(sorted((make() for make in makers), key=lambda site: site.name))


def gate_rules() -> tuple[GateRule, ...]:
    """The prompts that sites are known to lay over posts, of every adapter that offers ``gate_rules``."""
    return tuple(rule for site in all_sites() for rule in getattr(site, "gate_rules", ()))
