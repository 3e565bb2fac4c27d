"""The demonstration: a fictitious first year, told to the last figure, and a file to deposit live."""

from core.demonstration.filling import fill
from core.demonstration.live import LIVE_FILE, write_live_file
from core.demonstration.story import TODAY

__all__ = ["LIVE_FILE", "TODAY", "fill", "write_live_file"]
