"""Keeping the parts alive: each is a process with a group of its own, started again when it dies."""
import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

STEADY = 60                                # seconds after which a part's earlier deaths are forgotten
DEATHS = 3                                 # so often in a row before the run is up, and the whole stops
PATIENCE = 8                               # seconds a part has to end by itself
LONGEST_PAUSE = 5.0                        # seconds between two starts


def say(part: str, line: str) -> None:
    """Print one line of the run."""
    print(f"{part}: {line}", flush=True)


def tied() -> None:
    """Have the kernel send SIGTERM to this process when its parent ends. Linux only; elsewhere it does nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Parts:
    """The running parts. `stopping` is set when the run is to end, `fault` says why if it is not the user's wish."""

    environment: Mapping[str, str]
    up: bool = False
    fault: str = ""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, part: str, command: tuple[str, ...]) -> None:
        """Start `part` and keep it running until the end."""
        self.follow(self._keep(part, command))

    def follow(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` go on beside the rest; if it breaks, the whole stops."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._done)
        self.tasks.append(task)

    def fail(self, why: str) -> None:
        """Stop the whole."""
        self.fault = self.fault or why
        self.stopping.set()

    async def once(self, part: str, command: tuple[str, ...]) -> str:
        """Run a command to its end and return what it printed. A failure stops the whole."""
        process = await asyncio.create_subprocess_exec(
            *command, env=self.environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            start_new_session=True, preexec_fn=tied)
        self.running[part] = process
        printed, _ = await process.communicate()
        if process.returncode and not self.stopping.is_set():
            self.fail(f"{part} failed with {process.returncode}")
        return printed.decode()

    async def until(self, ready: Callable[[], bool], otherwise: str, seconds: float = 30) -> None:
        """Wait until `ready`, or the run is to end; too long a wait stops the whole, for the reason given."""
        last = time.monotonic() + seconds
        while not self.stopping.is_set():
            if await asyncio.to_thread(ready):
                return
            if time.monotonic() > last:
                return self.fail(otherwise)
            await asyncio.sleep(0.05)

    async def end(self, *parts: str) -> None:
        """Ask parts to end, and kill what has not done so in time."""
        await asyncio.gather(*(self._end(self.running[part]) for part in parts if part in self.running))

    def _done(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self.fail(f"{type(error).__name__}: {error}")

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), PATIENCE)
            except TimeoutError:
                _kill_group(process)

    async def _keep(self, part: str, command: tuple[str, ...]) -> None:
        deaths = 0
        while not self.stopping.is_set():
            began, (reading, writing) = time.monotonic(), os.pipe()
            process = self.running[part] = await asyncio.create_subprocess_exec(
                *command, env=self.environment, stdin=asyncio.subprocess.DEVNULL, stdout=writing, stderr=writing,
                start_new_session=True, preexec_fn=tied)
            os.close(writing)
            forwarding = asyncio.create_task(_forward(part, reading))
            code = await process.wait()
            _kill_group(process)           # workers outlive a killed server and would hold its port and pipe
            await forwarding
            if self.stopping.is_set():
                return
            deaths = 1 if time.monotonic() - began > STEADY else deaths + 1
            if deaths >= DEATHS and not self.up:
                return self.fail(f"{part} ended {deaths} times, the last time with {code}")
            say("run", f"{part} ended with {code} and is started again")
            await asyncio.sleep(min(0.1 * 2 ** deaths, LONGEST_PAUSE))


async def _forward(part: str, pipe: int) -> None:
    """Print what a part says. The pipe is our own: with asyncio's, waiting would last as long as any orphan's hold."""
    stream = asyncio.StreamReader(limit=1 << 20)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(pipe, "rb"))
    with contextlib.suppress(ValueError):      # a line longer than the limit
        async for line in stream:
            say(part, line.decode(errors="replace").rstrip())
    transport.close()


def _kill_group(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
