"""The API over HTTP: what it answers, to whom, how it refuses, and that its numbers are the screens'."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from openapi_spec_validator import validate
from starlette.applications import Starlette

from core.accounts import Office, accounts, tokens
from core.committee import meetings
from core.committee.meetings import snapshot_of
from core.demonstration import TODAY
from core.demonstration.people import LEAD
from core.domain.access import Role
from core.storage import Store
from dashboard.context import Context
from dashboard.door import Door
from dashboard.web.api.caller import MEDIA, Buckets
from dashboard.web.api.routes import api_routes
from dashboard.web.api.specification import BASE, ENDPOINTS
from dashboard.web.sign_in_pages import PageDress
from tests.support.filled import copied, demonstration_url, registry
from tests.support.passwords import quick
from tests.support.visitor import Visitor

NOW = datetime(2022, 7, 5, 10, tzinfo=UTC)
PASSWORD = "un chapeau de paille"
DRESS = PageDress("/habillage/fabrique.css", "/icone.svg", True)
WRITTEN = {"number": "1", "association": "ifac", "dataset": "immeubles"}


class Site:
    """The API over a copy of the demonstration, with one account of each role and keys of each scope."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.settings = SimpleNamespace(public=False, public_url=None, mask_below=5)
        self.door = Door(Office(store), "fabrique_essai", self.settings, clock=lambda: NOW)
        self.context = Context(
            registry(),
            store,
            lambda: TODAY,
            demonstration=True,
            settings=self.settings,
            door=self.door,
            _now=lambda: NOW,
        )
        self.app = Starlette(routes=api_routes(self.context, DRESS, Buckets(size=10**6)))
        self.browsers = {"public": Visitor(self.app)}
        for role, association in ((Role.LEAD, None), (Role.COMMITTEE, None), (Role.ASSOCIATION, "ifac")):
            self.browsers[role.value] = self._signed_in(role, association)
        self.keys = {
            "totals": self.key(),
            "rows": self.key(rows=True),
            "ifac": self.key(associations=["ifac"]),
            "ifac rows": self.key(associations=["ifac"], rows=True),
        }

    def _signed_in(self, role: Role, association: str | None) -> Visitor:
        email = f"{role.value}@exemple.fr"
        link = accounts.invite(self.door.office, email, role.value, role, association, actor=LEAD, at=NOW)
        secret = accounts.accept(self.door.office, link, PASSWORD, device="essai", at=NOW)
        browser = Visitor(self.app)
        browser.cookies.set("fabrique_essai", secret)
        return browser

    def key(self, **scope) -> str:
        return tokens.create(self.store, "essai", actor=LEAD, at=NOW, **scope)[1]

    def ask(self, who: str, path: str, **headers: str):
        if who in self.browsers:
            return self.browsers[who].get(path, headers=headers)
        return Visitor(self.app).get(path, headers={"authorization": f"Bearer {self.keys[who]}", **headers})


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:

    copy = copied(demonstration_url(), tmp_path_factory.mktemp("api") / "demonstration.sqlite3")
    with quick(), Store.open(f"sqlite:///{copy}") as store:
        from core.contract import schema_setup

        schema_setup.prepare(registry(), store, at=NOW)
        yield Site(store)


def address(path: str) -> str:
    """The address of an endpoint with what it requires."""
    one = next(found for found in ENDPOINTS if found.path == path)
    query = "&".join(
        f"{param.name}={WRITTEN[param.name]}" for param in one.params if param.required and param.where == "query"
    )
    return f"{BASE}{path.replace('{number}', '1')}" + (f"?{query}" if query else "")


PATHS = [one.path for one in ENDPOINTS]
PUBLISHED = {one.path for one in ENDPOINTS if one.published}
ROWS = {"/rows"}


@pytest.mark.parametrize("path", PATHS)
def test_each_role_and_each_key_gets_what_the_policy_says(site, path) -> None:
    """The matrix: who × address. Rows are for their owner and for who reads rows; a committee reads totals, masked."""
    answered = {who: site.ask(who, address(path)).status_code for who in [*site.browsers, *site.keys]}
    expected = dict.fromkeys(answered, 200) | {"public": 401}
    if path in ROWS:
        expected |= {"totals": 403, "ifac": 403, "committee": 403}
    assert answered == expected
    other = address(path).replace("ifac", "anonymal")
    if path in ROWS:
        asking = {"lead": 200, "committee": 403, "association": 403, "rows": 200, "ifac rows": 403}
        assert {who: site.ask(who, other).status_code for who in asking} == asking


