"""Writes torch_recipes.json: optimizers with weight decay, gradient clipping, schedules and averaged weights of PyTorch in float64.

Weights of a kernel [2, 3] and of a bias [3] begin at sin(i + 1); the gradient of weight i at step t is
cos(3 i + t^2) 10^(i % 4 - 2). The bias does not decay unless "weightDecayOf" is "all". Run: python make_recipes.py (torch 2.x).
"""

import json
import math
import pathlib
import warnings

import torch

warnings.filterwarnings("ignore")
STEPS = 12


def trained(make, weight_decay=0.0, decay_all=False, clip=None, kernel_rate=1.0):
    start = torch.tensor([math.sin(i + 1) for i in range(9)], dtype=torch.float64)
    kernel = torch.nn.Parameter(start[:6].reshape(2, 3).clone())
    bias = torch.nn.Parameter(start[6:].clone())
    optimizer = make(
        [
            {"params": [kernel], "weight_decay": weight_decay},
            {"params": [bias], "weight_decay": weight_decay if decay_all else 0.0},
        ]
    )
    optimizer.param_groups[0]["lr"] *= kernel_rate
    after = []
    for t in range(STEPS):
        gradient = torch.tensor([math.cos(3 * i + t * t) * 10.0 ** (i % 4 - 2) for i in range(9)], dtype=torch.float64)
        kernel.grad, bias.grad = gradient[:6].reshape(2, 3).clone(), gradient[6:].clone()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_([kernel, bias], clip)
        optimizer.step()
        after.append(kernel.detach().flatten().tolist() + bias.detach().tolist())
    return after


def case(name, make, options, **how):
    return {
        "name": name,
        "options": options,
        "learningRate": 0.05,
        "kernelRate": how.get("kernel_rate", 1.0),
        "weights_after_each": trained(make, **how),
    }


adam = lambda groups: torch.optim.Adam(groups, lr=0.05)
adamw = lambda groups: torch.optim.AdamW(groups, lr=0.05)
sgd = lambda **options: lambda groups: torch.optim.SGD(groups, lr=0.05, **options)

optimizers = [
    case("Adam", adam, {}),
    case("Adam with weight decay", adam, {"weightDecay": 0.1}, weight_decay=0.1),
    case("Adam with weight decay of all", adam, {"weightDecay": 0.1, "weightDecayOf": "all"}, weight_decay=0.1, decay_all=True),
    case("AdamW with its default decay", adamw, {"optimizer": "adamw"}, weight_decay=0.01),
    case("AdamW with weight decay of all", adamw, {"optimizer": "adamw", "weightDecay": 0.3, "weightDecayOf": "all"}, weight_decay=0.3, decay_all=True),
    case("SGD", sgd(), {"optimizer": "sgd", "sgd": {"momentum": 0}}),
    case("SGD with momentum", sgd(momentum=0.9), {"optimizer": "sgd"}),
    case("SGD with Nesterov's momentum and weight decay", sgd(momentum=0.8, nesterov=True), {"optimizer": "sgd", "sgd": {"momentum": 0.8, "nesterov": True}, "weightDecay": 0.02}, weight_decay=0.02),
    case("SGD with clipped gradients", sgd(momentum=0.9), {"optimizer": "sgd", "clipNorm": 3}, clip=3.0),
    case("AdamW with clipped gradients", adamw, {"optimizer": "adamw", "weightDecay": 0, "clipNorm": 0.5}, clip=0.5),
    case("AdamW with a lower learning rate of the kernel", adamw, {"optimizer": "adamw", "weightDecay": 0.3, "clipNorm": 5}, weight_decay=0.3, clip=5.0, kernel_rate=0.25),
    case("SGD with a lower learning rate of the kernel", sgd(momentum=0.9), {"optimizer": "sgd", "weightDecay": 0.02}, weight_decay=0.02, kernel_rate=0.25),
]


def rates(make, steps):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=2e-4)
    schedule = make(optimizer)
    found = []
    for step in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step + 1 < steps:
            schedule.step()
    return found


S = torch.optim.lr_scheduler
one_cycle = lambda **options: lambda o: S.OneCycleLR(o, 2e-4, total_steps=40, cycle_momentum=False, **options)
# PyTorch's last rate is max_lr / div_factor / final_div_factor.
schedules = {
    "one_cycle": rates(one_cycle(final_div_factor=1e4), 40),
    "one_cycle_other": rates(one_cycle(pct_start=0.45, div_factor=10, final_div_factor=2), 40),
    "restarts": rates(lambda o: S.CosineAnnealingWarmRestarts(o, 8, 1, 0.0), 40),
    "restarts_longer": rates(lambda o: S.CosineAnnealingWarmRestarts(o, 4, 2, 2e-5), 40),
    "warm_restarts": rates(
        lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.25, 1.0, 8), S.CosineAnnealingWarmRestarts(o, 12, 1, 0.0)], [8]), 40
    ),
}

# timm's ModelEmaV2 begins with a copy of the weights; AveragedModel copies them at its first update.
values = lambda t: torch.tensor([math.sin(i + t) for i in range(3)], dtype=torch.float64)
model = torch.nn.Linear(1, 3).double()
model.bias.data = values(0)
averaged = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.8), use_buffers=True)
averaged.update_parameters(model)
average = []
for t in range(1, 6):
    model.bias.data = values(t)
    averaged.update_parameters(model)
    average.append(averaged.module.bias.tolist())

target = pathlib.Path(__file__).with_name("torch_recipes.json")
target.write_text(
    json.dumps(
        {
            "origin": f"PyTorch {torch.__version__} in float64, made by make_recipes.py; schedules of 5 epochs of 8 steps at 2e-4",
            "optimizers": optimizers,
            "schedules": schedules,
            "ema": {"decay": 0.8, "average_after_each": average},
        },
        indent=1,
    )
    + "\n"
)
