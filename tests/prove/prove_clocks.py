"""A hundred thousand random lives of a clock against the oracle (`make prove-clocks`): too long for every run of tests.

Each shard draws its own histories from its own seed, so a failure comes back when that shard is run again.
"""
import pytest
from hypothesis import HealthCheck, given, seed, settings

from tests.unit.kernel.clock_histories import compare, histories

SHARDS, EACH = 20, 5_000


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_clock_agrees_with_the_oracle(shard):
    @seed(shard)
    @settings(max_examples=EACH, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(histories())
    def lived(history):
        compare(history)

    lived()
