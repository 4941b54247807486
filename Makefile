# Each target is one command of ./dev; ARGS goes to it as it is: make journey ARGS="overdue"
ARGS ?=
COMMANDS = run test journey inhabit lint screenshots lock sbom audit bench-photo setup clean

help:
	@./dev help

$(COMMANDS):
	@./dev $@ $(ARGS)

.PHONY: help $(COMMANDS)
