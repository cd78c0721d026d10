#!/usr/bin/env bash
# Builds the wheels into target/python/wheels/. Needs Python 3.11 or later, and the JSON edition of the connectors in target/json/.
# Packages come from the registry, as requirements.txt has them.
set -euo pipefail
cd "$(dirname "$0")"
readonly folder=$PWD/../../target/python
readonly python=$folder/venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1

python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' ||
    { echo "wheels.sh: Python 3.11 or later with venv and ensurepip is missing: install it, then repeat." >&2; exit 1; }
[[ -x $python ]] || python3 -m venv "$folder/venv"
"$python" -m pip install --quiet --only-binary :all: --require-hashes --requirement requirements.txt
"$python" tools/build.py "$folder/wheels"
