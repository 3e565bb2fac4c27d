"""« Subventions »: what was voted, paid and spent, and each agreement to its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from core.deliberation import ASSOCIATIONS, BUDGET_LINE, CONVENTIONS, LINES, QUESTIONS
from core.domain import french
from core.domain.observation import Missing
from core.errors import Refused
from core.money.fairness import undivided_sentence
from core.money.financial_report import Amounts, FinancialReport, financial_report
from core.money.ledger import (
    Agreement,
    Ledger,
    LineState,
    Settled,
    advance_sentence,
    money_sentence,
    purpose,
    serves,
    settle,
    settle_lines,
    spending_aside,
)
from dashboard.addresses import address
from dashboard.components import (
    Html,
    MoneyLine,
    band,
    bullets,
    callout,
    fold,
    join,
    lead,
    link,
    mark,
    money_table,
    note,
    page_title,
    second_section,
    section,
    show,
    strong,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views.shared import TODAY, ReportingDate, kept, kept_at, ledger, moment_chooser, read_moment, rows

ADVANCE_NOTE = "Dépensé et pas encore versé, ligne par ligne."
_NOTE = (
    "Justifié : charges réalisées inscrites aux comptes de l’action, dans la limite de la somme votée. "
    "Versé et non dépensé, avancé par l’association (dépensé et pas encore versé) : la somme de ce que porte chaque "
    "ligne de la convention. Part non dépensée : ce que la convention "
    "en prévoit."
)


def settled_lines(context: Context, state: Ledger, moment: ReportingDate) -> Sequence[Settled]:
    """Each line to its end, read once while nothing new is deposited."""
    return kept(
        context,
        ("settled", moment.until),
        moment.revision,
        lambda: settle_lines(context.store, state, **moment.asked),
    )


def agreements(context: Context, state: Ledger, moment: ReportingDate) -> Html:
    """Two tables: the money of each agreement, then its days."""
    found = settle(context.store, settled_lines(context, state, moment), **moment.asked)
    return second_section("Les conventions d’objectifs", _money(found), _days(found, moment.until))


def amount(cents: int | None) -> Html | str:
    """The sum, or « Non renseigné »."""
    return mark(Missing.NOT_REPORTED) if cents is None else french.euros(cents)


def _money(found: Sequence[Agreement]) -> Html:
    rows = [
        [
            ASSOCIATIONS[one.money.code].name,
            french.euros(one.money.voted),
            *(amount(cents) for cents in (one.money.agreed, one.money.paid, one.money.spent, one.money.justified)),
            amount(one.money.to_pay),
            amount(one.money.unspent),
            amount(one.money.advanced),
            one.money.leftover or mark(Missing.NOT_REPORTED),
            CONVENTIONS[one.money.code].source.where,
        ]
        for one in found
    ]
    headings = [
        "Association",
        "Voté",
        "Conventionné",
        "Versé",
        "Dépensé",
        "Justifié",
        "Reste à verser",
        "Versé et non dépensé",
        "Avancé par l’association",
        "Part non dépensée",
        "Source du vote",
    ]
    return table("L’argent de chaque convention", headings, rows, numeric=range(1, 9), note=_NOTE, wide=True)


def _days(found: Sequence[Agreement], until: date) -> Html:
    rows = [
        [
            ASSOCIATIONS[one.money.code].name,
            _day(one.signed),
            _paid(one),
            _day(one.year_end),
            _day(one.report_due),
            _received(one, until),
        ]
        for one in found
    ]
    headings = [
        "Association",
        "Convention signée le",
        "Premier versement",
        "Fin de l’exercice",
        "Compte rendu financier attendu le",
        "Compte rendu financier",
    ]
    return table("Les dates de chaque convention", headings, rows, wide=True)


def _paid(one: Agreement) -> Html | str:
    if one.first_paid is None:
        return mark(Missing.NOT_REPORTED)
    return f"{french.day(one.first_paid)}{_wait(one.wait)}"


def _wait(days: int | None) -> str:
    if days is None:
        return ""
    return f", {french.count(abs(days), 'jour')} {'après' if days >= 0 else 'avant'} la signature"


def _received(one: Agreement, until: date) -> Html | str:
    if one.report_received:
        return f"Reçu le {french.day(one.report_received)}"
    if one.report_due is None:
        return mark(Missing.NOT_REPORTED)
    if one.report_due > until:
        return "Pas encore dû"
    since = "depuis le" if one.report_due < until else "le"
    return f"Attendu {since} {french.day(one.report_due)}, pas reçu"


def _day(found: date | None) -> Html | str:
    return french.day(found) if found else mark(Missing.NOT_REPORTED)


# --- The budget of each action against what was done, account by account of the Cerfa 15059 --------


def budgets(context: Context, moment: ReportingDate) -> Html:
    """One fold for each line whose accounts were handed in; where none was, how to."""
    found = [report for code in LINES if (report := _report(context, code, moment)) is not None]
    title = "Budget et réalisé"
    if not found:
        said = "Aucun compte n’est encore déposé (jeu « Comptes de l’action » des associations)."
        return section(title, tag("p", said))
    intro = "Ce que chaque association a prévu et dépensé pour son action, compte par compte."
    return section(title, [_fold(report) for report in found], _where(), intro=intro)


def _report(context: Context, code: str, moment: ReportingDate) -> FinancialReport | None:
    try:
        return financial_report(context.store, code, revision=moment.revision)
    except Refused:  # no account was handed in for this line
        return None


def _fold(report: FinancialReport) -> Html:
    (line,) = report.lines
    name = french.sentence(line.purpose).rstrip(".")
    budget = french.euros(report.charges.forecast) if report.charges.forecast is not None else "non renseigné"
    return fold(
        f"{name}, exercice {report.year} : budget de {budget}",
        callout(f"Il manque {report.imbalance}.", tone="attention", title="Budget non équilibré")
        if report.imbalance
        else None,
        _table(report, name),
        tag("p", report.closing),
        tag("p", report.outcome),
    )


def _table(report: FinancialReport, name: str) -> Html:
    rows = [
        [tag("strong", row.label) if row.level == "total" else row.label, *_amounts(row.amounts)]
        for row in report.rows
        if row.amounts != Amounts()
    ]
    headings = ["Compte", "Prévision", "Réalisation", "Réalisé"]
    return table(f"Budget et réalisé : {name}", headings, rows, numeric=(1, 2, 3))


def _amounts(found: Amounts) -> list[str]:
    written = ["○" if cents is None else french.euros(cents) for cents in (found.forecast, found.actual)]
    return [*written, "" if found.percent is None else french.percent(found.percent)]


def _where() -> Html:
    return note(
        "○ : non renseigné. Le compte rendu financier complet se télécharge dans ",
        link("Documents", address("documents")),
        ".",
    )


# --- The money as screens show it: six lines, what no key divides, what cannot be compared ---------


def money_lines(states: Sequence[LineState], *, short: bool = False) -> list[MoneyLine]:
    """The lines as the money table wants them; ``short`` names them by what they serve, for a narrow place."""
    return [_line(state, short) for state in states]


def _line(state: LineState, short: bool) -> MoneyLine:
    for_whom = serves(state)
    return MoneyLine(
        name=french.capital(for_whom) if short else purpose(state),
        association=ASSOCIATIONS[state.line.association].name,
        voted=state.voted,
        paid=state.paid,
        spent=state.spent,
        serves="" if short else for_whom,
        undivided=not state.allocated,
        source=f"{purpose(state)}. {state.line.source.where} : « {french.unbroken(state.line.source.words)} »",
        address=f"/subventions#{state.line.code}",
        spent_note=f"au {french.day(state.spent_older)}" if state.spent_older else "",
    )


def money_of(ledger: Ledger, caption: str, *, short: bool = False) -> Html:
    """The table of the six lines."""
    lines = money_lines(ledger.lines, short=short)
    return money_table(lines, caption=caption, spent_note=spending_aside(ledger.lines))


# --- « Subventions »: the six lines and four agreements, voted, paid, spent, and what no key divides ----


TITLE = "Subventions"


def draw(context: Context) -> None:
    """The lines, the agreements, the payments, the questions that the text leaves open."""
    moment = read_moment(context)
    for part in kept_at(context, "money", moment, lambda: list(_page(context, moment))):
        show(part)


def _page(context: Context, moment: ReportingDate) -> Iterator[Html]:
    """Its parts, from above to below."""
    state = ledger(context, **moment.asked)
    yield join(
        [
            page_title(TITLE, aside=moment_chooser("subventions", moment)),
            band(
                {
                    "Voté le 4 juin 2021": french.euros(state.voted),
                    "Versé": amount(state.paid),
                    "Dépensé": _spent(state),
                    "Reste à verser": french.euros(sum(one.to_pay for one in state.lines))
                    if state.paid is not None
                    else None,
                }
            ),
            lead(f"Au {french.day(moment.until)}, {money_sentence(state)}"),
            _advanced(state),
        ]
    )
    yield section("Les lignes de subvention", money_of(state, "Les lignes de subvention"), _undivided(state))
    yield _lines(context, state, moment)
    yield agreements(context, state, moment)
    yield _payments(context, moment)
    yield budgets(context, moment)
    yield section("Questions laissées ouvertes", [callout(text, tone="question") for text in QUESTIONS])
    yield _sources()


def _advanced(state: Ledger) -> Html | None:
    said = advance_sentence(state)
    return tag("p", strong(said), " ", ADVANCE_NOTE, class_="section__intro") if said else None


def _spent(state: Ledger) -> Html | str:
    """The sum of what was spent, with its older part and what it lacks."""
    if state.spent is None:
        return amount(None)
    return ", ".join(filter(None, (french.euros(state.spent), spending_aside(state.lines))))


def _undivided(state: Ledger) -> Html | None:
    said = undivided_sentence(state)
    return callout(said, title="Non ventilé") if said else None


def _lines(context: Context, state: Ledger, moment: ReportingDate) -> Html:
    """Line by line: for whom, how it is divided, what was justified and is left, where the text says so."""
    settled = {one.code: one for one in settled_lines(context, state, moment)}
    body = [
        [
            tag("span", french.sentence(one.line.purpose).rstrip("."), id=one.line.code),
            ASSOCIATIONS[one.line.association].name,
            _divided(one),
            _spent_on(one),
            amount(settled[one.line.code].justified),
            amount(settled[one.line.code].to_pay),
            amount(settled[one.line.code].unspent),
            amount(settled[one.line.code].advanced),
        ]
        for one in state.lines
    ]
    headings = [
        "Ligne",
        "Association",
        "Pour quelle expérimentation",
        "Dépenses connues au",
        "Justifié",
        "Reste à verser",
        "Versé et non dépensé",
        "Avancé par l’association",
    ]
    source = fold("Ce que dit la délibération de chaque somme", _quotes(state))
    body_of = table("Ligne par ligne", headings, body, numeric=(4, 5, 6, 7), wide=True)
    return second_section("Ligne par ligne", body_of, source)


def _quotes(state: Ledger) -> Html:
    """The words that vote each sum, under the place where they stand together."""
    places = dict.fromkeys(one.line.source.where for one in state.lines)
    return join(
        [note(where), bullets(_quote(one) for one in state.lines if one.line.source.where == where)] for where in places
    )


def _quote(one: LineState) -> str:
    return f"{french.sentence(one.line.purpose).rstrip('.')} : « {french.unbroken(one.line.source.words)} »"


def _divided(one: LineState) -> Html | str:
    if one.key_decision:
        return tag("div", serves(one), note(f"Clé de répartition : {one.key_decision}"))
    if one.allocated:
        return serves(one)
    if not one.line.experiments:
        return tag("span", tag("span", "Non ventilé", class_="tag"), " aucune expérimentation seule")
    return tag("span", tag("span", "Non ventilé", class_="tag"), f" entre {serves(one)}")


def _spent_on(one: LineState) -> Html | str:
    return french.day(one.spent_on) if one.spent_on else mark(Missing.NOT_REPORTED)


def _payments(context: Context, moment: ReportingDate) -> Html:
    known = rows(context, "versements", moment.revision)
    paid = [row for row in known if row["date"] <= moment.until]
    later = _later([row["montant"] for row in known if row["date"] > moment.until], moment)
    if not paid:
        return section("Versements", tag("p", "Aucun versement n’est encore renseigné."), later)
    body = [
        [
            french.day(row["date"]),
            ASSOCIATIONS[LINES[row["ligne"]].association].name,
            french.sentence(LINES[row["ligne"]].purpose).rstrip("."),
            row["nature"],
            french.euros(row["montant"]),
        ]
        for row in sorted(paid, key=lambda row: (row["date"], row["ligne"]))
    ]
    total = ["Total", "", "", "", french.euros(sum(row["montant"] for row in paid))]
    headings = ["Date", "Association", "Ligne", "Nature", "Montant"]
    told = table("Versements", headings, body, numeric=(4,), total=total)
    return section("Versements", told, later)


def _later(cents: list[int], moment: ReportingDate) -> Html | None:
    """What was paid after the day shown: who has just written it would look for it in vain."""
    if not cents:
        return None
    count = french.count(len(cents), "versement inscrit", "versements inscrits")
    words = f"{french.sentence(count).rstrip('.')} après le {french.day(moment.until)} : {french.euros(sum(cents))}. "
    return note(words, link("Voir aujourd’hui", address("subventions", periode=TODAY)))


def _sources() -> Html:
    return section(
        "D’où viennent ces sommes",
        bullets(
            [
                "Sommes votées : délibération CHL 009-10024/21/BM du 4 juin 2021, exposé et articles 2 à 6.",
                f"Budget {BUDGET_LINE.year} : chapitre {BUDGET_LINE.chapter}, nature {BUDGET_LINE.nature}, "
                f"fonction {BUDGET_LINE.function} ({BUDGET_LINE.source.where}).",
                "Versements, conventions signées et clés de répartition : saisis par la Métropole.",
                "Dépenses : déclarées par les associations, ligne par ligne, en cumul.",
            ]
        ),
    )
