#!/usr/bin/env bash
# Builds the wheels into target/python/wheels/, and tests what is in them. Needs Python 3.11 or later, the JSON edition of
# the connectors in target/json/, and target/debug/psa-host. Packages come from the registry, as requirements.txt has them.
set -euo pipefail
cd "$(dirname "$0")"
readonly folder=$PWD/../../target/python
readonly python=$folder/venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1

python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' ||
    { echo "test.sh: Python 3.11 or later with venv and ensurepip is missing: install it, then repeat." >&2; exit 1; }
[[ -x $python ]] || python3 -m venv "$folder/venv"
"$python" -m pip install --quiet --only-binary :all: --require-hashes --requirement requirements.txt
"$python" tools/build.py "$folder/wheels"
"$python" -m pip install --quiet --no-index --no-deps --force-reinstall "$folder"/wheels/*.whl
"$python" -m ruff check --quiet --no-cache .
"$python" -m ruff format --check --quiet --no-cache .
"$python" -m mypy --cache-dir "$folder/mypy" src tools tests
# What is installed is tested, not what is beside the tests.
PYTHONPATH=tools:tests "$python" -W error::ResourceWarning -m unittest "$@" $(cd tests && ls test_*.py | sed 's/\.py$//')
