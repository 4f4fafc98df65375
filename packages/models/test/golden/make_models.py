"""Writes models.json: every model as a whole in PyTorch, in float64. Run: python make_models.py [OUTPUT] (torch, torchvision)

Four classes, input [4, 3, 96, 80] (not square, sizes that do not divide). Weights, statistics and input are made by formula
(`noise` and `fill` of benchmarks/models.py), so that no weight file is needed. For each model: `logits` in evaluation mode;
then six steps of Adam (lr 2e-4, eps 1e-8) on the one batch with labels 0, 1, 2, 3 in training mode: `losses` before each
step, `gradient_norms` of the first, and after the sixth `logits_after` (evaluation mode) and `running_sums`.
`float32_spread` is how far PyTorch's float32 run is from the float64 one. CCNet's dropout is off.
"""

import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, '../../../../benchmarks'))
import torch
import torch.nn.functional as F
from models import NAMES, build, fill, noise

torch.set_num_threads(1)
BATCH, CLASSES, HEIGHT, WIDTH, STEPS = 4, 4, 96, 80, 6


def run(name, dtype):
    net = fill(build(name, CLASSES, **(dict(dropout=0) if name.endswith('ccnet') else {})).to(dtype))
    x = (torch.from_numpy(noise('input', BATCH * 3 * HEIGHT * WIDTH)).reshape(BATCH, 3, HEIGHT, WIDTH) * 4 - 2).to(dtype)
    labels = torch.arange(BATCH)
    evaluate = lambda: net.eval()(x).detach().double().tolist()
    row = dict(logits=evaluate(), losses=[])
    adam = torch.optim.Adam(net.parameters(), lr=2e-4, eps=1e-8)
    net.train()
    for _ in range(STEPS):
        adam.zero_grad()
        loss = F.cross_entropy(net(x), labels)
        loss.backward()
        row['losses'].append(float(loss.detach()))
        row.setdefault('gradient_norms', {key: float(parameter.grad.norm()) for key, parameter in net.named_parameters()})
        adam.step()
    row['logits_after'] = evaluate()
    state = {key: value for key, value in net.state_dict().items() if not key.endswith('num_batches_tracked')}
    row['running_sums'] = {key: float(value.double().sum()) for key, value in state.items() if 'running_' in key}
    row['parameters'] = sum(parameter.numel() for parameter in net.parameters())
    row['keys'] = {key: list(value.shape) for key, value in state.items()}
    return row


def spread(exact, single):
    flat = lambda rows: [value for row in rows for value in row]
    distance = lambda a, b: max(abs(x - y) for x, y in zip(a, b))
    norms = [(exact['gradient_norms'][key], single['gradient_norms'][key]) for key in exact['gradient_norms']]
    return dict(
        logits=distance(flat(exact['logits']), flat(single['logits'])),
        losses=[abs(a - b) for a, b in zip(exact['losses'], single['losses'])],
        gradient_norms=max(abs(a - b) / (abs(a) + 1e-12) for a, b in norms),
        logits_after=distance(flat(exact['logits_after']), flat(single['logits_after'])),
    )


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f'{value:.9g}') if isinstance(value, float) else value


result = {'_how': 'see make_models.py', 'batch': BATCH, 'classes': CLASSES, 'height': HEIGHT, 'width': WIDTH, 'steps': STEPS, 'salt': '', 'models': {}}
for name in NAMES:
    exact = run(name, torch.float64)
    result['models'][name] = dict(exact, float32_spread=spread(exact, run(name, torch.float32)))
    print(name, exact['parameters'], exact['losses'][0], file=sys.stderr, flush=True)
with open(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, 'models.json'), 'w') as file:
    json.dump(rounded(result), file, separators=(',', ':'))
