"""The PyTorch side of infer.mjs."""

import torch

from models import build
from serve import given, serve

torch.set_num_threads(given['threads'])
net = build(given['name'], **given.get('options', {})).eval()
x = torch.randn(given['batch'], 3, given['size'], given['size'])


def infer():
    with torch.inference_mode():
        net(x)


serve(dict(engine='torch ' + torch.__version__, threads=torch.get_num_threads()), infer, given['repeat'])
