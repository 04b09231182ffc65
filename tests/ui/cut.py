"""Words that have no room: elided or clipped in a window as it stands, found by measuring what is visible."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from desktop.ui.inputs.message_input import MessageInput
from desktop.ui.widgets.buttons import AFTER_ICON, ElidedButton, LabelledButton, MenuButton, WrappingButton
from desktop.ui.widgets.labels import ElidedLabel, FittingLabel, Paragraph
from desktop.ui.widgets.place_badge import PlaceBadge

_AFTER_ICON_PX = 4  # what Qt leaves between icon and words
_SLACK = 1  # of a pixel's rounding
_MANY = 10_000
_UNBREAKABLE = re.compile(r"[!-~]+")  # Chinese may be broken anywhere


def cut_words(page):
    """Return what is cut: each with the kind of its widget, and how."""
    found = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisibleTo(page) or widget.visibleRegion().isEmpty() or not _words(widget):
            continue
        if how := _lacks_room(widget) or _is_clipped(widget, page):
            found.append(f"{type(widget).__name__} “{_words(widget)[:60]}”: {how}")
    return found


def _words(widget):
    match widget:
        case PlaceBadge() | MenuButton() | WrappingButton() | FittingLabel():
            return widget.words
        case LabelledButton():
            return widget.text().removeprefix(AFTER_ICON)
        case QLabel() | QPushButton() | QCheckBox() | QRadioButton():
            return widget.text()
        case QToolButton():
            shows = widget.toolButtonStyle().name != "ToolButtonIconOnly"
            return widget.text() if shows else ""
        case QComboBox():
            return widget.currentText()
        case QLineEdit():
            return widget.placeholderText() if not widget.text() else ""
        case MessageInput():
            return widget.placeholderText() if not widget.toPlainText() else ""
        case _:
            return ""


def _lacks_room(widget):
    """Return how the words have no room in their own widget; empty where they have, or where they are foreign ones."""
    match widget:
        case ElidedLabel() | ElidedButton() | MenuButton():
            return ""  # made for names and titles of any length, with all of it in a tooltip
        case FittingLabel():
            return _wide(widget.fontMetrics().horizontalAdvance(widget.words), widget.width())
        case Paragraph():
            return _low(widget.heightForWidth(widget.width()), widget.height())
        case QLabel() if widget.wordWrap():
            room = widget.contentsRect()
            needed = widget.heightForWidth(widget.width())
            longest = max(map(widget.fontMetrics().horizontalAdvance, _UNBREAKABLE.findall(widget.text())), default=0)
            return _low(needed, widget.height()) or _wide(longest, room.width())
        case QLabel():
            room = widget.contentsRect()
            lines = widget.text().split("\n")
            widest = max(map(widget.fontMetrics().horizontalAdvance, lines))
            return _wide(widest, room.width()) or _low(widget.fontMetrics().height() * len(lines), room.height())
        case PlaceBadge():
            return _wide(widget.sizeHint().width(), widget.width())
        case WrappingButton():
            return _low(widget.heightForWidth(widget.width()), widget.height())
        case QPushButton():
            return _cut_in_button(widget)
        case QToolButton() | QCheckBox() | QRadioButton():
            wide = _wide(widget.sizeHint().width(), widget.width())
            return wide or _low(widget.fontMetrics().tightBoundingRect(widget.text()).height(), widget.height())
        case QComboBox():
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            field = widget.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
            )
            return _wide(widget.fontMetrics().horizontalAdvance(widget.currentText()), field.width())
        case QLineEdit():
            return _wide(
                widget.fontMetrics().horizontalAdvance(widget.placeholderText()), widget.contentsRect().width()
            )
        case MessageInput():
            margin = 2 * round(widget.document().documentMargin())
            hint = widget.fontMetrics().boundingRect(
                QRect(0, 0, widget.viewport().width() - margin, _MANY), 0x1000, widget.placeholderText()
            )
            return _low(hint.height() + margin, widget.height())
    return ""


def _cut_in_button(button):
    option = QStyleOptionButton()
    button.initStyleOption(option)
    contents = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button)
    icon = 0 if button.icon().isNull() else button.iconSize().width() + _AFTER_ICON_PX
    words = button.text().replace("&&", "&")
    return _wide(button.fontMetrics().horizontalAdvance(words) + icon, contents.width()) or _low(
        button.fontMetrics().tightBoundingRect(words).height(), contents.height()
    )


def _is_clipped(widget, page):
    """Return how it is cut by what it stands in; what can be scrolled may be cut above and below."""
    part = QRect(QPoint(0, 0), widget.size())
    parent = widget.parentWidget()
    at = widget
    while parent is not None and at is not page:
        part.translate(at.pos())
        area = parent.parentWidget()
        room = parent.rect()
        if isinstance(area, QAbstractScrollArea) and parent is area.viewport():
            room = QRect(room.left(), part.top(), room.width(), part.height())
        if not room.contains(part):
            over = part.size() - (part & room).size()
            return f"{over.width()} × {over.height()} px clipped by {type(parent).__name__}"
        part &= parent.rect()
        at, parent = parent, parent.parentWidget()
    return ""


def _wide(needed, room):
    return f"{needed:.0f} px in {room:.0f}" if needed > room + _SLACK else ""


def _low(needed, room):
    return f"{needed:.0f} px high in {room:.0f}" if needed > room + _SLACK else ""
