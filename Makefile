# One gate: `make check` before every commit; `make test` on any machine with Go, npm and make.
# `make lint` is the part of the gate that runs nothing of ours but the tests of the layout.

GO      ?= go
DATA    ?= data
LISTEN  ?= 127.0.0.1:8080
PUBLIC  ?= http://localhost:$(lastword $(subst :, ,$(LISTEN)))
SCALE   ?= 1
FUZZ    ?= 20s
LEDGER  := bin/ledger
WEB     := api/web

.PHONY: run test lint check bench bench-nodes fuzz build engine web openapi test-web shots bench-web clean

## run: build, fetch the embedded engine once, fill an empty ledger with the sample year, and serve it
run: build engine
	$(LEDGER) --data $(DATA) sample --scale $(SCALE) --if-empty
	$(LEDGER) --data $(DATA) serve --listen $(LISTEN) --public-url $(PUBLIC) --welcome

## test: fetch what is needed and pass every test
test: engine test-web
	$(GO) test -timeout 30m ./...
	@lacking=""; for p in chromium soffice pdftotext pdfinfo pdftoppm; do command -v $$p >/dev/null || lacking="$$lacking $$p"; done; \
	[ -z "$$lacking" ] || echo "NOT RUN: the papers of the sample year were not opened in a browser and a spreadsheet, for want of$$lacking"

## lint: format, vet, static analysis, exhaustive switches, and the layout of the house
lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) tool go-check-sumtype ./...
	$(GO) test ./cmd

## check: lint, then every test under the race detector
check: lint engine test-web
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

## web: build the console and pack it as it is embedded; commit console.zip with its sources
web: $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && npm run --silent build && npm run --silent pack

## openapi: take the console's copy of the OpenAPI document, and make its types from it
openapi: $(WEB)/node_modules/.package-lock.json
	$(GO) test ./api -run TestConsoleKnowsTheDocument -update
	cd $(WEB) && npm run --silent types

## test-web: the console's own gate: types, lint, tests, and those in a browser where there is one
test-web: engine $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && npm run --silent lint && npm run --silent build && npx vitest run --project unit
	@if command -v chromium >/dev/null; then cd $(WEB) && LEDGER=$(abspath $(LEDGER)) npx vitest run --project browser; \
	elif [ -n "$$LEDGER_TEST_PRINT" ]; then echo "the console was not opened in a browser, for want of chromium"; exit 1; \
	else echo "NOT RUN: the console was not opened in a browser, for want of chromium"; fi

## shots: every page of the console as pictures, in both languages, light and dark, wide and on a phone
shots: engine $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && rm -rf shots && LEDGER=$(abspath $(LEDGER)) npx vitest run --project shots

## bench-web: what the console costs: sizes, largest contentful paint, from key to painted
bench-web: engine $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && LEDGER=$(abspath $(LEDGER)) npx vitest run --project bench

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json
	cd $(WEB) && npm ci --no-fund --no-audit

## build: the ledger binary
build:
	$(GO) build -o $(LEDGER) ./cmd/ledger

## engine: the embedded ClickHouse, cached outside the checkout
engine: build
	@$(LEDGER) engine install > /dev/null

## clean: what was built; the sample ledger in DATA goes with it
clean:
	rm -rf bin $(DATA)
