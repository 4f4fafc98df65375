"""Writes losses.json: label smoothing and focal losses, with their gradients, of PyTorch and torchvision in float64.

Logits are exact in float32. "smoothing" is torch.nn.functional.cross_entropy; "sigmoid focal" is
torchvision.ops.sigmoid_focal_loss, whose mean the reference takes over the known labels; "softmax focal" is the formula of Lin
et al. 2017 on torch.log_softmax, differentiated by PyTorch, as torchvision has none for classes.
Run: python make_losses.py (torch 2.x, torchvision 0.x).
"""

import json
import math
import pathlib

import torch
import torchvision
from torch.nn.functional import cross_entropy, log_softmax
from torchvision.ops import sigmoid_focal_loss

NAN = math.nan


def case(name, logits, labels, loss, **options):
    x = torch.tensor(logits, dtype=torch.float32).double().requires_grad_()
    value = loss(x)
    value.backward()
    labels = [[None if math.isnan(v) else v for v in row] if isinstance(row, list) else row for row in labels]
    return {"name": name, "logits": logits, "labels": labels, "options": options, "loss": value.item(), "gradient": x.grad.tolist()}


def smoothing(name, logits, labels, labelSmoothing, classWeights=None):
    weight = None if classWeights is None else torch.tensor(classWeights, dtype=torch.float64)
    loss = lambda x: cross_entropy(x, torch.tensor(labels), weight=weight, label_smoothing=labelSmoothing)
    given = {} if classWeights is None else {"classWeights": classWeights}
    return case(name, logits, labels, loss, labelSmoothing=labelSmoothing, **given)


def softmax_focal(name, logits, labels, gamma, classWeights=None):
    y = torch.tensor(labels)

    def loss(x):
        log_p = log_softmax(x, 1)
        own = log_p.gather(1, y[:, None])[:, 0]
        # 1 - p as the sum of the others, since 1 - exp(log p) has no digits left near p = 1
        rest = torch.where(torch.nn.functional.one_hot(y, x.shape[1]).bool(), 0.0, log_p.exp()).sum(1)
        w = torch.ones(len(labels), dtype=torch.float64) if classWeights is None else torch.tensor(classWeights, dtype=torch.float64)[y]
        return -(w * rest ** gamma * own).sum() / w.sum()

    given = {} if classWeights is None else {"classWeights": classWeights}
    return case(name, logits, labels, loss, gamma=gamma, **given)


def sigmoid_focal(name, logits, labels, gamma, alpha=None):
    y = torch.tensor(labels, dtype=torch.float64)
    known = y >= 0

    def loss(x):
        each = sigmoid_focal_loss(x, torch.where(known, y, 0.0), alpha=-1 if alpha is None else alpha, gamma=gamma)
        return each[known].mean()

    given = {} if alpha is None else {"alpha": alpha}
    return case(name, logits, labels, loss, gamma=gamma, **given)


torch.manual_seed(18)
logits = (torch.randn(6, 4, dtype=torch.float64) * 3).float().tolist()
classes = [0, 3, 1, 2, 3, 0]
weights = [0.25, 1.0, 2.5, 10.0]
findings = [[1.0, 0.0, 0.0, 1.0], [0.0, NAN, 1.0, 0.0], [-1.0, 0.0, 1.0, 1.0], [1.0] * 4, [0.0] * 4, [NAN, NAN, 0.0, 1.0]]
certain = [[12.0, -3.0], [-3.0, 12.0], [9.0, 9.5]]

target = pathlib.Path(__file__).with_name("losses.json")
target.write_text(
    json.dumps(
        {
            "origin": f"PyTorch {torch.__version__} and torchvision {torchvision.__version__}, made by make_losses.py",
            "smoothing": [
                smoothing("of a tenth", logits, classes, 0.1),
                smoothing("with class weights", logits, classes, 0.3, weights),
            ],
            "softmaxFocal": [
                softmax_focal("gamma 2", logits, classes, 2.0),
                softmax_focal("gamma 0.5 with class weights", logits, classes, 0.5, weights),
                softmax_focal("gamma 0, which is cross-entropy", logits, classes, 0.0),
                softmax_focal("two classes, p near 1 and 0", certain, [0, 0, 1], 2.0),
            ],
            "sigmoidFocal": [
                sigmoid_focal("gamma 2", logits, findings, 2.0),
                sigmoid_focal("gamma 1.5 and alpha 0.25", logits, findings, 1.5, 0.25),
                sigmoid_focal("gamma 0, which is cross-entropy", logits, findings, 0.0),
                sigmoid_focal("p near 1 and 0", certain, [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], 2.0),
            ],
        },
        separators=(",", ":"),
    )
    + "\n"
)
