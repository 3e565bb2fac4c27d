# Fabrique: the commands of everyday. `make` alone lists them.
# Nothing is needed beforehand but Python (3.11 to 3.14) and make.

VENV := .venv
BIN := $(VENV)/bin
PACKAGES := pyproject.toml requirements/bootstrap.sh requirements/build.txt requirements/runtime.txt requirements/dev.txt
UV := uv==0.13.9

.DEFAULT_GOAL := help
.PHONY: help setup run test demo lint bench screenshots lock

help: ## cette liste
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.installed-runtime ## installe Fabrique dans .venv ; ensuite .venv/bin/fabrique fonctionne
	@echo "Fabrique est installée : .venv/bin/fabrique"

run: $(VENV)/.installed-runtime ## installe, puis ouvre le tableau de bord (http://127.0.0.1:8501)
	@$(BIN)/fabrique serve $(ARGS)

demo: $(VENV)/.installed-runtime ## installe, puis ouvre la démonstration (données fictives, à part des vôtres)
	@$(BIN)/fabrique demo $(ARGS)

test: $(VENV)/.installed-dev ## installe, puis passe tous les tests (SQLite, PostgreSQL, navigateur)
	@$(BIN)/python tests/support/prepare.py
	@$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

lint: $(VENV)/.installed-dev ## vérifie l’écriture du code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

bench: $(VENV)/.installed-dev ## mesure la vitesse
	@$(BIN)/fabrique bench $(ARGS)

screenshots: $(VENV)/.installed-dev ## refait les images de la documentation
	@$(BIN)/python tests/support/prepare.py
	@$(BIN)/python -m docs.screenshots $(ARGS)

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
