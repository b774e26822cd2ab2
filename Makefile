# Every target does its own set-up. Without make: python3 -m mbs_app <command>.
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell command -v $(p) >/dev/null 2>&1 && $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1 && echo $(p))) python3)
MBS = $(PYTHON) -m mbs_app

.DEFAULT_GOAL := help
.PHONY: help run test demo bench worker screenshots format lint clean

help: ## What can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Serve everything on one port (PORT=9000 make run for another than 8000)
	@$(MBS) run

test: ## All checks and tests
	@$(MBS) test

demo: ## Fill in a believable business to look around in
	@$(MBS) demo

bench: ## Measure this machine: import, sending, callbacks, live updates
	@$(MBS) bench

worker: ## A sender without the web pages, for more machines
	@$(MBS) worker

screenshots: ## Take the README's pictures from the running product
	@$(MBS) screenshots

format: ## Put the code in its standard form
	@$(MBS) format

lint: ## Style, types, layers and migrations, without the tests
	@$(MBS) lint

clean: ## Remove what was built; data/ and .env stay
	@$(MBS) clean
