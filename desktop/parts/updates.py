"""The look for a newer version, once a day, where this build knows an address and the user wants it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from desktop.backend_factory import BackendFactory
from desktop.parts.ground import Ground
from desktop.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from desktop.runtime.update_watch import UpdateWatch


class Updates(QObject):
    """The watch and its address; nothing of it is made where there is none."""

    def __init__(
        self,
        ground: Ground,
        backends: BackendFactory,
        window: MainWindow,
        read_address: Callable[[], str],
        parent: QObject,
    ) -> None:
        """Keep the dependencies. `read_address` returns where this build looks, empty for nowhere."""
        super().__init__(parent)
        self.address = ""
        self._ground = ground
        self._backends = backends
        self._window = window
        self._read_address = read_address
        self._watch: UpdateWatch | None = None

    def begin_watching(self) -> None:
        """Look now if a day has passed, and once a day from now on."""
        address = self.address = self._read_address()
        if not address:
            return
        from desktop.runtime.update_watch import UpdateWatch

        keeper = self._ground.keeper

        def may_look() -> bool:
            return keeper.now.update_notice and not keeper.now.offline_lock

        def look() -> Coroutine[Any, Any, Any]:
            return self._backends.newer_release(address)

        self._watch = UpdateWatch(self._ground.work, look, may_look, keeper.now.update_looked_at, self)
        self._watch.looked.connect(lambda at: keeper.change(update_looked_at=at))
        self._watch.found.connect(self._window.show_release)
        self.look_if_due()

    def look_if_due(self) -> None:
        """Look if a day has passed and the user wants it."""
        if self._watch is not None:
            self._watch.look_if_due()
