"""What the tests of the Ray engine run in a process of its own, in an environment that has Ray: prints what came of it as JSON.

Run as ``python -m tests.slow.ray_scenarios ADDRESS SCENARIO FOLDER``: the tasks are named by the scenario, divided by commas.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from scraper.errors import PostkeepError
from scraper.jobs.engines.ray_engine import RayEngine
from tests.jobs import engine_reading
from tests.jobs.engine_work import Task, work


def main(address: str, scenario: str, folder: Path) -> None:
    """Run ``scenario`` on the Ray cluster at ``address``."""
    function = {"read": engine_reading.read, "hang inside": engine_reading.hang}.get(scenario, work)
    tasks = [Task(number, name, folder) for number, name in enumerate(scenario.split(","))]
    told: dict[str, Any] = {}
    try:
        with RayEngine(address, os.environ, workers=2) as engine:
            finished = [[each.task.number, each.result, each.lost] for each in engine.run(function, tasks)]
        told["finished"] = sorted(finished)
    except PostkeepError as error:
        told["error"] = [type(error).__name__, str(error)]
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
