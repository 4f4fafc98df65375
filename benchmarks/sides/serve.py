"""The protocol of serve.mjs in Python."""

import json
import resource
import sys
import time

given = json.loads(sys.argv[1])


def serve(facts, work, repeat=1):
    report(facts)
    for _ in sys.stdin:
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(repeat):
            own = work()
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        report({**dict(wall=wall * 1e3 / repeat, cpu=cpu * 1e3 / repeat, rss=rss), **(own or {})})


def report(facts):
    print(json.dumps(facts), flush=True)
