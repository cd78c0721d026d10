# Every target is a few lines: what is longer lives in a script or in Rust.
# The scripts and the tests look for what was built there.
export CARGO_TARGET_DIR := $(CURDIR)/target
# The connectors that are released: what component/ holds, but for the one to copy.
export CONNECTORS := $(filter-out sample,$(shell sed -n 's/^name = "\(.*\)-psa"$$/\1/p' component/*/Cargo.toml))
.DEFAULT_GOAL := help
.PHONY: $(CONNECTORS:%=conform-%) demo relay-demo test test-native connector component dist fuel prove bench bench-peers conform lint fmt check clean help tools

demo: connector ## Build, run every operation against recorded tenants, and print the results
	@tests/recordings/demo.sh

relay-demo: tools ## Build the relay, and show its page with a stand-in for a PSA and a source of alerts
	cargo build --locked -p psa-relay
	target/debug/psa-relay demo

test: component ## Build and run every test
	@rm -rf target/left-out
	cargo test --workspace --locked
	@set -- $$(ls target/left-out 2>/dev/null); if [ $$# = 0 ]; then echo "make: no test was left out"; \
		else echo "make: the tests of these packages were left out, because they are not installed: $$*"; fi

test-native: tools ## Run only the fast tests: the connectors' cores and all cases, without WebAssembly
	cargo test --locked -p psa-toolkit -p psa-native $(CONNECTORS:%=-p %-psa)

connector: tools ## Build the connectors, each to target/NAME-psa.wasm, and the host that runs them
	cargo build --workspace --locked
	target/debug/psa-build $(CONNECTORS:%=-p %-psa)

component: connector ## Build every connector: also the sample, and the broken ones of the tests
	target/debug/psa-build -p sample-psa
	tests/broken/build.sh

dist: connector ## Build what is released into target/dist: connectors, contract, psa-host, checksums
	host-test/dist.sh

fuel: component ## Regenerate tests/fuel.csv, the fuel of each case
	PSA_WRITE_FUEL=yes cargo test --workspace --locked --test suite -- fuel::each_case

prove: component ## Run what takes hours: tests at full size, fuzzing, mutants; PROVE="sizes fuzz" runs parts of it
	tests/prove.sh $(PROVE)

# With these, glibc keeps the memory that is freed. Otherwise what is measured natively also depends on whether it was just
# given back to the system.
bench: export MALLOC_TRIM_THRESHOLD_ := 1073741824
bench: export MALLOC_MMAP_THRESHOLD_ := 33554432
bench: component ## Measure, compare, and write target/bench/speed.json and speed.svg
	cargo bench --workspace --locked --bench speed

bench-peers: component ## Compare with other clients; needs Node, Python and their registries
	tests/benches/peers/run.sh

conform: $(CONNECTORS:%=conform-%) ## Test each connector with the conformance kit

$(CONNECTORS:%=conform-%): conform-%: connector
	target/debug/psa-host conform $* tests/cases/$* $(CONFORM_OPTIONS)

lint: tools ## Run clippy
	cargo clippy --workspace --all-targets --locked -- --deny warnings

fmt: tools ## Format the Rust code
	cargo fmt --all

check: tools ## Run everything that CI runs: formatting, lints, tests
	.ci/run

clean: tools ## Delete everything that was built
	cargo clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

tools:
	@for tool in cargo cc; do command -v $$tool >/dev/null || \
		{ echo "make: \`$$tool\` is missing: install Rust (rustup.rs) and a C compiler (gcc or clang), then repeat." >&2; exit 1; }; done
