"""Which tests are begun first where several run at once: the long ones, so that none is last."""

from __future__ import annotations

from typing import Any, Final

import pytest

#: Files that take longest, the longest first; after them folders, then whatever has many tests.
LONG: Final = (
    "tests/functional/test_tutorials.py",
    "tests/browser/test_console_roles.py",
    "tests/functional/test_demo_county.py",
    "tests/functional/test_backup_commands.py",
    "tests/faults/test_several_workers.py",
    "tests/functional/test_spark_monitoring.py",
    "tests/functional/test_liverpool.py",
    "tests/browser/",
    "tests/faults/",
    "tests/functional/",
)
#: Files whose tests share nothing: each of their tests is for whoever is free.
APART: Final = ("tests/functional/test_tutorials.py",)


def rank(scope: str) -> int:
    """Its place in `LONG`."""
    return next((n for n, long in enumerate(LONG) if scope.startswith(long)), len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadfile`, the long files first."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class LongFirst(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return nodeid if file in APART else file

        def _assign_work_unit(self, node: Any) -> None:
            self.workqueue.move_to_end(min(self.workqueue, key=rank), last=False)
            super()._assign_work_unit(node)

    return LongFirst(config, log)
