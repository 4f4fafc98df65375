"""Writes operations.json: what PyTorch computes in float64 where operations are easy to get wrong.

Inputs are sin(0.37 i + 0.2) at row-major NCHW index i, upstream gradients sin(0.23 i + 0.4), kernels 0.5 sin(0.11 i + 0.3);
`tied` inputs are rounded to halves, so that many maxima are equal. Run: python make_operations.py (torch 2.x).
"""

import json
import pathlib

import torch
import torch.nn.functional as F


def fill(shape, a, b, s=1.0):
    return (torch.sin(torch.arange(torch.Size(shape).numel(), dtype=torch.float64) * a + b) * s).reshape(shape)


def numbers(x):
    return [round(v, 9) for v in x.detach().flatten().tolist()]


def case(operation, shape, function, tied=False, kernel=None, **options):
    x = fill(shape, 0.37, 0.2)
    if tied:
        x = torch.round(x * 2) / 2
    x.requires_grad_()
    w = fill(kernel, 0.11, 0.3, 0.5).requires_grad_() if kernel else None
    y = function(x, w) if kernel else function(x)
    y.backward(fill(y.shape, 0.23, 0.4))
    found = {"operation": operation, "shape": shape, "tied": tied, "options": options, "y": numbers(y), "dx": numbers(x.grad)}
    if kernel:
        found |= {"kernel": kernel, "dk": numbers(w.grad)}
    return found


cases = []
for shape, size, stride, padding in [([1, 2, 8, 8], 3, 2, 1), ([2, 3, 7, 6], 3, 2, 1), ([1, 3, 12, 14], 7, 2, 3), ([2, 3, 6, 8], 1, 2, 0), ([1, 2, 5, 6], 3, 1, 1)]:
    options = {"stride": stride, "padding": padding}
    cases.append(case("conv2d", shape, lambda x, w: F.conv2d(x, w, **options), kernel=[4, shape[1], size, size], **options))
    cases.append(case("depthwiseConv2d", shape, lambda x, w: F.conv2d(x, w, groups=shape[1], **options), kernel=[shape[1], 1, size, size], **options))
for tied in (False, True):
    for shape, size, stride, padding in [([1, 2, 8, 8], 3, 2, 1), ([2, 2, 7, 6], 3, 2, 1), ([1, 2, 6, 6], 2, 2, 0), ([1, 1, 5, 5], 3, 1, 1)]:
        cases.append(case("maxPool", shape, lambda x: F.max_pool2d(x, size, stride, padding), tied, size=size, stride=stride, padding=padding))
    for shape, size in [([2, 2, 10, 7], [4, 3]), ([1, 2, 5, 6], [5, 4]), ([1, 1, 3, 3], [5, 2])]:
        cases.append(case("adaptiveMaxPool", shape, lambda x: F.adaptive_max_pool2d(x, size), tied, size=size))
    cases.append(case("globalMaxPool", [2, 3, 4, 5], lambda x: torch.amax(x, (2, 3)), tied))
    cases.append(case("channelMax", [2, 5, 3, 4], lambda x: torch.amax(x, 1, keepdim=True), tied))
for tied in (False, True):  # windows of one size at one stride that bring [h, w] to the size
    for shape, size in [([2, 2, 10, 7], [4, 3]), ([1, 1, 97, 5], [13, 5])]:
        stride = [n // o for n, o in zip(shape[2:], size)]
        kernel = [n - (o - 1) * s for n, o, s in zip(shape[2:], size, stride)]
        cases.append(case("adaptiveMaxPool", shape, lambda x: F.max_pool2d(x, kernel, stride), tied, size=size, bins="plain"))
        if not tied:
            cases.append(case("adaptiveAveragePool", shape, lambda x: F.avg_pool2d(x, kernel, stride), size=size, bins="plain"))
for shape, size in [([2, 2, 10, 7], [4, 3]), ([1, 2, 3, 4], [7, 9]), ([1, 1, 97, 5], [13, 5])]:
    cases.append(case("adaptiveAveragePool", shape, lambda x: F.adaptive_avg_pool2d(x, size), size=size))
    cases.append(case("resizeBilinear", shape, lambda x: F.interpolate(x, size=size, mode="bilinear", align_corners=False), size=size))

pathlib.Path(__file__).with_name("operations.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")) + "\n")
