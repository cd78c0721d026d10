#!/usr/bin/env bash
# Builds the wheels, and tests what is in them. Needs what wheels.sh needs, and target/debug/psa-host.
set -euo pipefail
cd "$(dirname "$0")"
readonly folder=$PWD/../../target/python
readonly python=$folder/venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1

./wheels.sh
"$python" -m pip install --quiet --no-index --no-deps --force-reinstall "$folder"/wheels/*.whl
"$python" -m ruff check --quiet --no-cache .
"$python" -m ruff format --check --quiet --no-cache .
"$python" -m mypy --cache-dir "$folder/mypy" src tools tests
# What is installed is tested, not what is beside the tests.
PYTHONPATH=tools:tests "$python" -W error::ResourceWarning -m unittest "$@" $(cd tests && ls test_*.py | sed 's/\.py$//')
