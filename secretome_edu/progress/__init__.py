"""What is remembered: an event log that belongs to the learner, and what follows from it.

``events`` (one event, its hash), ``store`` (open, append, hand in, delete), ``logs`` and ``sql``
(where events are kept), ``rescue`` (damaged files), ``handin`` (export and import), ``review``
(what is due), ``report`` (what is mastered).
"""
