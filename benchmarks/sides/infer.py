"""The PyTorch side of infer.mjs, in the forms that `forms` lists; see forms.py."""

import torch

import forms
from models import build
from serve import given, serve

torch.set_num_threads(given['threads'])
net = forms.prepare(build(given['name'], **given.get('options', {})).eval())
x = forms.images(torch.randn(given['batch'], 3, given['size'], given['size']))


def infer():
    with torch.inference_mode(), forms.autocast():
        net(x)


serve(dict(engine='torch ' + torch.__version__, threads=torch.get_num_threads()), infer, given['repeat'])
