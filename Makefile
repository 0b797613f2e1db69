# Targets a contributor needs. `make test` installs and starts what it needs.
GO      ?= go
PKGS    := ./...
FUZZTIME ?= 60s

# As jobs are compiled (codegen/gobuild), so that tests find in the cache what jobs link.
export GOFLAGS += -tags=arrow_json_stdlib

.PHONY: all test test-long lint newcomer bench bench-readme bench-allocs bench-allocs-update fuzz golden-update oracle oracle-check services proto dist

all: lint test

## test: every promise once, against real servers (20 to 30 minutes on 2 cores, most of it the Go compiler on generated code)
test: services
	$(GO) test -timeout 45m $(PKGS)

## test-long: full counts and matrices
test-long: services
	PYFC_LONG=1 $(GO) test -timeout 120m $(PKGS)
	PYFC_LONG=1 PYFC_POISON=1 $(GO) test -timeout 60m ./rt/... ./golden/...
	$(GO) test -race -timeout 60m ./rt/...
	sh golden/newcomer.sh

## newcomer: the README's two commands on a fresh clone in a Debian of its own
newcomer:
	sh golden/newcomer.sh

## services: install the database servers that tests start
services:
	sh golden/services/install.sh

## lint: gofmt, vet, staticcheck
lint:
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	$(GO) vet $(PKGS)
	$(GO) tool staticcheck $(PKGS)

## bench: pyfc beside PyFlink and hand-written Go, in one run
bench:
	$(GO) test -run '^$$' -bench '^BenchmarkDriver$$' ./compiler/pyeval
	$(GO) run ./golden/bench -json bench.json -svg bench.svg

## bench-readme: the same, with the ratios and the plot put into the README
bench-readme:
	$(GO) run ./golden/bench -json bench.json -svg docs/bench.svg -page README.md

## bench-allocs: compare allocations on the row path with those recorded
bench-allocs:
	sh golden/bench/allocs.sh

## bench-allocs-update: record them
bench-allocs-update:
	sh golden/bench/allocs.sh -update

## fuzz: every fuzz target for FUZZTIME
fuzz:
	@$(GO) list -f '{{.Dir}} {{.ImportPath}}' $(PKGS) | while read dir pkg; do \
	  grep -ho 'func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go 2>/dev/null | sed 's/func //' | while read f; do \
	    echo "== $$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$pkg || exit 1; \
	  done || exit 1; done

## golden-update: rewrite expected plans and generated pages (never recorded results)
golden-update:
	$(GO) test ./golden -update
	$(GO) test ./ir/opt ./compiler/bind ./compiler/sql -update

## oracle: record results from the real PyFlink into the goldens
oracle:
	$(GO) run ./golden/oracle

## oracle-check: say which goldens no longer agree with the real PyFlink
oracle-check:
	$(GO) run ./golden/oracle -check

## proto: regenerate the bridge's protocol code
proto:
	sh udfbridge/generate.sh

## dist: an installable pyfc in DIST, which needs neither the checkout nor a network
DIST ?= dist
dist:
	$(GO) run ./internal/dist $(DIST)
