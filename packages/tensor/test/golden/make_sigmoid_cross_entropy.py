"""Writes sigmoid_cross_entropy.json: loss and gradient of torch.nn.BCEWithLogitsLoss in float64.

Logits are exact in float32. Labels that are not known are -1 or null (NaN); the reference sums the loss over the known ones
and divides by their number. Run: python make_sigmoid_cross_entropy.py (torch 2.x).
"""

import json
import math
import pathlib

import torch

NAN = math.nan


def case(name, logits, labels, pos_weight=None, reduction="mean"):
    x = torch.tensor(logits, dtype=torch.float32).double().requires_grad_()
    y = torch.tensor(labels, dtype=torch.float64)
    known = y >= 0
    weight = None if pos_weight is None else torch.tensor(pos_weight, dtype=torch.float64)
    if known.all():
        loss = torch.nn.BCEWithLogitsLoss(pos_weight=weight, reduction=reduction)(x, y)
    else:
        each = torch.nn.BCEWithLogitsLoss(pos_weight=weight, reduction="none")(x, torch.where(known, y, 0.0))
        loss = each[known].sum() / (known.sum() if reduction == "mean" else 1)
    loss.backward()
    return {
        "name": name,
        "logits": x.tolist(),
        "labels": [[None if math.isnan(v) else v for v in row] for row in labels],
        "positiveWeights": pos_weight,
        "reduction": reduction,
        "loss": loss.item(),
        "gradient": x.grad.tolist(),
    }


torch.manual_seed(13)
random = (torch.randn(7, 5, dtype=torch.float64) * 3).float().tolist()
drawn = (torch.rand(7, 5) < 0.3).double().tolist()
soft = torch.rand(7, 5).tolist()
unknown = [[NAN if (i + j) % 4 == 0 else -1.0 if (i * j) % 5 == 3 else v for j, v in enumerate(row)] for i, row in enumerate(drawn)]
weights = [0.25, 1.0, 2.5, 10.0, 40.0]
steps = [0.0, 1e-3, -1e-3, 17.0, -17.0, 80.0, -80.0, 1e4, -1e4]
extreme = [[v, v] for v in steps]
truth = [[1.0, 0.0] for _ in steps]

cases = [
    case("random logits", random, drawn),
    case("positive weights", random, drawn, weights),
    case("sum with positive weights", random, drawn, weights, "sum"),
    case("soft labels", random, soft, weights),
    case("unknown labels", random, unknown, weights),
    case("sum of known labels", random, unknown, None, "sum"),
    case("one finding", [[0.5], [-1.5], [2.0]], [[1.0], [0.0], [NAN]]),
    case("logits of 80 and 10000", extreme, truth),
    case("logits of 80 and 10000 with positive weights", extreme, truth, [3.0, 0.5], "sum"),
]
target = pathlib.Path(__file__).with_name("sigmoid_cross_entropy.json")
target.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")) + "\n")
