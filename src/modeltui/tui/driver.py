"""A way out without waiting: the terminal's reader is woken instead of polled."""

import os
import selectors
import signal
import threading
from codecs import getincrementaldecoder
from typing import Final

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

HUNG_UP: Final = 128 + signal.SIGHUP
"""Exit status of a program whose terminal is gone."""
GRACE_S: Final = 1.5
"""How long leaving may take without a terminal."""


class QuickDriver(LinuxDriver):
    """Textual's driver, whose input thread sleeps until a key or the end comes.

    The original looks every 100 ms whether it should end, and once more at the end: leaving takes a quarter of a
    second, and an idle program wakes ten times a second.
    """

    _wake_reader = _wake_writer = -1

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._wake_reader, self._wake_writer = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # untyped in Textual

    def send_message(self, message: Message) -> None:
        """Put a message into the app's queue; Textual makes a task for each, which takes another turn of the loop."""
        self._app.post_message(message)

    def disable_input(self) -> None:
        """Wake the input thread, so that waiting for its end takes no time."""
        if self._wake_writer >= 0:
            os.write(self._wake_writer, b"x")
        super().disable_input()
        if self._wake_writer >= 0:
            os.close(self._wake_reader)
            os.close(self._wake_writer)
            self._wake_reader = self._wake_writer = -1

    def run_input_thread(self) -> None:
        """Read keys until `disable_input` wakes this thread, or the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                # A lone escape is told from the start of a sequence by time: then there is something to wait for.
                ready = {key.fd for key, _ in selector.select(None if parser._timeout_time is None else 0.02)}
                if self.fileno in ready:
                    data = _read(self.fileno)
                    if data is None:
                        self._leave()
                        break
                    for event in parser.feed(decode(data)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def _run_input_thread(self) -> None:
        """Read keys; what goes wrong there is a crash of the app like any other."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001  # the app tells of it
            self._app.call_later(self._app._handle_exception, error)

    def _leave(self) -> None:
        """Leave as on a hangup: a terminal may vanish without a signal, where nobody is told or nobody listens.

        What the app writes on its way out goes nowhere, and it does not hang on a terminal that takes nothing.
        """
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            if not os.isatty(descriptor):
                os.dup2(nowhere, descriptor)
        end = threading.Timer(GRACE_S, os._exit, (HUNG_UP,))
        end.daemon = True
        end.start()
        self._app.call_later(self._app.exit, None, HUNG_UP)


def _read(terminal: int) -> bytes | None:
    """Read keys; `None` where the terminal is gone."""
    try:
        return os.read(terminal, 4096) or None
    except BlockingIOError:
        return b""  # somebody else was given the key
    except OSError:
        return None
