"""LibreOffice as the associations use it: opening a file and saving it as another."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

# `--infilter` of a CSV: separator, quote, character set (1 = cp1252, 76 = UTF-8), first line,
# columns, language (1036 = French), quoted cells as text, dates and amounts recognised.
CSV_CP1252_FR = "Text - txt - csv (StarCalc):59,34,1,1,,1036,false,true"
CSV_UTF8_FR = "Text - txt - csv (StarCalc):59,34,76,1,,1036,false,true"

Convert = Callable[..., Path]
SECONDS = 120


def converter(soffice: str, home: Path) -> Convert:
    """`convert(source, "xlsx", infilter=…, outdir=…, also=…) -> Path`, with a profile of its own in `home`.

    `to` is an extension of LibreOffice, with its filter when it wants one
    (`xls:MS Excel 97`); `also` are other files to convert in the same go. Raises
    RuntimeError, with what LibreOffice said, when no file came out.
    """
    profile = (home / "profile").as_uri()

    def convert(
        source: Path, to: str, *, infilter: str | None = None, outdir: Path | None = None, also: Sequence[Path] = ()
    ) -> Path:
        folder = outdir or home / "out"
        folder.mkdir(parents=True, exist_ok=True)
        command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        command += [f"--infilter={infilter}"] if infilter else []
        command += ["--convert-to", to, "--outdir", str(folder), *map(str, (source, *also))]
        said = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL, check=False
        )
        made = folder / f"{source.stem}.{to.partition(':')[0]}"
        if said.returncode or not made.exists():
            raise RuntimeError(f"LibreOffice did not turn {source} into {to}: {said.stdout}{said.stderr}")
        return made

    return convert
