"""The dashboard: where the memory is, full disks, removing what nobody uses, making the disk small."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.gui.pages.dashboard.page import DashboardPage
from app.gui.widgets.prune import PruneDialog
from tests.gui.acts import Go, dialog, press
from tests.gui.fake import FakeLinnet, Reply, recorded

FULL: dict[str, Any] = {
    "id": "space:default",
    "title": "Data disk of default",
    "verdict": "warning",
    "text": "The data disk is 90 % full: 1 GiB are free.",
    "fix": {"text": "`linnet prune` shows what nobody uses and removes it.", "automatic": False},
}


def dashboard(go: Go) -> DashboardPage:
    page = go("dashboard")
    assert isinstance(page, DashboardPage)
    return page


def told(page: DashboardPage) -> list[tuple[str, str]]:
    """Have the messages from now on noted."""
    texts: list[tuple[str, str]] = []
    page.services.messages.told.connect(lambda message: texts.append((message.tone, message.text)))
    return texts


def test_the_ledger_says_where_the_memory_is(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    qtbot.waitUntil(page.machine.ledger.isVisible)
    names = [text.partition(" ")[0] for text in page.machine.ledger.texts]
    assert names == ["Containers", "System", "Cache", "Free"]
    assert page.machine.ledger.accessibleDescription() == ", ".join(page.machine.ledger.texts)


def test_the_recorded_ledger_adds_up() -> None:
    use = recorded("service_v1_machines_default")["memory_use"]
    assert use["containers"] + use["system"] + use["cache"] + use["free"] == use["total"]
    assert use["containers"] + use["system"] == use["used"]


def test_a_stopped_machine_has_no_ledger(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    qtbot.waitUntil(page.machine.ledger.isVisible)
    fake.tell_state("stopped", memory_use=None, engine=None)
    qtbot.waitUntil(lambda: not page.machine.ledger.isVisible())


def test_the_ledger_is_brought_up_to_date_when_the_memory_has_changed(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    qtbot.waitUntil(page.machine.ledger.isVisible)
    qtbot.waitUntil(lambda: bool(fake.samplers))
    first = recorded("service_v1_machines_default_stats")
    memory = first["guest"]["memory"]
    asked = len(fake.service.asked("GET", "/machines/default"))
    for number, change in enumerate((0, 1 << 20, 2 << 20)):
        guest = {**first["guest"], "memory": {**memory, "free": memory["free"] - change}}
        fake.sample({**first, "time": first["time"] + 2 * number, "guest": guest})
    qtbot.waitUntil(lambda: len(page.figures.memory.samples) == 3)
    assert len(fake.service.asked("GET", "/machines/default")) == asked
    use = fake.machine["memory_use"]
    fake.machine["memory_use"] = {**use, "containers": 300 << 20, "free": use["free"] - (300 << 20)}
    guest = {**first["guest"], "memory": {**memory, "free": memory["free"] - (300 << 20)}}
    fake.sample({**first, "time": first["time"] + 8, "guest": guest})
    qtbot.waitUntil(lambda: "Containers 300 MiB" in page.machine.ledger.texts)


def test_a_disk_that_fills_up_is_told_once(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    texts = told(page)
    fake.service.on("GET", "/doctor", lambda _request: [FULL])
    fake.tell("space", {"data": 85, "host": 0})
    fake.tell("space", {"data": 85, "host": 0})
    fake.tell("space", {"data": 95, "host": 0})
    fake.tell("space", {"data": 0, "host": 85})
    qtbot.waitUntil(lambda: len(texts) == 3)
    assert texts == [
        ("warn", "The data disk of machine 'default' is over 85 % full."),
        ("warn", "The data disk of machine 'default' is over 95 % full."),
        ("warn", "The disk of this computer that holds Linnet's machines is over 85 % full."),
    ]
    qtbot.waitUntil(lambda: any(one.text() == "Free space …" for one in page.problems.findChildren(QPushButton)))


def test_the_banner_leads_to_what_could_go(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.service.on("GET", "/doctor", lambda _request: [FULL])
    page = dashboard(go)
    texts = told(page)
    page.problems.look()
    qtbot.waitUntil(lambda: any(one.text() == "Free space …" for one in page.problems.findChildren(QPushButton)))
    press(page.problems, "Free space …")
    asked = dialog(page, PruneDialog)
    found = recorded("service_v1_machines_default_prune")
    usual = len(found["containers"]) + len(found["dangling"]) + len(found["build_cache"])
    assert len(asked.chosen()) == usual > 0
    asked.choose(2)
    assert [one.key for one in asked.chosen()] == [f"volumes:{item['id']}" for item in found["volumes"]]
    asked.choose(0)
    wanted = [one.key.partition(":")[2] for one in asked.chosen()]
    done = {"removed": ["a"] * usual, "kept": {}, "freed": 5 << 20}
    fake.service.on("POST", "/machines/default/prune", fake.operation(done, "Removing a"))
    asked.yes.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/prune")))
    assert fake.service.asked("POST", "/machines/default/prune")[0].body["ids"] == wanted
    qtbot.waitUntil(lambda: any("5 MiB freed" in text for _tone, text in texts))


def test_what_stays_is_told_with_its_reason(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    texts = told(page)
    done = {"removed": [], "kept": {"left": "volume is being used"}, "freed": 0}
    fake.service.on("POST", "/machines/default/prune", fake.operation(done))
    asked = page.space.show("default", recorded("service_v1_machines_default_prune"))
    asked.yes.click()
    qtbot.waitUntil(lambda: bool(texts))
    assert texts[0] == ("warn", "0 removed, 0 B freed. 1 is still there:")


def test_the_disk_is_made_small(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    texts = told(page)
    done = {"before": 3 << 30, "after": 1 << 30, "rewritten": False, "possible": 1 << 29}
    fake.service.on("POST", "/machines/default/compact", fake.operation(done, "Trimming"))
    page.machine._fill_menu()
    entry = next(one for one in page.machine._menu.actions() if one.text() == "Compact the disk")
    entry.trigger()
    qtbot.waitUntil(lambda: bool(texts))
    assert fake.service.asked("POST", "/machines/default/compact")[0].body == {"offline": False}
    assert "took 3 GiB on this computer and takes 1 GiB now" in texts[0][1]
    assert "Up to 512 MiB more" in texts[0][1]


def test_a_refusal_is_told(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    texts = told(page)
    error = {"code": "conflict", "message": "Machine 'default' is not running.", "hint": None, "detail": None}
    fake.service.on("GET", "/machines/default/prune", lambda _request: Reply(error, 409))
    page.space.ask_prune()
    qtbot.waitUntil(lambda: texts == [("bad", "Machine 'default' is not running.")])
    assert page.window().findChild(PruneDialog) is None
