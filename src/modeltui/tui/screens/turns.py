"""One thing after the other: keys in the order they were pressed, nothing for a screen that was left, nothing twice."""

from time import monotonic
from typing import Any, TypeVar

from textual import events
from textual._types import CallbackType
from textual.await_complete import AwaitComplete
from textual.constants import MAX_FPS
from textual.screen import Screen

from modeltui.tui.compositor import QuickCompositor

Result = TypeVar("Result")


class InTurn(Screen[Result]):
    """A screen that a quick hand cannot confuse."""

    _has_come = False

    def __init__(self) -> None:
        super().__init__()
        self._compositor = QuickCompositor()
        self._painted_s = 0.0
        self._keys_to_come = 0

    @property
    def is_last_key(self) -> bool:
        """Whether nothing stands behind the key that is at work."""
        return not self._keys_to_come and not self.message_queue_size

    def _forward_event(self, event: events.Event) -> None:
        self._keys_to_come += isinstance(event, events.Key) and not event.is_forwarded
        super()._forward_event(event)

    async def on_event(self, event: events.Event) -> None:
        """Count the keys that are still to be looked at; the queue does not tell of the next one."""
        if isinstance(event, events.Key):
            self._keys_to_come = max(0, self._keys_to_come - 1)
        await super().on_event(event)

    def paint(self) -> None:
        """Paint what a key has changed, without the round of messages in which each widget tells that it has.

        That way is left where a layout or a scroll is to be done first, or where this painted less than a tick ago.
        """
        now_s = monotonic()
        if self.app._batch_count or not self.is_current or now_s - self._painted_s < 1 / MAX_FPS:
            return
        drawn = self._compositor.visible_widgets
        if any(widget._layout_required or widget._scroll_required for widget in drawn):
            return
        dirty = self._dirty_widgets | {widget for widget in drawn if widget._repaint_required}
        if not dirty:
            return
        for widget in dirty:
            widget._repaint_required = False
        self._painted_s = now_s
        self._compositor.update_widgets(dirty)
        self._compositor_refresh()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Keep the first screen of all from being styled twice before its first frame; nothing has changed yet."""
        if not self._has_come and self.app.screen_stack[0] is self:
            event.refresh_styles = False
        self._has_come = True

    async def on_key(self, event: events.Key) -> None:
        """Do what a key stands for before the next one is looked at: many may come at once.

        Textual does it when the key has gone up to the app, behind others that stand in this screen's queue by then.
        A key that comes while another screen is opened goes to that one; after leaving the program none does anything.
        """
        event.stop()
        if self.app._exit:
            return
        if self.is_active:
            await self.app._check_bindings(event.key)
        else:
            self.app.post_message(events.Key(event.key, event.character))

    def call_after_refresh(self, callback: CallbackType, *args: Any, **kwargs: Any) -> bool:
        """Call something once all is drawn, unless the screen has been left by then: its widgets are gone."""

        def still() -> object:
            return callback(*args, **kwargs) if self in self.app.screen_stack else None

        return super().call_after_refresh(still)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave this screen; a second time does nothing, where Textual would leave the screen below it."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
