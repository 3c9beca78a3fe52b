"""What an instructor sees: what a class misunderstands, and how well its questions measure.

``merge`` with ``people``: hand-ins or a store to learners, nothing lost. ``course_facts``: what
the banks and the manifest say. ``marks``: first and newest answers. From them follow
``item_analysis``, ``options`` (what was chosen), ``beliefs`` (misconceptions), ``gain`` and
``pace``; ``report`` joins them, ``page`` and its parts, ``pictures`` and ``table`` show them.
``regrade``: after a key was corrected. ``strip``: banks without keys. ``simulate``: classes that
do not exist, to try all this.
"""
