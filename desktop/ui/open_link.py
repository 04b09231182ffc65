"""The one place where a link opens: after its whole address has been shown, and only http, https or mailto."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.rendering.links import display_address, safe_href
from desktop.ui.words import translate


def ask_and_open(parent: QWidget, href: str) -> None:
    """Show where a link leads and open it in the browser if the person agrees; anything unsafe is not offered."""
    address = safe_href(href)
    if not address:
        return
    box = QMessageBox(parent)
    box.setWindowTitle(translate("open_link", "Open this link?"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(translate("open_link", "The model wrote this link. It opens in your browser:"))
    box.setInformativeText(display_address(address))
    open_button = box.addButton(translate("open_link", "Open"), QMessageBox.ButtonRole.AcceptRole)
    copy_button = box.addButton(translate("open_link", "Copy the address"), QMessageBox.ButtonRole.ActionRole)
    box.setDefaultButton(box.addButton(translate("open_link", "Cancel"), QMessageBox.ButtonRole.RejectRole))
    box.exec()
    if box.clickedButton() is open_button:
        QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode))
    elif box.clickedButton() is copy_button:
        QGuiApplication.clipboard().setText(address)
    box.deleteLater()
