"""PyTorch's three forms of attention.mjs: plain, sdpa (32 against 64 channels: no fused kernel on the CPU), padded
(queries and keys zero-padded to 64 channels: the fused kernel)."""

import torch
import torch.nn.functional as F

import forms as precisions
from serve import given, serve

torch.manual_seed(0)
torch.set_num_threads(given['threads'])
positions = given['side'] ** 2
q, k, v = (torch.randn(given['batch'], positions, width, requires_grad=True) for width in (32, 32, 64))
dy = torch.randn(given['batch'], positions, 64)


def fused(pad):
    wide = [F.pad(x, (0, pad))[:, None] for x in (q, k)]
    return F.scaled_dot_product_attention(*wide, v[:, None], scale=1.0)[:, 0]


forms = dict(
    plain=lambda: torch.softmax(q @ k.transpose(1, 2), -1) @ v,
    sdpa=lambda: fused(0),
    padded=lambda: fused(32),
)


def both():
    for x in (q, k, v):
        x.grad = None
    with precisions.autocast():
        output = forms[given['form']]()
    output.backward(dy.to(output.dtype))


serve(dict(engine='torch ' + torch.__version__, threads=torch.get_num_threads()), both, given['repeat'])
