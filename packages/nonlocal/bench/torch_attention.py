"""One form of attention in a process of its own: a line on stdin runs it once and prints its times and peak memory.

python bench/torch_attention.py FORM SIDE BATCH; forms: torch-plain, torch-sdpa (32 against 64 channels: no fused kernel),
torch-padded (queries and keys zero-padded to 64 channels: the fused kernel).
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F

form, side, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.manual_seed(0)
q, k, v = (torch.randn(batch, side * side, width, requires_grad=True) for width in (32, 32, 64))
dy = torch.randn(batch, side * side, 64)


def fused(pad):
    wide = [F.pad(x, (0, pad))[:, None] for x in (q, k)]
    return F.scaled_dot_product_attention(*wide, v[:, None], scale=1.0)[:, 0]


forms = {
    "torch-plain": lambda: torch.softmax(q @ k.transpose(1, 2), -1) @ v,
    "torch-sdpa": lambda: fused(0),
    "torch-padded": lambda: fused(32),
}

print(json.dumps({"ready": True, "engine": f"torch {torch.__version__}", "threads": torch.get_num_threads()}), flush=True)
for _ in sys.stdin:
    for x in (q, k, v):
        x.grad = None
    with torch.no_grad():
        start = time.perf_counter()
        forms[form]()
        forward = time.perf_counter() - start
    start, cpu = time.perf_counter(), time.process_time()
    forms[form]().backward(dy)
    both, cpu = time.perf_counter() - start, time.process_time() - cpu
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"forward": 1e3 * forward, "both": 1e3 * both, "cpu": 1e3 * cpu, "rss": rss}), flush=True)
