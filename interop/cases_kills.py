"""Twenty kills at every commit; interop/kill-campaign makes thousands."""

import time

from harness import case
from kills import campaign


@case("20 kills in the middle of writes, flushes, migration and replay lose nothing that was flushed", seconds=60)
def twenty_kills(place):
    campaign(place, kills=20, seed=int(time.time()))
