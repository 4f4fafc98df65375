"""Writes synchronized_batch_norm.json: a training step of batch normalization on a whole batch, by PyTorch in float64.

Run: python make_synchronized_batch_norm.py   (needs torch 2.x)

torch.nn.SyncBatchNorm computes on GPUs only, but what it has to equal is BatchNorm2d on the images of all processes together:
that is what is computed here. Values of x are sin(0.37 i + 0.2) + 5 in PyTorch's layout [B, C, H, W], where i is the flat index.
"""
import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
shape = [7, 4, 3, 2]
size = torch.Size(shape).numel()
x = (torch.sin(0.37 * torch.arange(size) + 0.2) + 5).reshape(shape).requires_grad_()
labels = torch.tensor([0, 2, 1, 1, 0, 2, 2])
class_weights = torch.tensor([1.0, 3.0, 0.5])
norm = torch.nn.BatchNorm2d(4)
with torch.no_grad():
    norm.weight.copy_(torch.tensor([1.0, 0.5, -0.8, 1.5]))
    norm.bias.copy_(torch.tensor([0.1, -0.2, 0.3, 0.4]))
head = torch.sin(1.3 * torch.arange(12)).reshape(4, 3)

y = torch.relu(norm(x))
loss = torch.nn.functional.cross_entropy(y.mean((2, 3)) @ head, labels, weight=class_weights)
loss.backward()


def rounded(tensor):
    return [round(value, 10) for value in tensor.detach().flatten().tolist()]


golden = {
    "origin": f"PyTorch {torch.__version__}, made by make_synchronized_batch_norm.py",
    "shape": shape,
    "labels": labels.tolist(),
    "class_weights": class_weights.tolist(),
    "weight": rounded(norm.weight),
    "bias": rounded(norm.bias),
    "head": rounded(head),
    "y": rounded(y),
    "loss": loss.item(),
    "dx": rounded(x.grad),
    "dweight": rounded(norm.weight.grad),
    "dbias": rounded(norm.bias.grad),
    "running_mean": rounded(norm.running_mean),
    "running_var": rounded(norm.running_var),
}
Path(__file__).with_name("synchronized_batch_norm.json").write_text(json.dumps(golden) + "\n")
