#!/bin/sh
# Makes .venv from a Python and installs the pinned, hashed packages into it.
#   sh requirements/bootstrap.sh runtime|dev
# Called by the Makefile, from the top folder; leaves a stamp that make compares.
set -eu
level=$1
venv=.venv

say() { printf '%s\n' "$*" >&2; }

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; }

find_python() {
    for candidate in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11 python; do
        if suits "$candidate"; then printf '%s' "$candidate"; return 0; fi
    done
    say "Aucun Python 3.11, 3.12, 3.13 ou 3.14 trouvé sur cette machine."
    say "Installez-en un (sous Debian ou Ubuntu : sudo apt install python3 python3-venv), puis relancez la même commande."
    say "S’il est installé ailleurs : make PYTHON=/chemin/vers/python3 setup"
    return 1
}

make_venv() {
    python=$(find_python)
    # Debian and Ubuntu sell Python without venv.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            apt-get update -qq </dev/null
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv </dev/null >&2
        else
            say "Ce Python n’a pas le module « venv »."
            say "Sous Debian ou Ubuntu : sudo apt install python3-venv, puis relancez la même commande."
            return 1
        fi
    fi
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

install() { "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --no-input "$@" </dev/null; }

suits "$venv/bin/python" || make_venv
say "Installation des paquets ($level) : une à deux minutes la première fois…"
install --require-hashes -r requirements/build.txt
install --require-hashes --no-build-isolation -r "requirements/$level.txt"
install --no-deps --no-build-isolation --editable .
touch "$venv/.installed-runtime"
if [ "$level" = dev ]; then touch "$venv/.installed-dev"; fi
