"""Makes torch_findings.json with PyTorch (2.15.0, CPU, float64): several findings per image. Run: python make_findings.py

A small network is trained for three epochs on 10 images in batches of 4, 4, 2, with and without positive weights. Labels
of -1 are not known: the loss is the mean over the known labels of a batch.
"""
import json, math
import torch


def value(i, j, k):
    return math.sin(1.0 + 0.7 * i + 1.3 * j + 2.1 * k)


def grid(rows, columns, k, scale):
    return torch.tensor([[scale * value(i, j, k) for j in range(columns)] for i in range(rows)], dtype=torch.float64)


images = grid(10, 12, 2, 1.0)
labels = torch.tensor([[[1, 0, -1, 0, 1, 0, -1][(i * i + 2 * i * j + 3 * j) % 7] for j in range(3)] for i in range(10)], dtype=torch.float64)
labels[6] = -1  # nothing is known of one image


def step_loss(logits, targets, positive_weights):
    weights = None if positive_weights is None else torch.tensor(positive_weights, dtype=torch.float64)
    known = targets >= 0
    losses = torch.nn.BCEWithLogitsLoss(pos_weight=weights, reduction='none')(logits, targets.clamp(min=0))
    return (losses * known).sum() / known.sum()


def train(positive_weights):
    hidden = torch.nn.Parameter(grid(12, 8, 0, 0.3))
    bias = torch.nn.Parameter(torch.zeros(8, dtype=torch.float64))
    head = torch.nn.Parameter(grid(8, 3, 1, 0.5))
    optimizer = torch.optim.Adam([hidden, bias, head], lr=1e-2, eps=1e-8)
    losses, first = [], None
    for _ in range(3):
        for start in (0, 4, 8):
            optimizer.zero_grad()
            logits = torch.tanh(images[start:start + 4] @ hidden + bias) @ head
            loss = step_loss(logits, labels[start:start + 4], positive_weights)
            loss.backward()
            if first is None:
                first = {
                    'logits': logits.flatten().tolist(),
                    'loss': loss.item(),
                    'gradients': [weight.grad.flatten().tolist() for weight in (hidden, bias, head)],
                }
            optimizer.step()
            losses.append(loss.item())
    with torch.no_grad():
        logits = torch.tanh(images @ hidden + bias) @ head
    return {
        'firstStep': first,
        'losses': losses,
        'hidden': hidden.detach().flatten().tolist(),
        'head': head.detach().flatten().tolist(),
        'probabilities': torch.sigmoid(logits).flatten().tolist(),
        'validationLoss': step_loss(logits, labels, None).item(),
    }


with open('torch_findings.json', 'w') as file:
    json.dump({
        'origin': 'PyTorch ' + torch.__version__ + ' in float64, make_findings.py; the images and weights of torch_training.json',
        'labels': labels.int().flatten().tolist(),
        'plain': train(None),
        'weighted': train([1.0, 2.5, 0.5]),
    }, file, indent=1)
    file.write('\n')
