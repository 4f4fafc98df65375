"""The PyTorch side of step.mjs, in the forms that `forms` lists; see forms.py. `fused`: attention by PyTorch's fused kernel, which the method's 32 against 64 channels
reach only with queries and keys zero-padded."""

import torch
import torch.nn.functional as F

import forms
import models
from serve import given, serve


def fused_attention(self, x):
    queries, keys, values = (models.rows(projection(x)) for projection in (self.theta, self.phi, self.g))
    pad = (0, values.shape[2] - queries.shape[2])
    y = F.scaled_dot_product_attention(F.pad(queries, pad)[:, None], F.pad(keys, pad)[:, None], values.contiguous()[:, None], scale=1.0)[:, 0]
    return y.transpose(1, 2).reshape(x.shape[0], -1, *x.shape[2:])


if given.get('fused'):
    models.Attention.forward = fused_attention
batch, size = given['batch'], given['size']
torch.set_num_threads(given['threads'])
net = forms.prepare(models.build(given['name'], **given.get('options', {})).train())
adam = torch.optim.Adam(net.parameters(), lr=2e-4, eps=1e-8)
x, y = forms.images(torch.randn(batch, 3, size, size)), torch.arange(batch) % 4


def step():
    adam.zero_grad()
    with forms.autocast():
        loss = F.cross_entropy(net(x), y)
    loss.backward()
    adam.step()
    assert torch.isfinite(loss.detach())


serve(dict(engine='torch ' + torch.__version__, threads=torch.get_num_threads()), step)
