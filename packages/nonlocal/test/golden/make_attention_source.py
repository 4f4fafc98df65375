"""Where attention comes from, with the whole matrix and autograd (`pip install torch`): python make_attention_source.py > attention_source.json

Per mode, the layer's weights, its input x [B, H, W, C] and the gradient dY [B, H, W, C] of a score at its output are
fill(shape, a, b, s)[i] = sin(a*i + b) * s in the layout of TF.js: kernels [in, out], maps with channels last. float64.
source = sum over channels of V.grad * (V - mean of V over positions); received = mean of P over its rows; entropy = that
of each row of P, in nats.
"""
import json
import numpy as np, torch

torch.set_default_dtype(torch.float64)
fill = lambda shape, a, b, s: torch.from_numpy(np.sin(a * np.arange(np.prod(shape)) + b) * s).reshape(shape)
B, H, W, C, D = 2, 6, 4, 6, 3
x, dY = fill((B, H, W, C), 0.37, 0.2, 1.5), fill((B, H, W, C), 0.53, 0.1, 0.7)
kernel = {n: fill((C, e), 0.7 + 0.1 * i, 0.3 * i, 0.8) for i, (n, e) in enumerate((('theta', D), ('phi', D), ('g', C)))}
bias = {n: fill((e,), 0.9, 0.4 * i, 0.3) for i, (n, e) in enumerate((('theta', D), ('phi', D), ('g', C)))}


def halve(m): return torch.nn.functional.max_pool2d(m.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)


def case(mode, pooled, gamma):
    project = lambda n: x @ kernel[n] + bias[n]
    q, k, v = (x, x, project('g')) if mode == 'gaussian' else (project('theta'), project('phi'), project('g'))
    if pooled: k, v = halve(k), halve(v)
    h, w = k.shape[1:3]
    q, k, v = (m.reshape(B, -1, m.shape[3]) for m in (q, k, v))
    v = v.detach().requires_grad_()
    scores = q @ k.transpose(1, 2)
    p = scores / k.shape[1] if mode == 'dot' else torch.softmax(scores, 2)
    score = ((p @ v).reshape(B, H, W, C) * gamma * dY).sum()
    score.backward()
    source = (v.grad * (v - v.mean(1, keepdim=True))).sum(2).detach()
    row = {'mode': mode, 'pooled': pooled, 'gamma': gamma, 'shape': [B, h, w], 'source': source.ravel().tolist()}
    return row if mode == 'dot' else {**row, 'received': p.mean(1).ravel().tolist(), 'entropy': torch.special.entr(p).sum(2).ravel().tolist()}


print(json.dumps({'source': f'torch {torch.__version__.split("+")[0]}, float64', 'cases': [case('softmax', False, 1), case('softmax', True, 0.3), case('gaussian', False, 1), case('dot', False, 1)]}, separators=(',', ':')))
