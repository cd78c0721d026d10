#!/usr/bin/env bash
# Runs every operation of psa-host on the recorded tenant beside this file and prints each command with what it returns.
# It stops at the first command whose exit code is not the expected one. `make demo` builds what it needs.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Variables such as PSA_SITE would win over the tenant's settings file.
unset "${!PSA_@}"
# Settings that others may read draw a warning, also those of nobody; git keeps no such right.
chmod 600 tests/recordings/connectwise/settings.toml
readonly component=target/connectwise-psa.wasm
readonly settings=(--settings tests/recordings/connectwise/settings.toml)
readonly tenant=("${settings[@]}" --replay tests/recordings/connectwise/tenant.json)
readonly cases=tests/cases/connectwise

# Prints and runs `psa-host` with the arguments after the first, which is the exit code to expect.
run() {
    local expected=$1 shown='' argument exit_code=0
    shift
    for argument in "$@"; do
        [[ $argument == *[!A-Za-z0-9_./=:-]* ]] && argument="'$argument'"
        shown+=" $argument"
    done
    printf '\n$ psa-host%s\n' "$shown"
    target/debug/psa-host "$@" 2>&1 || exit_code=$?
    if [[ $exit_code != "$expected" ]]; then
        echo "demo.sh: this command ended with exit code $exit_code, not $expected" >&2
        exit 1
    fi
}

ticket=(
    --company-id 250 --board-id 5 --type-id 61 --priority-id 6 --severity high
    --summary 'Blocked domain' --detail Domain=example.com --reference alert-4711
)

run 0 describe "$component"
run 0 origins "$component" "${tenant[@]}"
run 0 verify "$component" "${tenant[@]}"
run 0 companies "$component" "${tenant[@]}"
run 0 boards "$component" "${tenant[@]}" --all
run 0 check-ticket "$component" "${tenant[@]}" "${ticket[@]}"
run 0 create-ticket "$component" "${tenant[@]}" "${ticket[@]}"
run 0 ticket "$component" "${tenant[@]}" 5120

# After a ticket was opened.
run 0 find "$component" "${settings[@]}" --replay "$cases/find-tickets/open-of-company.json" --open-of-company 250
run 0 note "$component" "${settings[@]}" --replay "$cases/add-note/staff.json" \
    --ticket 7001 --text 'Seen again at 10:00.' --reference alert-1:2
run 0 status "$component" "${settings[@]}" --replay "$cases/set-status/closed.json" --ticket 7001 --status-id 59
run 0 contacts "$component" "${settings[@]}" --replay "$cases/list-contacts/ok.json" --company-id 250
run 0 assets "$component" "${settings[@]}" --replay "$cases/list-assets/ok.json" --company-id 250
run 0 sites "$component" "${settings[@]}" --replay "$cases/list-sites/ok.json" --company-id 250
run 0 attach "$component" "${settings[@]}" --replay "$cases/attach-asset/ok.json" --ticket 7001 --asset 11

# What a person sees who has to correct something: a closed status, and a role that lacks a right.
run 31 check-ticket "$component" "${tenant[@]}" "${ticket[@]}" --status-id 59
run 30 verify "$component" "${settings[@]}" \
    --replay tests/recordings/connectwise/role-without-types.json
