"""What every room shares when it speaks to a person: mode, markup, bundles, messages.

The lowest room of the house: it imports no other room, and widgets only in ``ui.widget``.
"""
