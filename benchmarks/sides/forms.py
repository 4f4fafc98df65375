"""The forms in which a practitioner runs a PyTorch network: a list in the input `forms`, of channels_last, bfloat16
(autocast) and compile (torch.compile, which needs a C++ compiler)."""

import contextlib

import torch

from serve import given

chosen = given.get('forms', [])


def prepare(net):
    if 'channels_last' in chosen:
        net = net.to(memory_format=torch.channels_last)
    return torch.compile(net) if 'compile' in chosen else net


def images(x):
    return x.contiguous(memory_format=torch.channels_last) if 'channels_last' in chosen else x


def autocast():
    return torch.autocast('cpu', torch.bfloat16) if 'bfloat16' in chosen else contextlib.nullcontext()