@pytest.mark.parametrize("path", PATHS)
def test_anybody_reads_what_is_published_once_the_setting_says_so(site, path) -> None:
    site.settings.public = True
    try:
        assert site.ask("public", address(path)).status_code == (200 if path in PUBLISHED else 401)
    finally:
        site.settings.public = False


def test_the_numbers_are_those_of_the_screens(site) -> None:
    found = site.ask("lead", f"{BASE}/indicators?limit=1000").json()
    told = {(one["indicator"], one["experiment"]): one for one in found["observations"]}
    compared = site.context.monitor.compare()
    assert len(told) == found["total"] == len(compared.cells)
    for key, cell in compared.cells.items():
        seen = cell.observation
        assert (told[key]["value"], told[key]["numerator"]) == (seen.value, seen.numerator), key
    assert told["EQ5a", None]["numerator"] == 179


def test_the_numbers_of_a_freeze_are_its_own(site) -> None:
    first = next(meeting for meeting in meetings.meetings(site.store) if meeting.freezes)
    frozen = first.freezes[0]
    snapshot = snapshot_of(site.store, frozen)
    found = site.ask("rows", f"{BASE}/freezes/{frozen.number}/indicators?limit=1000").json()
    totals = [one for one in found["observations"] if one["place"] is None]
    assert len(totals) == len(snapshot.figures)
    for one in totals:
        seen = snapshot.cells[one["indicator"], one["experiment"]].observation
        assert (one["value"], one["numerator"], one["denominator"]) == (seen.value, seen.numerator, seen.denominator)
    told = site.ask("lead", f"{BASE}/freezes/{frozen.number}").json()
    assert told["sha256"] == frozen.sha256 and told["sentence"] == snapshot.sentence


def test_a_key_of_one_association_sees_its_experiments_only(site) -> None:
    found = site.ask("ifac", f"{BASE}/indicators?limit=1000").json()["observations"]
    assert {one["experiment"] for one in found} == {"ct1-frais-vallon", "ct1-plan-d-aou"}
    assert {one["association"] for one in site.ask("ifac", f"{BASE}/ledger").json()["lines"]} == {"ifac"}
    assert {one["association"] for one in site.ask("ifac rows", f"{BASE}/deposits").json()["deposits"]} == {"ifac"}
    assert site.ask("totals", f"{BASE}/deposits").json()["deposits"] == []


def test_a_key_without_rows_sees_no_small_count_and_nothing_that_gives_it_away(site) -> None:
    for query in ("", "&by=place", "&period=2021-T4"):
        found = site.ask("totals", f"{BASE}/indicators?limit=1000{query}").json()
        assert found["mask_below"] == 5
        people = [one for one in found["observations"] if one["indicator"] in ("AC6", "AC3a", "CO10")]
        assert people and not [one for one in people if one["numerator"] and one["numerator"] < 5]
    for query in ("by=month", "as_of=12", "by=place&period=2021-T4", "period=2021-09"):
        refused = site.ask("totals", f"{BASE}/indicators?{query}")
        assert refused.status_code == 403 and "petits nombres" in refused.json()["detail"]
        assert site.ask("rows", f"{BASE}/indicators?{query}").status_code == 200


