"""The screens: what a person sees and presses; nothing below imports them."""
