"""The run on one machine: an engine, a gateway, a stream pump, a scheduler, a clock that can be set. Never packaged."""