def test_an_answer_that_did_not_change_is_not_sent_again(site) -> None:
    first = site.ask("lead", f"{BASE}/ledger")
    again = site.ask("lead", f"{BASE}/ledger", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    others = {site.ask(who, f"{BASE}/ledger").headers["etag"] for who in ("lead", "totals", "ifac")}
    assert len(others) == 3
    site.key()  # something was written down
    assert site.ask("lead", f"{BASE}/ledger", **{"if-none-match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/indicators?experiment=ct9", 404, "ct9"),
        ("/indicators?period=hier", 404, "Période"),
        ("/indicators?by=sexe", 400, "place, month"),
        ("/indicators?limit=5000", 400, "de 1 à 1000"),
        ("/indicators?limit=dix", 400, "nombre entier"),
        ("/indicators?offset=-1", 400, "offset"),
        ("/indicators?indicator=ZZ9", 404, "ZZ9"),
        ("/indicators?couleur=bleu", 400, "couleur"),
        ("/freezes/99", 404, "n° 99"),
        ("/freezes/x", 404, "n’existe pas"),
        ("/rien", 404, "n’existe pas"),
        ("/rows?association=ifac", 400, "dataset"),
        ("/rows?association=ifac&dataset=zzz", 404, "zzz"),
        ("/rows?association=zzz&dataset=immeubles", 404, "zzz"),
    ],
)
def test_a_wrong_request_is_refused_in_french_as_a_problem(site, path, status, said) -> None:
    answer = site.ask("lead", f"{BASE}{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == MEDIA
    told = answer.json()
    assert told["status"] == status and said in told["detail"].replace("\u00a0", " ").replace("\u202f", " ")
    assert "Traceback" not in answer.text


def test_a_bad_key_is_refused_even_with_a_session(site) -> None:
    for given in ("Bearer fab_x", "Bearer", "Basic abc", f"Bearer {site.keys['rows']}x"):
        answer = site.browsers["lead"].get(f"{BASE}/ledger", headers={"authorization": given})
        assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer")


def test_a_key_that_ended_or_was_withdrawn_opens_nothing_more(site) -> None:
    secret = site.key(days=1)
    headers = {"authorization": f"Bearer {secret}"}
    assert Visitor(site.app).get(f"{BASE}/ledger", headers=headers).status_code == 200
    site.context._now = lambda: NOW + timedelta(days=2)
    assert Visitor(site.app).get(f"{BASE}/ledger", headers=headers).status_code == 401
    site.context._now = lambda: NOW
    tokens.revoke(site.store, tokens.tokens(site.store)[-1].id, actor=LEAD, at=NOW)
    assert Visitor(site.app).get(f"{BASE}/ledger", headers=headers).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(site, method) -> None:
    answer = site.browsers["lead"].ask(method, f"{BASE}/ledger")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD"


def test_pages_of_a_list_follow_one_another(site) -> None:
    every = site.ask("lead", f"{BASE}/definitions?limit=1000").json()["definitions"]
    found, offset = [], 0
    while offset is not None:
        part = site.ask("lead", f"{BASE}/definitions?limit=7&offset={offset}").json()
        found += part["definitions"]
        offset = part["next_offset"]
    assert found == every


def test_the_work_of_one_caller_is_bounded() -> None:
    from dashboard.web.api.caller import ProblemDetails

    now = [0.0]
    buckets = Buckets(size=3, every=1, clock=lambda: now[0], most=2)
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(ProblemDetails) as refused:
        buckets.take("a")
    assert refused.value.status == 429 and refused.value.headers["retry-after"] == "1"
    buckets.take("b")
    now[0] += 1
    buckets.take("a")
    buckets.take("c")
    assert len(buckets._held) == 2


def test_the_description_is_valid_openapi_and_tells_every_address(site) -> None:
    told = Visitor(site.app).get(f"{BASE}/openapi.json").json()
    validate(told)
    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]) == set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_each_answer_holds_the_keys_that_the_description_promises(site, path) -> None:
    import jsonschema

    told = Visitor(site.app).get(f"{BASE}/openapi.json").json()
    schema = told["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = site.ask("lead", address(path))
    assert answer.status_code == 200
    jsonschema.validate(answer.json(), schema)


def test_the_page_is_french_html_without_a_script(site) -> None:
    page = Visitor(site.app).get("/api")
    assert page.status_code == 200 and 'lang="fr"' in page.text
    assert "<script" not in page.text and "http://" not in page.text
    assert all(f"{BASE}{path}" in page.text for path in PATHS)
    assert "jeton ou session" in page.text


def test_the_door_of_the_pages_lets_the_api_answer_for_itself(site) -> None:
    from starlette.middleware import Middleware

    from dashboard.web.gate import Gate

    app = Starlette(routes=api_routes(site.context, DRESS), middleware=[Middleware(Gate, door=site.door)])
    assert Visitor(app).get(f"{BASE}/ledger").headers["content-type"] == MEDIA


def test_rows_are_those_of_the_store_and_amounts_are_in_euros(site) -> None:
    found = site.ask("lead", f"{BASE}/rows?association=metropole&dataset=versements").json()
    held = site.store.rows("metropole", "versements").to_dicts()
    assert found["total"] == len(held)
    assert [one["montant"] for one in found["rows"]] == [row["montant"] / 100 for row in held]
    assert found["rows"][0]["date"] == held[0]["date"].isoformat()
    past = site.ask("lead", f"{BASE}/rows?association=metropole&dataset=versements&as_of=0").json()
    assert past["rows"] == []


def test_the_deliberation_is_answered_as_the_command_prints_it(site) -> None:
    from core.exports.programme import programme_document

    told = site.ask("totals", f"{BASE}/programme").json()
    assert {name: told[name] for name in programme_document()} == programme_document()
    assert told["fictitious"] is True
