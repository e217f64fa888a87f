# What a person types. Everything else is behind these.
#
#   make demo              live the main job through in every language; ONLY=python (rust, node, kotlin) in one
#   make test              every test of every language; ONLY=... of one
#   make check             what a reviewer runs: formatting, lints, layers, stale generated code, the contract, licences
#   make fuzz-contract     hold the emulator's answers to the contract; FUZZ='--random --seconds 600' for longer
#   make fuzz-events       post anything to the receiver of events; SECONDS=600 by default
#   make simulate          core in a simulated world of faults; RUNS=100000 by default, SEED=... for one run again
#   make bench             measure beside what a user would write instead; ONLY=... one language
#   make generate          write what follows from contract/
#   make format            let the formatters have their way

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

LANGUAGES := $(or $(ONLY),rust python node kotlin)
XTASK := cargo run --quiet --package xtask --

# Says what is going on, for a first build takes minutes.
say = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

.PHONY: help
help:
	@sed -n 's/^#   //p' Makefile

# --- demo -------------------------------------------------------------------

.PHONY: demo
demo: build-emulator $(LANGUAGES:%=build-%)
	$(call say,Demo)
	@$(XTASK) demo $(ONLY:%=--only %)

.PHONY: build-emulator build-rust build-python build-node build-kotlin
build-emulator:
	$(call say,Building the emulator)
	@cargo build --package airudder-emulator --package xtask

build-rust:
	$(call say,Building for Rust)
	@cargo build --package airudder --examples

build-python:
	$(call say,Building for Python)
	@python3 bindings-python/dev.py build

build-node: bindings-node/node_modules/.package-lock.json examples/node/node_modules/.package-lock.json
	$(call say,Building for Node)
	@npm --prefix bindings-node run --silent build

build-kotlin:
	$(call say,Building for Kotlin)
	@bindings-kotlin/build

%/node_modules/.package-lock.json: %/package-lock.json
	@npm --prefix $* ci --silent --no-audit --no-fund
	@touch $@

# --- test -------------------------------------------------------------------

.PHONY: test
test: $(LANGUAGES:%=test-%)
	$(call say,The programs of the READMEs)
	@$(XTASK) quickstarts $(ONLY:%=--only %)
	@$(if $(ONLY),,cargo test --quiet --package airudder-tests --test one_byte)
	@$(if $(ONLY),,$(MAKE) fuzz-contract)
	$(call say,How many operations each suite called against the emulator)
	@cargo run --quiet --package airudder-tests --bin walk-table

.PHONY: build-peers build-mock test-rust test-python test-node test-kotlin
build-peers: build-emulator build-mock
	@cargo build --package airudder-tests --bins

build-mock: tests/mock/prism/node_modules/.package-lock.json
	@cargo build --package xtask

test-rust: build-peers
	$(call say,Testing Rust)
	@cargo test --package airudder --package xtask --package airudder-emulator
	@cargo test --package airudder-tests
	@cargo test --package airudder-simulation

test-python: build-peers build-python
	$(call say,Testing Python)
	@python3 bindings-python/dev.py test

test-node: build-peers build-node
	$(call say,Testing Node)
	@npm --prefix bindings-node test

test-kotlin: build-peers build-kotlin
	$(call say,Testing Kotlin)
	@cargo test --quiet --package airudder-kotlin --lib
	@bindings-kotlin/build test

# Bounded, and the same every time, unless FUZZ says otherwise.
.PHONY: fuzz-contract
fuzz-contract: build-emulator
	$(call say,Sending the emulator what the contract allows and forbids)
	@python3 tests/fuzz/run.py $(FUZZ)

# Each property for a third of the time.
SECONDS := 600
.PHONY: fuzz-events
fuzz-events:
	$(call say,Posting anything to the receiver of events)
	@FUZZ_SECONDS=$$(( $(SECONDS) / 3 )) cargo test --package airudder --test events_fuzz -- --nocapture --test-threads 1

# Core in a simulated world of faults, deterministic for a SEED.
RUNS := 100000
SEED := 1
.PHONY: simulate simulate-bugs
# Without the link-time optimization of the package: it builds faster.
simulate simulate-bugs: export CARGO_PROFILE_RELEASE_LTO := off
simulate simulate-bugs: export CARGO_PROFILE_RELEASE_CODEGEN_UNITS := 16
simulate:
	@cargo run --quiet --release --package airudder-simulation -- --runs $(RUNS) --seed $(SEED)

# How many runs it takes until a bug that is planted in core is found.
simulate-bugs:
	@RUNS=$(RUNS) tests/simulation/bugs/find

# --- check ------------------------------------------------------------------

.PHONY: check
check: $(LANGUAGES:%=check-%) check-contract

.PHONY: check-contract check-rust check-python check-node check-kotlin
check-contract: contract/node_modules/.package-lock.json
	$(call say,Checking the contract and what follows from it)
	@npm --prefix contract run --silent lint
	@$(XTASK) bundle
	@npm --prefix contract run --silent lint-bundle
	@$(XTASK) generate --check
	@$(XTASK) readme
	@$(XTASK) licences

check-rust:
	$(call say,Checking Rust)
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --locked -- --deny warnings
	@$(XTASK) layers
	@RUSTDOCFLAGS='--deny warnings' cargo doc --quiet --no-deps --package airudder --package airudder-emulator

check-python:
	$(call say,Checking Python)
	@python3 bindings-python/dev.py check

check-node: bindings-node/node_modules/.package-lock.json examples/node/node_modules/.package-lock.json
	$(call say,Checking Node)
	@npm --prefix bindings-node run --silent check

check-kotlin:
	$(call say,Checking Kotlin)
	@bindings-kotlin/build check

# --- chores -----------------------------------------------------------------

.PHONY: bench generate format
bench:
	@benches/run $(ONLY:%=--only %) $(BENCH)

generate:
	@$(XTASK) generate

format:
	@cargo fmt --all
	@python3 bindings-python/dev.py format
	@npm --prefix bindings-node run --silent format
	@bindings-kotlin/build format
