"""The consent for each host on the internet, asked for once before the first words go there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.core.place import Place, PlaceKind
from desktop.rendering.markdown.links import shown_host
from desktop.ui.words import fill, translate

_SHOWN = 600  # characters of the message that are shown before it is sent


def agrees_to_send(parent: QWidget, place: Place, text: str, asked_hosts: set[str]) -> bool:
    """Return True if words may go to `place`.

    Asks for a new host of the internet and adds it to `asked_hosts` on a yes.
    """
    if place.kind is not PlaceKind.INTERNET or place.host in asked_hosts:
        return True
    box = QMessageBox(parent)
    box.setWindowTitle(translate("internet_consent", "Send over the internet?"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(
        fill(translate("internet_consent", "This conversation goes over the internet to %1."), shown_host(place.host))
    )
    box.setInformativeText(
        translate(
            "internet_consent", "The whole conversation is sent with each message. Candor asks once for each host."
        )
    )
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    box.setDetailedText(shown)
    send = box.addButton(translate("internet_consent", "Send"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(translate("internet_consent", "Cancel"), QMessageBox.ButtonRole.RejectRole))
    box.exec()
    agreed = box.clickedButton() is send
    box.deleteLater()
    if agreed:
        asked_hosts.add(place.host)
    return agreed
