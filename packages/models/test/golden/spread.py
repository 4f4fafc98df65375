"""How far float32 runs of PyTorch scatter around the float64 run of models.json: python spread.py > spread.json

Six steps of Adam at batch 4 amplify rounding (a ReLU input that changes sign, a gradient that is zero but for rounding
and that Adam's first step scales to the learning rate), so one float32 run says little. Here several runs, each with
every weight and input moved by a random unit in the last place, give the largest differences per quantity.
"""
import json, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../../../benchmarks'))
import torch
import torch.nn.functional as F
from models import build, fill, noise, NAMES

RUNS = 8
golden = json.load(open(os.path.join(os.path.dirname(__file__), 'models.json')))
B, K, H, W = golden['batch'], golden['classes'], golden['height'], golden['width']
labels = torch.tensor([0, 1, 2, 3])

def flat(rows): return [v for row in rows for v in row]

def run(name, seed):
    torch.manual_seed(seed)
    move = lambda t: t * (1 + (torch.randint(-1, 2, t.shape) * 6e-8).float())
    net = fill(build(name, K, **(dict(dropout=0) if name.endswith('ccnet') else {})).double()).float()
    with torch.no_grad():
        for p in net.parameters(): p.copy_(move(p))
    x = move((torch.from_numpy(noise('input', B * 3 * H * W)).reshape(B, 3, H, W) * 4 - 2).float())
    if seed % 2: x = x.to(memory_format=torch.channels_last); net = net.to(memory_format=torch.channels_last)
    net.eval()
    with torch.no_grad(): logits = flat(net(x).tolist())
    net.train(); adam = torch.optim.Adam(net.parameters(), lr=2e-4, eps=1e-8); losses = []; norms = None
    for _ in range(golden['steps']):
        adam.zero_grad(); loss = F.cross_entropy(net(x), labels); loss.backward(); losses.append(float(loss))
        if norms is None: norms = {k: float(p.grad.double().norm()) for k, p in net.named_parameters()}
        adam.step()
    net.eval()
    with torch.no_grad(): after = flat(net(x).tolist())
    state = net.state_dict()
    sums = {k: float(v.double().sum()) for k, v in state.items() if 'running_' in k}
    return logits, losses, norms, after, sums

spread = {}
for name in NAMES:
    row = golden['models'][name]; top = max(row['gradient_norms'].values())
    real = {k: n for k, n in row['gradient_norms'].items() if n > 1e-5 * top}
    worst = dict(logits=0.0, losses=[0.0] * golden['steps'], gradients=0.0, logits_after=0.0, running=0.0)
    for seed in range(RUNS):
        logits, losses, norms, after, sums = run(name, seed)
        worst['logits'] = max([worst['logits']] + [abs(a - b) for a, b in zip(logits, flat(row['logits']))])
        worst['losses'] = [max(w, abs(a - b)) for w, a, b in zip(worst['losses'], losses, row['losses'])]
        worst['gradients'] = max([worst['gradients']] + [abs(norms[k] - n) / n for k, n in real.items()])
        worst['logits_after'] = max([worst['logits_after']] + [abs(a - b) for a, b in zip(after, flat(row['logits_after']))])
        worst['running'] = max([worst['running']] + [abs(sums[k] - v) / (1 + abs(v)) for k, v in row['running_sums'].items()])
    spread[name] = worst
    print(name, worst, file=sys.stderr, flush=True)
rounded = lambda o: {k: rounded(v) for k, v in o.items()} if isinstance(o, dict) else [rounded(v) for v in o] if isinstance(o, list) else float(f'{o:.2g}')
print(json.dumps({'_how': f'largest differences of {RUNS} float32 runs (torch {torch.__version__.split("+")[0]}) from models.json; see spread.py', 'models': rounded(spread)}, indent=1))
