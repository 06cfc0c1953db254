# leptonnet: what one does with a checkout. `make` alone lists the targets; the work is done by scripts/.

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the program: .build/release/leptonnet
	@scripts/setup
	swift build -c release --product leptonnet

build-ndpi: ## build with names of applications by libndpi: .build-ndpi/release/leptonnet
	@scripts/setup --ndpi
	swift build -c release --product leptonnet --traits NDPI --scratch-path .build-ndpi

demo: build ## replay a capture that is shipped here, into out/demo
	@scripts/demo

test: ## module check, build and all tests
	@scripts/setup
	scripts/check-modules
	swift test --explicit-target-dependency-import-check error

test-ndpi: ## the same in a build with libndpi, whose own program judges the names
	@scripts/setup --ndpi
	swift test --traits NDPI --scratch-path .build-ndpi --filter 'EndToEndTests'

stress: ## table, readers and pipeline under ThreadSanitizer
	@scripts/setup
	swift test --sanitize=thread --scratch-path .build-tsan --filter 'ConcurrencyStress|Determinism'

verify: build ## compare every conversation with tshark's view and check every log line
	@scripts/setup --tools
	scripts/lab --check
	scripts/verify

verify-outputs: build ## let rsyslog and syslog-ng receive every format over TCP, TLS and UDP
	@scripts/setup --siem
	scripts/verify-outputs

verify-recommendations: build ## let nft, tc, ip, ExaBGP, FRR and the kernel judge recommendations
	@scripts/setup --tools
	scripts/verify-recommendations

evaluate: build ## measure detection on labelled captures: CAPTURES=FOLDER, QUICK=1 for the default budget only
	scripts/evaluate $(if $(QUICK),--quick) $(CAPTURES)

ablation: build ## measure every detector and model alone and left out, into docs/reference/ablation.md: CAPTURES=FOLDER
	scripts/evaluate --quick --ablate --jobs 1 --table docs/reference/ablation.md $(CAPTURES)

evaluate-classes: build ## measure the traffic classifier on captures it was not written with
	scripts/evaluate-classes

testbed: build ## let policies control real packets in network namespaces (needs root)
	@scripts/setup --lab
	scripts/testbed

bench: build ## measure against nfpcapd and tcpdump on a load file made here
	@scripts/setup --tools
	scripts/bench

live-test: build ## capture for real in network namespaces: parity, loss, cost, interfaces that come and go (needs root)
	@scripts/setup --live
	scripts/live-test

closed-loop: build ## the appliance on a router stops a flood and a scan, SEEDS=5, measured against the same network without it (needs root)
	@scripts/setup --live
	scripts/closed-loop --seeds $(or $(SEEDS),5)

promises: build ## the six promised figures with their baselines: CAPTURES=FOLDER for captures of your own
	scripts/promises $(CAPTURES)

soak: build ## capture for MINUTES=30 with attacks, and again with everything breaking: disk, receivers, reloads (needs root)
	@scripts/setup --live
	scripts/soak --minutes $(or $(MINUTES),30)

crash-test: build ## kill a capture at COUNT=100 random moments: lines, alerts, rules, checkpoint, spool (needs root)
	@scripts/setup --live
	scripts/crash-test --count $(or $(COUNT),100)

deb: ## build a Debian package with the service, in out/
	@scripts/setup
	scripts/deb

verify-deb: deb ## install the package in a throw-away copy of this machine, judge the unit, remove it (needs root)
	scripts/verify-deb

fuzz: ## fuzz each parser, SECONDS=60 each
	@scripts/setup
	scripts/fuzz $(SECONDS)

fuzz-coverage: ## lines of the decoders and readers that corpora and tests reach
	@scripts/setup
	scripts/fuzz-coverage

mutate: ## replay VARIANTS=10000 changed captures, report crashes and hangs
	@scripts/setup --tools
	scripts/mutate --variants $(or $(VARIANTS),10000)

lint: ## formatting, module rules, shell scripts
	@scripts/setup --lint
	scripts/lint

format: ## rewrite the Swift sources in the house style
	swift format format --in-place --parallel --recursive Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources

fixtures: ## record the captures below fixtures/ anew (needs root)
	@scripts/setup --lab
	scripts/fixtures

lab: ## record labelled traffic: VARIANT=office SEED=1 MINUTES=14 (needs root)
	@scripts/setup --lab
	scripts/lab $(or $(VARIANT),office) $(or $(SEED),1) $(or $(MINUTES),14)

clean: ## remove what was built and written
	rm -rf .build .build-* out Benchmarks/.build Fuzz/.build Fuzz/.build-mutate
