"""Makes the golden files of this folder with PyTorch (2.15.0, CPU). Run: python make_golden.py"""
import json, math, warnings
import torch

warnings.filterwarnings('ignore')


def save(name, value):
    with open(name, 'w') as file:
        json.dump(value, file, indent=1)
        file.write('\n')


def rates(steps, make):
    weight = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.SGD([weight], lr=2e-4)
    schedule = make(optimizer)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        schedule.step()
    return found


S = torch.optim.lr_scheduler
warm = lambda o, main, steps, start: S.SequentialLR(o, [S.LinearLR(o, start, 1.0, steps), main], [steps])
save('torch_schedules.json', {
    'origin': 'torch.optim.lr_scheduler of PyTorch ' + torch.__version__ + ', stepped after each of the steps; base rate 2e-4, 5 epochs of 8 steps',
    'step': rates(40, lambda o: S.StepLR(o, 16, 0.3)),
    'cosine': rates(40, lambda o: S.CosineAnnealingLR(o, 40, 2e-5)),
    'linear': rates(40, lambda o: S.LinearLR(o, 1.0, 0.25, 40)),
    'warm_constant': rates(40, lambda o: warm(o, S.ConstantLR(o, 1.0, 1), 8, 0.1)),
    'warm_cosine': rates(40, lambda o: warm(o, S.CosineAnnealingLR(o, 36, 0.0), 4, 0.25)),
    'warm_step': rates(40, lambda o: warm(o, S.StepLR(o, 16, 0.5), 8, 0.5)),
})

# Adam on its own: 40 steps of irregular gradients in float64.
n = 6
weight = torch.nn.Parameter(torch.tensor([math.sin(i + 1) for i in range(n)], dtype=torch.float64))
optimizer = torch.optim.Adam([weight], lr=1e-2, betas=(0.8, 0.99), eps=1e-8)
after = []
for t in range(40):
    weight.grad = torch.tensor([math.cos(3 * i + t * t) * 10.0 ** (i - 4) for i in range(n)], dtype=torch.float64)
    optimizer.step()
    after.append(weight.detach().tolist())
save('torch_adam.json', {
    'origin': 'torch.optim.Adam of PyTorch ' + torch.__version__ + ' in float64; weight i begins at sin(i + 1), gradient of step t is cos(3 i + t^2) 10^(i - 4)',
    'options': {'learningRate': 1e-2, 'beta1': 0.8, 'beta2': 0.99, 'epsilon': 1e-8},
    'weights_after_each': after,
})

# A small network trained for three epochs on 10 samples in batches of 4, 4, 2, with and without class weights.
def value(i, j, k):
    return math.sin(1.0 + 0.7 * i + 1.3 * j + 2.1 * k)


def train(class_weights):
    hidden = torch.nn.Parameter(torch.tensor([[value(i, j, 0) * 0.3 for j in range(8)] for i in range(12)], dtype=torch.float64))
    bias = torch.nn.Parameter(torch.zeros(8, dtype=torch.float64))
    head = torch.nn.Parameter(torch.tensor([[value(i, j, 1) * 0.5 for j in range(3)] for i in range(8)], dtype=torch.float64))
    images = torch.tensor([[value(i, j, 2) for j in range(12)] for i in range(10)], dtype=torch.float64)
    labels = torch.tensor([(i * i + i // 3) % 3 for i in range(10)])
    weights = None if class_weights is None else torch.tensor(class_weights, dtype=torch.float64)
    optimizer = torch.optim.Adam([hidden, bias, head], lr=1e-2, eps=1e-8)
    losses = []
    for _ in range(3):
        for start in (0, 4, 8):
            optimizer.zero_grad()
            logits = torch.tanh(images[start:start + 4] @ hidden + bias) @ head
            loss = torch.nn.functional.cross_entropy(logits, labels[start:start + 4], weight=weights)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return {'losses': losses, 'hidden': hidden.detach().flatten().tolist(), 'head': head.detach().flatten().tolist()}


save('torch_training.json', {
    'origin': 'PyTorch ' + torch.__version__ + ' in float64; value(i, j, k) = sin(1 + 0.7 i + 1.3 j + 2.1 k); hidden [12, 8] = 0.3 value(., ., 0), head [8, 3] = 0.5 value(., ., 1), image i = value(i, ., 2), label i = (i^2 + floor(i / 3)) mod 3; tanh between; Adam 1e-2',
    'plain': train(None),
    'weighted': train([1.0, 2.5, 0.5]),
})
