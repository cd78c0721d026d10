# Every target is a few lines: what is longer lives in a script or in Rust.
# The scripts and the tests look for what was built there.
export CARGO_TARGET_DIR := $(CURDIR)/target
.DEFAULT_GOAL := help
.PHONY: demo test test-native component fuel prove bench bench-peers conform lint fmt check clean help tools

demo: component ## Build, run every operation on a recorded tenant, and print what they return
	@tests/recordings/demo.sh

test: component ## Build and run every test
	cargo test --workspace --locked

test-native: tools ## Run the tests of the connector's core only, without WebAssembly: the fast ones
	cargo test --locked -p psa-toolkit -p connectwise-psa

component: tools ## Build target/connectwise-psa.wasm, the connectors that the tests need, and the host that runs them
	cargo build --workspace --locked
	target/debug/psa-build -p connectwise-psa
	target/debug/psa-build -p sample-psa
	tests/broken/build.sh

fuel: component ## Write tests/fuel.csv anew: the fuel of each case
	PSA_WRITE_FUEL=yes cargo test --workspace --locked --test suite -- fuel::each_case

prove: component ## Run what takes hours: tests at full size, fuzzing, mutants; PROVE="sizes fuzz" runs parts of it
	tests/prove.sh $(PROVE)

bench: component ## Measure, compare, and write target/bench/speed.json and speed.svg
	cargo bench --workspace --locked --bench speed

bench-peers: component ## Measure side by side with what people use; needs Node, Python and their registries
	tests/benches/peers/run.sh

conform: component ## Hold the connector against the conformance kit
	target/debug/psa-host conform target/connectwise-psa.wasm tests/cases/connectwise $(CONFORM_OPTIONS)

lint: tools ## Look for what clippy warns of
	cargo clippy --workspace --all-targets --locked -- --deny warnings

fmt: tools ## Format the Rust code
	cargo fmt --all

check: tools ## Run what CI runs: formatting, lints, tests
	.ci/run

clean: tools ## Delete everything that was built
	cargo clean

help: ## Print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

tools:
	@for tool in cargo cc; do command -v $$tool >/dev/null || \
		{ echo "make: \`$$tool\` is missing: install Rust (rustup.rs) and a C compiler (gcc or clang), then repeat." >&2; exit 1; }; done
