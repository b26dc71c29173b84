"""The process that tests/processes.py forks from: the product is imported here once, then each request is a new process.

A forked process runs ``python -m MODULE ARGUMENTS`` with its own folder, environment, files and event loop, and can be
killed like any other. It only saves the seconds that importing takes.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

PACKAGES = ("bot", "core", "handlers")
FILES = 4
"""Standard input, output and error of the new process, and where its number and its end are told."""


def serve(requests: socket.socket) -> Callable[[], None] | None:
    """Answer requests; None once nobody asks any more, and in a new process what it has to run."""
    while True:
        message, files, _flags, _address = socket.recv_fds(requests, 1_000_000, FILES)
        if not message:
            return None
        *streams, told = files
        if os.fork() == 0:
            requests.close()
            return _begin(json.loads(message), streams, told)
        for file in files:
            os.close(file)
        _reap()


def _begin(asked: dict[str, Any], streams: list[int], told: int) -> Callable[[], None]:
    """Fork once more: the parent tells the number and waits, the child becomes what was asked for."""
    child = os.fork()
    if child:
        for file in streams:
            os.close(file)
        os.write(told, f"{child}\n".encode())
        _pid, status = os.waitpid(child, 0)
        os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    os.close(told)
    for number, file in enumerate(streams):
        os.dup2(file, number)
        os.close(file)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    sys.argv[1:] = asked["arguments"]
    return lambda: _run(asked["module"])


def _run(module: str) -> None:
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _load() -> None:
    for package in PACKAGES:
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    assert threading.active_count() == 1, "a thread would not live on in a forked process"
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _load()
    run = serve(socket.socket(fileno=int(sys.argv[1])))
    if run is not None:
        run()
