"""A process, as the parent starts it: the collector is told to wait before anything is loaded."""

from __future__ import annotations

import gc
import sys

from core.domain.memory import SELDOM


def main() -> None:
    """Serve the connections of the parent; its words are the numbers that it gives."""
    gc.set_threshold(*SELDOM)
    from dashboard.processes import worker

    given, said, count, fictitious = (int(one) for one in sys.argv[1:])
    sys.argv = sys.argv[:1]
    worker.main(given, said, count, bool(fictitious))


if __name__ == "__main__":
    main()
