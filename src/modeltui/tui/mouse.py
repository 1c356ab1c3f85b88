"""Taking the mouse from the terminal and giving it back while the program runs."""

from textual.driver import Driver


def switch_mouse(driver: Driver | None, *, on: bool) -> None:
    """Report clicks to the program, or leave them to the terminal; a driver without a mouse stays as it is.

    Textual decides on the mouse once, at the start, so its driver's own words are used. Pixels are asked for again
    where they were in use, because reports in cells take their place.
    """
    enable, disable = getattr(driver, "_enable_mouse_support", None), getattr(driver, "_disable_mouse_support", None)
    if driver is None or enable is None or disable is None:
        return
    if on:
        driver._mouse = True
        enable()
        if getattr(driver, "_mouse_pixels", False):
            driver._enable_mouse_pixels()  # type: ignore[attr-defined]  # a driver that has used pixels has it
    else:
        disable()
        driver._mouse = False
