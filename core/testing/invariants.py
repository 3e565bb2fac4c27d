"""What must hold of figures, whatever the rows: parts make the total, rows make the figure, others are left alone."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain.indicator import Computed, Constant, Count, CountDistinct, Indicator, Programme, Sum
from core.domain.observation import Observation
from core.errors import FabriqueError
from core.testing.findings import PluginFinding
from core.testing.scratch import FigureValues, Trial

_REMEDY = "Relisez « Ce qu’est un chiffre » dans docs/plugins/cookbook.md."


def nothing_from_nothing(trial: Trial) -> Iterator[PluginFinding]:
    """On an empty store, no figure over the plugin's rows says 0: nothing was received."""
    codes = {one.code for one in trial.subject.datasets}
    for experiment in trial.subject.experiments:
        for indicator in trial.subject.own_indicators:
            if not _reads(indicator) & codes:
                continue
            (found,) = trial.monitor.observe([indicator.code], [experiment.code])
            if found.missing_because is None:
                yield PluginFinding(
                    "invariants",
                    f"« {indicator.code} » à « {experiment.code} »",
                    "le chiffre vaut déjà quelque chose quand rien n’est déposé.",
                    _REMEDY,
                )


def what_holds(trial: Trial, before: FigureValues) -> Iterator[PluginFinding]:
    """On generated rows: parts and totals, rows behind, the programme; ``before``: the figures of the empty store."""
    for experiment in trial.subject.experiments:
        for indicator in trial.subject.registry.indicators(experiment.code):
            try:
                yield from _of_figure(trial, experiment.code, indicator)
            except FabriqueError:
                continue  # it cannot be computed, and that is told under its own rule
    yield from _of_programme(trial, before)


def _of_figure(trial: Trial, experiment: str, indicator: Indicator) -> Iterator[PluginFinding]:
    (whole,) = trial.monitor.observe([indicator.code], [experiment])
    if whole.value is None or isinstance(indicator.numerator, Computed):
        return
    parts = [one for one in trial.monitor.observe([indicator.code], [experiment], by="place") if one.value is not None]
    where = f"« {indicator.code} » à « {experiment} »"
    if parts and not _makes(whole, parts, indicator):
        shown = ", ".join(f"{one.value:g}" for one in parts)
        why = f"les lieux ({shown}) ne font pas le total ({whole.value:g})."
        remedy = f"Un lieu où aucun de ses axes n’est essayé (axes={indicator.axes}) n’y est pas compté. {_REMEDY}"
        yield PluginFinding("invariants", where, why, remedy)
    behind = trial.monitor.rows_behind(indicator.code, experiment)
    told = behind.total if behind.total is not None else behind.count
    if not isinstance(indicator.numerator, Constant) and _counts_rows(indicator) and told != whole.numerator:
        yield PluginFinding(
            "invariants", where, f"{told:g} lignes derrière un chiffre de {whole.numerator:g}.", _REMEDY
        )


def _makes(whole: Observation, parts: list[Observation], indicator: Indicator) -> bool:
    values = [one.value for one in parts if one.value is not None]
    total = whole.value or 0.0
    if indicator.denominator is None and isinstance(indicator.numerator, Count | Sum):
        return abs(sum(values) - total) < 1e-6
    if isinstance(indicator.numerator, CountDistinct):
        return indicator.denominator is not None or max(values) <= total + 1e-9
    return min(values) - 1e-6 <= total <= max(values) + 1e-6


def _counts_rows(indicator: Indicator) -> bool:
    return isinstance(indicator.numerator, Count | Sum) and not indicator.is_money


def _of_programme(trial: Trial, before: FigureValues) -> Iterator[PluginFinding]:
    """What nobody voted adds to no total of the programme."""
    if any(one.source is not None for one in trial.subject.experiments):
        return
    for one in trial.monitor.observe(None, [None]):
        was = before.get((one.indicator, None))
        if one.value != was and trial.subject.registry.indicator(one.indicator).programme is not Programme.WORST:
            yield PluginFinding(
                "invariants",
                f"« {one.indicator} » du programme",
                "le total du programme compte une expérimentation que personne n’a votée.",
                "Signalez-le : c’est une faute de Fabrique, pas du plugin.",
            )


def _reads(indicator: Indicator) -> set[str]:
    found: set[str] = set()
    for measure in (indicator.numerator, indicator.denominator):
        source = getattr(measure, "source", None)
        found |= set(getattr(source, "datasets", (source,) if source else ()))
    return found
