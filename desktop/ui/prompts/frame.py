"""What stands above and below the parts in the prompt builder: the choice of a framework, advice, and Send.

The head has its name and menu, the framework in force, the way to guided mode, and a line that says what has just
happened and offers a way back. Frameworks are chosen from a list: the pinned recipes come first, then the tasks of
the office, then the frameworks for anything. The foot has advice, in a few lines with what helps and a way to dismiss
each, the text that will be sent, what is missing for that, and Send. All are told what to show; what is pressed is
the panel's business.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QCheckBox, QFrame, QPushButton, QSizePolicy, QWidget

from desktop.core.advice import MOST_SHOWN, Advice, AdviceKey
from desktop.core.documents.marks import PlaceWord
from desktop.core.prompts.prompt import Language, PromptField, PromptFramework
from desktop.core.recipes.recipe import ShelvedRecipe
from desktop.ui.composer.card import SendButton
from desktop.ui.documents.words import ask_for_places, explained_places, text_length
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.prompts.preview import PromptPreview
from desktop.ui.widgets.buttons import LabelledButton, MenuButton, WrappingButton, button
from desktop.ui.widgets.form import FilterField
from desktop.ui.widgets.labels import PlainLabel, set_tooltip, speak
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.picker import Picker, narrowed
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, number, say, say_each

if TYPE_CHECKING:
    from desktop.ui.prompts.panel import PromptPanel

_LONGEST_VALUE = 40  # characters of what a sentence quotes


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """The words of one piece of advice. `fix` names what the button does; empty if there is no button."""

    key: str
    words: str
    fix: str = ""


class AdviceRow(QFrame):
    """A row for one piece of advice; it is refilled rather than replaced, so that the focus stays where it is."""

    def __init__(
        self,
        theme: Theme,
        follow: Callable[[str], object],
        dismiss: Callable[[str], object] | None = None,
        second: QPushButton | None = None,
    ) -> None:
        """`follow` and `dismiss` get the key of the line. `second`: a button after the one that helps."""
        super().__init__()
        self.line = AdviceLine("", "")
        set_look(self, "advice")
        self.words = PlainLabel("", "small", wraps=True)
        self.fix = button("", "advice", lambda: follow(self.line.key))
        self.dismiss = IconButton(theme, "close", self.tr("Do not show this advice again"), token="muted")
        if dismiss is None:
            self.dismiss.hide()
        else:
            self.dismiss.clicked.connect(lambda: dismiss(self.line.key))
        self._buttons = (self.fix, *([second] if second is not None else []))
        self._said = stack((self.words, 1), stack(*self._buttons, None, gap=GAP_TIGHT, across=True), gap=GAP_TIGHT)
        at_top, margins = (self.dismiss, Qt.AlignmentFlag.AlignTop), (GAP, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        stack((self._said, 1), at_top, gap=GAP_TIGHT, margins=margins, across=True, on=self)

    def show_line(self, line: AdviceLine) -> None:
        self.line = line
        self.words.setText(line.words)
        self.setAccessibleName(fill(self.tr("Advice: %1"), line.words))
        self.fix.setText(line.fix)
        self.fix.setVisible(bool(line.fix))
        for each in (self.fix, self.dismiss):
            each.setAccessibleDescription(line.words)
        self.place_buttons()

    def announce(self) -> None:
        """Have a screen reader say it."""
        speak(self, self.line.words)

    def place_buttons(self) -> None:
        """Place the buttons beside words of one line, else in a line below them."""
        shown = [each for each in self._buttons if not each.isHidden()]
        taken = sum(each.sizeHint().width() + GAP_TIGHT for each in (*shown, self.dismiss))
        words = self.words.fontMetrics().horizontalAdvance(self.line.words)
        fits = words + taken + 2 * GAP + GAP_TIGHT <= self.width() or not shown
        self._said.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_buttons()


class AdviceLines(QWidget):
    """The rows, hidden while there is nothing to say."""

    def __init__(self, theme: Theme, follow: Callable[[str], object], dismiss: Callable[[str], object]) -> None:
        super().__init__()
        self._all: list[AdviceLine] = []
        self.shown: list[AdviceLine] = []
        self._most = MOST_SHOWN
        self._is_unfolded = False
        self._more = button("", "muted", self._show_all)  # in a line of its own, it would take room to write
        self._more.hide()
        self.rows = [AdviceRow(theme, follow, dismiss, None if at else self._more) for at in range(MOST_SHOWN)]
        for row in self.rows:
            row.hide()
        stack(*self.rows, gap=GAP_TIGHT, on=self)
        self.hide()

    def show_at_most(self, count: int) -> None:
        """Set how many lines there is room for."""
        self._most = count
        self.show_advice(self._all)

    def show_advice(self, advice: Sequence[AdviceLine]) -> None:
        """Show the first few, the most useful first."""
        if list(advice) != self._all:
            self._is_unfolded = False
        self._all = list(advice)
        wanted = self._all[: MOST_SHOWN if self._is_unfolded and self._most else self._most]
        folded = min(MOST_SHOWN, len(self._all)) - len(wanted) if wanted else 0
        self._more.setText(fill(self.tr("%1 more"), number(folded)))
        self._more.setVisible(folded > 0)
        is_news = bool(wanted) and wanted[:1] != self.shown[:1]
        self.shown = wanted
        for row, line in zip(self.rows, [*wanted, *[None] * MOST_SHOWN], strict=False):
            if line is not None:
                row.show_line(line)
            row.setVisible(line is not None)
        self.setVisible(bool(wanted))
        if is_news:
            self.rows[0].announce()

    def _show_all(self) -> None:
        self.rows[0].dismiss.setFocus()  # before the button under the keyboard goes away
        self._is_unfolded = True
        self.show_advice(self._all)


def advice_line(advice: Advice) -> AdviceLine:
    """Return the line that the panel shows; its button does what helps, or goes to the part that is meant."""
    values = {name: _shown(each) for name, each in advice.values.items()}
    if advice.key is AdviceKey.TOO_LONG:
        values = {name: text_length(float(advice.values[name])) for name in ("tokens", "context")}
    fix = ""
    if is_blank(advice):
        fix = say("prompts.save_as_recipe")
    elif advice.key is AdviceKey.TEXT_MISSING:
        fix = say("prompts.add_material")
    elif advice.fix is not None:
        fix = say_each("prompts.fix", advice.key)
    elif advice.field:
        fix = say("prompts.go_there")
    return AdviceLine(advice.key, say_each("prompts.advice", advice.key, **values), fix)


def is_blank(advice: Advice) -> bool:
    """Return True if a blank of a recipe waits to be filled in: such a prompt is to be used again."""
    return advice.key is AdviceKey.PLACEHOLDER_LEFT and str(advice.values.get("found", "")).startswith("{{")


def _shown(value: str | int | float) -> str:
    match value:
        case int():
            return number(value)
        case float():
            return QLocale().toString(value, "g", 3)
        case _:
            flat = " ".join(value.split())
            return flat if len(flat) <= _LONGEST_VALUE else f"{flat[:_LONGEST_VALUE]}…"


_WIDE_PX = 380
ALL_RECIPES = "all recipes"
_LONGEST_FOUND = 200  # characters of what is pasted to find a task by; more is a text


class FrameworkChooser(MenuButton):
    """A button with a list of what can be chosen."""

    widest_em = 24
    chosen = Signal(object)  # the key of a framework or of a recipe, or `ALL_RECIPES`

    def __init__(self, theme: Theme, frameworks: Sequence[PromptFramework], language: Language) -> None:
        super().__init__(theme, hint=self.tr("Choose how the prompt is built"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, "chooser")
        self._frameworks = frameworks
        self._language = language
        self.pinned: Sequence[ShelvedRecipe] = ()
        self.key = ""
        self.list = _FrameworkPicker(theme, self)
        self.list.chosen.connect(self.chosen)
        self.clicked.connect(lambda: self.list.open_below(self))

    def show_framework(self, key: str) -> None:
        """Show the framework in force."""
        self.key = key
        name = next(each for each in self._frameworks if each.key == key).name.of(self._language)
        self.show_words(name, fill(self.tr("Framework: %1"), name))

    def rows(self) -> Sequence[Row]:
        """Return all that can be chosen, as lines of a list."""
        language = self._language
        pinned = [Row(each.key, each.recipe.name, each.recipe.about) for each in self.pinned]
        ready, others = (
            [
                Row(each.key, each.name.of(language), each.about.of(language), icon="check" * (each.key == self.key))
                for each in self._frameworks
                if each.is_ready_made is is_ready
            ]
            for is_ready in (True, False)
        )
        rows: list[Row] = []
        headings = (self.tr("Your recipes"), self.tr("For the office"), self.tr("For anything"))
        for heading, group in zip(headings, (pinned, ready, others), strict=True):
            rows += [Row(heading, heading, is_heading=True), *group] if group else []
        return [*rows, Row(ALL_RECIPES, self.tr("Recipes…"))]


class _FrameworkPicker(Picker):
    """What each is for stands below its name."""

    def __init__(self, theme: Theme, chooser: FrameworkChooser) -> None:
        find, nothing = self.tr("Find a task or a recipe"), self.tr("Nothing of the list is like that.")
        super().__init__(theme, self.tr("Frameworks"), find, nothing, _WIDE_PX, chooser)
        self._chooser = chooser

    def rows_now(self) -> Sequence[Row]:
        return self._chooser.rows()

    def first_key(self) -> Hashable:
        return self._chooser.key

    def open_below(self, widget: QWidget) -> None:
        super().open_below(widget)
        self.list.scrollToTop()  # what most people want stands above what is in force


class TaskList(QWidget):
    """The same list, in place of the parts of a prompt that is not begun, with a field to find a line by."""

    written = Signal(str)  # what no line has, as the user's own text; empty: what is to be pasted

    def __init__(self, theme: Theme, chooser: FrameworkChooser) -> None:
        super().__init__()
        self._chooser = chooser
        title = self.tr("What do you want to write?")
        self.finder = FilterField(theme, title)
        self.list = RowList(theme, title)
        self.list.setResizeMode(RowList.ResizeMode.Adjust)  # what stands below a title may take two lines
        self.list.chosen.connect(chooser.chosen)
        self.finder.textChanged.connect(self._narrow)
        self.finder.left_downwards.connect(self._enter_list)
        self.finder.returnPressed.connect(self._choose)
        self.finder.installEventFilter(self)
        self.finder.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # it would cut what is pasted by it
        self.freely = button(self.tr("Write freely"), "link", hint=self.tr("In parts that fit anything"))
        self.setFocusProxy(self.finder)
        stack(self.finder, (self.list, 1), self.freely, margins=(GAP, GAP_TIGHT, GAP, GAP), on=self)

    def show_tasks(self) -> None:
        """Show what there is now, from the top."""
        self.finder.clear()
        self._narrow("")

    def _narrow(self, words: str) -> None:
        rows = [replace(each, icon="") for each in narrowed(self._chooser.rows(), words)]
        if not rows:
            self.written.emit(words)
            return
        self.list.show_rows(rows)
        self.list.go_to(next(each.key for each in rows if each.can_be_at))
        self.list.scrollToTop()

    def _enter_list(self) -> None:
        self.list.setFocus()
        self.list.step(1)

    def _choose(self) -> None:
        if self.list.current is not None:
            self._chooser.chosen.emit(self.list.current.key)

    # Qt's own method

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste):
            text = QApplication.clipboard().text()
            if event.type() is QEvent.Type.KeyPress and (len(text) > _LONGEST_FOUND or "\n" in text.strip()):
                self.written.emit("")
                return True
        return super().eventFilter(watched, event)


_LOW_PX = 640  # of the panel's height: below, what can be read elsewhere makes room to write
_ROOMY_HEIGHT_PX = 820  # below, more than one piece of advice at once would leave no room to write
_LOWEST_PX = 400  # below, any would


class PromptHead(QWidget):
    """Three rows: the name with its buttons, the framework, and the line while there is one."""

    notice_dismissed = Signal(str)  # the key of the line

    def __init__(
        self, theme: Theme, frameworks: Sequence[PromptFramework], language: Language, on_acted: Callable[[], object]
    ) -> None:
        """`on_acted` is called when what the line offered has been done."""
        super().__init__()
        self._on_acted = on_acted
        self._act: Callable[[], object] = lambda: None  # what the button of the line does
        self.more = IconButton(theme, "more", self.tr("More"))
        self.close_button = IconButton(theme, "close", self.tr("Close the prompt builder (Ctrl+B)"))
        self._name = PlainLabel(self.tr("Prompt builder"), "heading")
        self.back = LabelledButton(
            theme, "chevron-left", self.tr("Back to the conversation"), "quiet", do=self.close_button.click
        )
        self.chooser = FrameworkChooser(theme, frameworks, language)
        hint = self.tr("The same prompt, one question at a time")
        self.guide = button(self.tr("Guide me"), "link", hint=hint)
        self.notice = AdviceRow(theme, lambda _: self._on_notice_pressed(), self._dismiss_notice)
        self.notice.hide()
        row = (self.back, self._name, None, self.more, self.close_button)
        top = stack(*row, gap=0, margins=(GAP, GAP, GAP, 0), across=True)
        chosen = stack((self.chooser, 1), self.guide, gap=GAP_TIGHT, across=True)
        below = stack(chosen, self.notice, margins=(GAP, 0, GAP, 0))
        stack(top, below, gap=GAP_TIGHT, on=self)
        self.show_over(False)

    @property
    def notice_key(self) -> str:
        """The key of the line; empty while there is none."""
        return "" if self.notice.isHidden() else self.notice.line.key

    def show_over(self, is_over: bool) -> None:
        """Show the way back in words where the builder covers the conversation and its message box."""
        self.back.setVisible(is_over)
        self._name.setHidden(is_over)
        self.close_button.setHidden(is_over)

    def show_choice(self, shall: bool) -> None:
        """Show the framework in force, and the way to the questions."""
        self.chooser.setVisible(shall)
        self.guide.setVisible(shall)

    def show_notice(self, key: str, words: str, action: str, act: Callable[[], object]) -> None:
        """Show a line with a button that acts, until it is dismissed or `hide_notice` is called."""
        self._act = act
        self.notice.show_line(AdviceLine(key, words, action))
        self.notice.show()
        self.notice.announce()

    def _on_notice_pressed(self) -> None:
        self._act()
        self._on_acted()

    def _dismiss_notice(self, key: str) -> None:
        self.hide_notice()
        self.notice_dismissed.emit(key)

    def hide_notice(self, *, leaves_room: bool = False) -> None:
        """Hide the line. `leaves_room`: what is being written below must not move."""
        policy = self.notice.sizePolicy()
        policy.setRetainSizeWhenHidden(leaves_room)
        self.notice.setSizePolicy(policy)
        self.notice.hide()


class PromptFoot(QWidget):
    """The lines below the parts, and Send while the builder has it. Before anything is written there are none."""

    stop_pressed = Signal()

    def __init__(self, theme: Theme, language: Language, panel: PromptPanel) -> None:
        super().__init__()
        self._language = language
        self._missing: list[PromptField] = []
        self.temperature = AdviceRow(theme, lambda _: panel.change_settings(temperature=None))
        self.temperature.hide()
        self.advice = AdviceLines(theme, panel.follow_advice, panel.dismiss_advice)
        self.asks_places = QCheckBox()
        self.asks_places.toggled.connect(lambda shall: panel.change_settings(asks_places=shall))
        self.asks_places.hide()
        self.preview = PromptPreview(theme)
        self.missing = WrappingButton(theme, "", is_link=True)
        self.missing.setAccessibleDescription(self.tr("Goes to the part that is to be filled in"))
        self.missing.clicked.connect(lambda: panel.focus_missing())
        self.missing.hide()
        self._has_send, self._stops = True, False
        self.send = SendButton(theme)
        self.send.clicked.connect(lambda: self.stop_pressed.emit() if self._stops else panel.send())
        last = stack((self.missing, 1), (self.send, Qt.AlignmentFlag.AlignRight), across=True)
        rows = (self.temperature, self.advice, self.asks_places, self.preview, last)
        stack(*rows, margins=(GAP, GAP_TIGHT, GAP, GAP), on=self)
        self._show_send()

    def show_temperature(self, temperature: float | None) -> None:
        """Show that the conversation has its own temperature, as long as it has."""
        if temperature is not None:
            words = say("prompts.temperature_is_set_for_this_conversation", shown=_shown(temperature))
            self.temperature.show_line(AdviceLine("temperature", words, say("prompts.undo")))
        self.temperature.setVisible(temperature is not None)

    def show_places(self, places: Sequence[PlaceWord], *, are_asked_for: bool) -> None:
        """Show if places are asked for, where a file of the conversation has some."""
        self.asks_places.setHidden(not places)
        if places:
            self.asks_places.setText(ask_for_places(places))
            set_tooltip(self.asks_places, explained_places(places))
        with QSignalBlocker(self.asks_places):
            self.asks_places.setChecked(are_asked_for)

    def show_missing(self, missing: Sequence[PromptField], *, is_begun: bool) -> None:
        """Show which parts must be filled in before anything can be sent; in words once the user has begun."""
        self._missing = list(missing)
        names = QLocale().createSeparatedList([each.label.of(self._language) for each in missing])
        words = fill(self.tr("Still missing: %1"), names) if missing else ""
        self.send.explain(words)
        self._show_send()
        self.missing.set_words(words)
        self.missing.setVisible(bool(words) and is_begun)
        self.preview.setVisible(is_begun)

    def offer_stop(self, shall: bool) -> None:
        """Have Stop in the place of Send, while an answer comes whose own button cannot be seen."""
        self._stops = shall
        self._show_send()

    def have_send(self, shall: bool) -> None:
        """Have the Send of the window here; else the message box has it."""
        self._has_send = shall
        self._show_send()

    def _show_send(self) -> None:
        self.send.show_state(is_running=self._stops, is_ready=not self._missing)
        if self._stops:
            self.send.setToolTip(self.tr("Stop the answer"))  # Escape closes what lies over it first
        self.send.setVisible(self._stops or self._has_send)

    def fit(self, height: float) -> None:
        """Show as much as there is room for in a panel of this height (at text size 100 %)."""
        self.advice.show_at_most(MOST_SHOWN if height >= _ROOMY_HEIGHT_PX else int(height >= _LOWEST_PX))
        self.preview.set_low(height < _LOW_PX)
