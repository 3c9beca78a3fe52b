"""What keeps the course true: refresh, lint, coverage and the making of a new lesson.

Nothing a learner runs imports this room.
"""
