# Fabrique: the commands of everyday. `make` alone lists them.
# Nothing is needed beforehand but Python (3.11 to 3.14) and make.

VENV := .venv
BIN := $(VENV)/bin
PACKAGES := pyproject.toml requirements/bootstrap.sh requirements/build.txt requirements/runtime.txt requirements/dev.txt
UV := uv==0.13.9
# What answers within a minute: rules of the house, values, catalogue, plugins, disclosure. Of them, what asks for
# a PostgreSQL, for the demonstration, or for more than ten seconds waits for `make test`.
QUICK := -m "not (browser or postgresql or filled or slow)" tests/test_architecture.py tests/test_writers.py tests/core/domain tests/core/catalogue tests/core/contract tests/core/disclosure

.DEFAULT_GOAL := help
.PHONY: help setup run test check nightly demo lint bench load faults screenshots lock audit sbom release

help: ## cette liste
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.installed-runtime ## installe Fabrique dans .venv ; ensuite .venv/bin/fabrique fonctionne
	@echo "Fabrique est installée : .venv/bin/fabrique"

run: $(VENV)/.installed-runtime ## installe, puis ouvre le tableau de bord (http://127.0.0.1:8501)
	@$(BIN)/fabrique serve $(ARGS)

demo: $(VENV)/.installed-runtime ## installe, puis ouvre la démonstration (données fictives, à part des vôtres)
	@$(BIN)/fabrique demo $(ARGS)

test: lint ## installe, puis passe tous les tests (écriture, types, SQLite, PostgreSQL, navigateur)
	@$(BIN)/python tests/support/prepare.py
	@$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

check: lint ## l’essentiel en une minute : écriture, types, règles de la maison, tests sans navigateur, ni PostgreSQL, ni démonstration
	@$(BIN)/pytest -n 2 --dist worksteal -q $(QUICK) $(ARGS)

nightly: $(VENV)/.installed-dev ## les tests tirés au hasard, en bien plus grand nombre
	@$(BIN)/python tests/support/prepare.py
	@FABRIQUE_TESTS_NIGHTLY=1 $(BIN)/pytest -n 2 --dist worksteal -m generated $(ARGS)

lint: $(VENV)/.installed-dev ## vérifie l’écriture et les types du code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/.installed-dev ## mesure la vitesse
	@$(BIN)/fabrique bench $(ARGS)

load: $(VENV)/.installed-dev ## cent personnes pendant dix minutes, avec dépôts, arrêts de chiffres et processus tués (docs/reliability.md)
	@$(BIN)/python -m bench.load $(ARGS)

faults: $(VENV)/.installed-dev ## les pannes, de toutes sortes, sur les deux bases (docs/reliability.md) ; une demi-heure
	@$(BIN)/python -m tests.faults $(ARGS)

screenshots: $(VENV)/.installed-dev ## refait les images de la documentation
	@$(BIN)/python tests/support/prepare.py
	@$(BIN)/python -m docs.screenshots $(ARGS)

audit: $(VENV)/.installed-dev ## paquets qu’un avis de sécurité nomme (make audit ADVISORIES=dossier d’avis OSV) ; sans réseau
	@$(BIN)/python -m requirements.audit $(ADVISORIES)

release: $(VENV)/.installed-dev ## date, étiquette et construit la version de pyproject.toml (CONTRIBUTING.md)
	@$(BIN)/python -m requirements.release $(ARGS)

sbom: $(VENV)/.installed-dev ## inventaire des paquets (CycloneDX), dans dist/fabrique.cdx.json
	@$(BIN)/python -m requirements.sbom dist/fabrique.cdx.json

# What the stamps depend on is what was installed: a second `make setup` takes no time.
$(VENV)/.installed-runtime: $(PACKAGES)
	@sh requirements/bootstrap.sh runtime

$(VENV)/.installed-dev: $(PACKAGES)
	@sh requirements/bootstrap.sh dev

# The pinned packages are compiled for every system and for Python 3.11 to 3.14 at once,
# with the hash of each file, from the abstract ranges of pyproject.toml.
COMPILE = .lock/bin/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

lock: ## recompile requirements/*.txt (make lock UPGRADE=--upgrade pour tout rajeunir)
	@python3 -m venv .lock && .lock/bin/python -m pip install --quiet --disable-pip-version-check "$(UV)"
	@$(COMPILE) --group pyproject.toml:build --output-file requirements/build.txt
	@$(COMPILE) pyproject.toml --extra postgres --output-file requirements/runtime.txt
	@$(COMPILE) pyproject.toml --extra postgres --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
	@rm -rf .lock
