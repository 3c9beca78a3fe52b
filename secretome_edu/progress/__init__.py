"""What is remembered: an event log that belongs to the learner, and what follows from it.

``events``: one event, its hash, the chain; ``canonical``: the form that is hashed. ``store``: open,
append, read, hand in, delete; ``recorder``: the same for one lesson's quiz; ``handin``: files in
and out. Behind the store:
``opening`` and ``place`` (which place), ``keeping`` (what if it fails), ``logs``, ``jsonlines``,
``sql`` and ``database`` (the places), ``rescue`` (damaged files). From events follow ``answers``,
``review`` (what is due) and ``report`` with ``report_view`` (what is mastered).
"""
