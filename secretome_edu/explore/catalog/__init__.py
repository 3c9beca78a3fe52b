"""One file per explorer: its controls, its presets, its ``compute(values) -> Scene``."""
