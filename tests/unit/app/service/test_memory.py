"""When linnetd tidies its memory up, and that doing so gives something back."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import subprocess
import sys

import pytest

from app.service import memory


class Scene:
    """A housekeeper whose tidying is counted."""

    def __init__(self) -> None:
        self.done = 0
        self.tidied = 0
        self.keeper = memory.Housekeeper(lambda: self.done, self._tidy)

    def _tidy(self) -> None:
        self.tidied += 1


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the seconds hundredths."""
    monkeypatch.setattr(memory, "SETTLED", 0.02)
    monkeypatch.setattr(memory, "QUIET", 0.02)


@pytest.mark.usefixtures("quick")
async def test_much_work_is_followed_by_one_tidying() -> None:
    scene = Scene()
    for _ in range(5):
        scene.keeper.soon()
    await asyncio.sleep(0.2)
    assert scene.tidied == 1


@pytest.mark.usefixtures("quick")
async def test_a_busy_service_is_not_interrupted() -> None:
    scene = Scene()
    scene.keeper.soon()
    for _ in range(20):
        scene.done += 1
        await asyncio.sleep(0.01)
    assert scene.tidied == 0
    await asyncio.sleep(0.2)
    assert scene.tidied == 1


@pytest.mark.usefixtures("quick")
async def test_a_service_that_is_never_quiet_tidies_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LONGEST_WAIT", 3)
    scene = Scene()
    scene.keeper.soon()
    for _ in range(30):
        scene.done += 1
        await asyncio.sleep(0.01)
    assert scene.tidied == 1


@pytest.mark.usefixtures("quick")
async def test_a_closed_one_does_nothing() -> None:
    scene = Scene()
    scene.keeper.soon()
    scene.keeper.close()
    await asyncio.sleep(0.1)
    assert scene.tidied == 0


def test_what_is_alive_is_left_out_of_later_collections_and_garbage_goes() -> None:
    class Knot:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            gone.append(1)

    gone: list[int] = []
    gc.collect()
    Knot()
    gc.freeze()  # as an earlier tidying did while it was alive
    try:
        memory.give_back()
        assert gone == [1]
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


RESIDENT = """
import ctypes, resource, threading
from app.service import memory
def resident():
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * resource.getpagesize()
"""

SCATTERED = """
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
blocks = [libc.malloc(65536) for _ in range(320)]
for block in blocks:
    ctypes.memset(block, 1, 65536)
for block in blocks[:-1]:
    libc.free(block)
before = resident()
memory.give_back()
print(before - resident())
"""


IN_A_THREAD = """
memory.begin()
def work():
    for _ in range(3):
        block = b"x" * 12_000_000
        del block
before = resident()
for _ in range(2):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
memory.give_back()
print(resident() - before)
"""

glibc = pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="not glibc")


@glibc
def test_freed_memory_below_a_living_block_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", RESIDENT + SCATTERED], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 10_000_000


@glibc
def test_what_a_thread_has_freed_is_not_kept() -> None:
    done = subprocess.run([sys.executable, "-c", RESIDENT + IN_A_THREAD], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1_000_000
