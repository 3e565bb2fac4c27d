"""The demonstration: a fictitious first year, told to the last figure, and a file to deposit live."""

from core.demonstration.story import TODAY
