"""The PyTorch side of steps.mjs: torch_step.py NAME BATCH SIZE OPTIONS_JSON; the same lines as step_worker.mjs."""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F

from models import build

name, batch, size, options = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
torch.set_num_threads(2)
net = build(name, **options).train()
adam = torch.optim.Adam(net.parameters(), lr=2e-4, eps=1e-8)
x, y = torch.randn(batch, 3, size, size), torch.arange(batch) % 4


def report(**facts):
    print(json.dumps(facts), flush=True)


report(engine='torch ' + torch.__version__, threads=torch.get_num_threads())
for _ in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    adam.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    adam.step()
    value = float(loss.detach())
    report(wall=(time.perf_counter() - start) * 1e3, cpu=(time.process_time() - cpu) * 1e3, rss=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, loss=value)
