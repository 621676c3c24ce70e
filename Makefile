# One gate: `make check` before every commit; `make test` on any machine with Go, npm and make.
# `make lint` is the part of the gate that runs nothing of ours but the tests of the layout.

GO      ?= go
DATA    ?= data
LISTEN  ?= 127.0.0.1:8080
SCALE   ?= 1
FUZZ    ?= 20s
LEDGER  := bin/ledger

.PHONY: run test lint check bench bench-nodes fuzz build engine clean

## run: build, fetch the embedded engine once, fill an empty ledger with the sample year, and serve it
run: build engine
	$(LEDGER) --data $(DATA) sample --scale $(SCALE) --if-empty
	$(LEDGER) --data $(DATA) serve --listen $(LISTEN) --welcome

## test: fetch what is needed and pass every test
test: engine
	$(GO) test -timeout 30m ./...
	@lacking=""; for p in chromium soffice pdftotext pdfinfo; do command -v $$p >/dev/null || lacking="$$lacking $$p"; done; \
	[ -z "$$lacking" ] || echo "NOT RUN: the papers of the sample year were not opened in a browser and a spreadsheet, for want of$$lacking"

## lint: format, vet, static analysis, exhaustive switches, and the layout of the house
lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) tool go-check-sumtype ./...
	$(GO) test ./cmd

## check: lint, then every test under the race detector
check: lint engine
	$(GO) test -race -timeout 60m ./...

## bench: figures as ratios against raw engines in the same run
bench: engine
	$(GO) run ./cmd/bench

## bench-nodes: one and two servers over a node that takes the time EventStoreDB does, as ratios
bench-nodes:
	$(GO) run ./cmd/bench nodes

## fuzz: every fuzz target for FUZZ each
fuzz:
	@$(GO) test -list '^Fuzz' ./... | awk '/^Fuzz/ {t[n++]=$$1} /^ok/ {for (i=0;i<n;i++) print $$2, t[i]; n=0}' | \
	while read pkg target; do echo "== $$pkg $$target"; $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZ) -fuzzminimizetime 20x $$pkg || exit 1; done

## build: the ledger binary
build:
	$(GO) build -o $(LEDGER) ./cmd/ledger

## engine: the embedded ClickHouse, cached outside the checkout
engine: build
	@$(LEDGER) engine install > /dev/null

## clean: what was built; the sample ledger in DATA goes with it
clean:
	rm -rf bin $(DATA)
