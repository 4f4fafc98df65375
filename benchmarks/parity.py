"""The PyTorch side of parity.mjs, which runs it twice:

    parity.py write FOLDER [PATTERN]   weight files with random weights, inputs, and what PyTorch makes of them
    parity.py check FOLDER [PATTERN]   loads the files that our side wrote (strict) and compares weights and logits

PATTERN chooses cases by a part of their title. Files come from torch.save (zip and older form), timm and transformers.
"""

import copy
import json
import os
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from safetensors.torch import load_file, save_file

from models import NAMES, SHUFFLENETS, build

command, folder, *rest = sys.argv[1:]
pattern = rest[0] if rest else ''
torch.set_num_threads(int(os.environ.get('THREADS', '2')))

LARGE = [(224, 224), (386, 386), (200, 300)]
SMALL = [(97, 130)]
STEPS = 4
LABELS = torch.tensor([0, 1])


def option_cases():
    """(our name, our options): every option that changes the network, one at a time."""
    attention = [dict(namAt='conv1'), dict(mode='gaussian'), dict(mode='dot'), dict(mode='concat'), dict(scale='inverse-sqrt'), dict(residual='add'), dict(residual='gamma'), dict(subSample='input'), dict(subSample='projection')]
    fusion = [dict(namAt='stem'), dict(taps='stem'), dict(fusion=['bilinear', 'max']), dict(pools='plain'), dict(head='flatten', inputSize=[97, 130])]
    for backbone in ('resnet18', 'shufflenetv2'):
        for options in attention + fusion:
            yield f'{backbone}-nla', options
        for options in [dict(seriesMode='replace'), dict(namAt='conv1'), dict(namAt='e3', residual='add')]:
            yield f'{backbone}-nam', options
    yield 'shufflenetv2-nla', dict(taps='conv5', namAt='e4')
    yield 'resnet18-nam-db', dict(fusion=['max'])
    for options in [dict(pairwise='gaussian'), dict(pairwise='dot'), dict(pairwise='concat'), dict(scale='inverse-sqrt'), dict(subSample='input'), dict(subSample='projection'), dict(placement=['layer3.0']), dict(placement=['layer1.1', 'layer4.1'], batchNorm=False)]:
        yield 'resnet18-nonlocal', options
    yield 'resnet18-ccnet', dict(ccnet='inline', recurrence=3)
    yield 'resnet18-ccnet', dict(recurrence=1, dropout=0)
    yield 'resnet18-se', dict(useBias=False, reduction=8)
    yield 'resnet18-cbam', dict(reduction=8)


def cases():
    """(title, our name, our options, makes the PyTorch model, classes, sizes); models are made when they are wanted."""
    listed = [('torchvision resnet18', 'resnet18', {}, torchvision.models.resnet18, 1000, LARGE)]
    for width, name in SHUFFLENETS.items():
        listed.append((f'torchvision {name}', 'shufflenetv2', dict(width=width), getattr(torchvision.models, name), 1000, LARGE))
    for name in NAMES:
        options = dict(dropout=0) if name.endswith('ccnet') else {}
        listed.append((name, name, options, lambda name=name, options=options: build(name, **options), 4, LARGE if name.endswith('-nla') else SMALL))
    for name, options in option_cases():
        ours = {key: value for key, value in options.items() if key != 'inputSize'}
        positions = dict(positions=4 * 5) if 'inputSize' in options else {}
        text = ' '.join(f'{key}={value}' for key, value in ours.items())
        listed.append((f'{name} {text}', name, options, lambda name=name, ours=ours, positions=positions: build(name, **ours, **positions), 4, SMALL))
    return [(index, case) for index, case in enumerate(listed) if pattern in case[0]]


def randomise(net, seed):
    """Weights as PyTorch starts them; statistics, scales and offsets moved away from 1 and 0, so that each counts."""
    generator = torch.Generator().manual_seed(seed)
    for key, value in net.state_dict().items():
        u = torch.rand(value.shape, generator=generator) * 2 - 1
        if key.endswith('running_mean'):
            value.copy_(0.1 * u)
        elif key.endswith('running_var'):
            value.copy_(1 + 0.25 * u)
        elif value.dim() == 1:
            value.copy_(1 + 0.2 * u if key.endswith('weight') else 0.1 * u)
    return net.eval()


def image(height, width):
    return torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(height * 1000 + width))


def logits(net, size):
    with torch.no_grad():
        return net(image(*size)).flatten().tolist()


def train(net, dtype):
    """Losses of some steps of Adam in training mode, and the gradients of the first, at the small size."""
    net = copy.deepcopy(net).to(dtype).train()
    x = image(*SMALL[0]).to(dtype)
    adam = torch.optim.Adam(net.parameters(), lr=2e-4, eps=1e-8)
    losses, gradients = [], {}
    for _ in range(STEPS):
        adam.zero_grad()
        loss = F.cross_entropy(net(x), LABELS)
        loss.backward()
        losses.append(float(loss.detach()))
        gradients = gradients or {key: parameter.grad.detach().clone() for key, parameter in net.named_parameters()}
        adam.step()
    return losses, gradients


def own_differences(net, losses, exact):
    """How far PyTorch's float32 is from its float64, as parity.mjs measures ours: the farther of its two memory layouts.

    Channels last adds in another order: where a ReLU input is near zero, it alone may end on the other side.
    """
    runs = [train(copy.deepcopy(net).to(memory_format=layout), torch.float32) for layout in (torch.contiguous_format, torch.channels_last)]
    return dict(
        loss=max(abs(losses[0] - own[0]) for own, _ in runs),
        last=max(abs(losses[-1] - own[-1]) for own, _ in runs),
        gradients=max(gradient_difference(gradients, exact) for _, gradients in runs),
    )


def gradient_difference(gradients, exact):
    """Of the worst weight, relative to its norm."""
    norms = {key: float(value.norm()) for key, value in exact.items()}
    return max(float((gradients[key].double() - value).norm()) / norms[key] for key, value in exact.items() if norms[key] > 1e-5 * max(norms.values()))


def hub_files(state, expected):
    """torchvision's resnet18 as users of two other libraries have it; only what is installed."""
    try:
        import timm

        net = timm.create_model('resnet18', pretrained=False)
        net.load_state_dict(state)
        save_file(net.state_dict(), f'{folder}/timm.safetensors')
        yield 'timm', 'timm.safetensors'
    except ImportError:
        print('timm is not installed: its file is left out', flush=True)
    try:
        from transformers import ResNetConfig, ResNetForImageClassification

        config = ResNetConfig(embedding_size=64, hidden_sizes=[64, 128, 256, 512], depths=[2, 2, 2, 2], layer_type='basic', num_labels=1000)
        net = ResNetForImageClassification(config).eval()
        net.load_state_dict(dict(zip(net.state_dict(), in_order_of_transformers(state), strict=True)))
        with torch.no_grad():
            assert torch.equal(net(image(*LARGE[0])).logits.flatten(), torch.tensor(expected)), 'transformers has another network'
        save_file(net.state_dict(), f'{folder}/transformers.safetensors')
        yield 'transformers', 'transformers.safetensors'
    except ImportError:
        print('transformers is not installed: its file is left out', flush=True)


def in_order_of_transformers(state):
    """Its state_dict has the order of torchvision's, but for a block's shortcut, which comes first."""
    places = {key: place for place, key in enumerate(state)}
    block = lambda key: '.'.join(key.split('.')[:2]) if key.startswith('layer') else key
    starts = {}
    for key, place in places.items():
        starts.setdefault(block(key), place)
    return [state[key] for key in sorted(state, key=lambda key: (starts[block(key)], 'downsample' not in key, places[key]))]


def write():
    listing = []
    for index, (title, name, options, make, classes, sizes) in cases():
        made = pathlib.Path(folder, f'{index}.json')
        if made.exists():
            listing.append(json.loads(made.read_text()))
            continue
        torch.manual_seed(index)
        net = randomise(make(), index)
        state = net.state_dict()
        losses, exact = train(net, torch.float64)
        save_file({key: value.float().contiguous() for key, value in exact.items()}, f'{folder}/{index}.gradients')
        torch.save(state, f'{folder}/{index}.pth')
        files = [('zip', f'{index}.pth')]
        if title.startswith('torchvision'):
            torch.save(state, f'{folder}/{index}.legacy.pth', _use_new_zipfile_serialization=False)
            files.append(('older form', f'{index}.legacy.pth'))
        found = {f'{height}x{width}': logits(net, (height, width)) for height, width in sizes}
        if title == 'torchvision resnet18':
            files += hub_files(state, found['224x224'])
        listing.append(dict(index=index, title=title, name=name, options=options, classes=classes, files=files, logits=found, losses=losses, own=own_differences(net, losses, exact)))
        made.write_text(json.dumps(listing[-1]))
        print(f'PyTorch: {title}', flush=True)
    for height, width in LARGE + SMALL:
        np.ascontiguousarray(image(height, width).permute(0, 2, 3, 1).numpy()).tofile(f'{folder}/{height}x{width}.f32')
    with open(f'{folder}/cases.json', 'w') as file:
        json.dump(listing, file)


def check():
    results = {}
    for index, (title, _, _, make, _, sizes) in cases():
        ours = load_file(f'{folder}/{index}.safetensors')
        net = make()
        # num_batches_tracked counts steps and takes part in nothing; torchvision's loader forgives its absence.
        net.load_state_dict(ours, strict=True)
        expected = torch.load(f'{folder}/{index}.pth', weights_only=True)
        equal = all(torch.equal(ours[key], value) for key, value in expected.items() if not key.endswith('num_batches_tracked'))
        results[index] = dict(equal=equal, logits=logits(net.eval(), sizes[0]))
    with open(f'{folder}/checked.json', 'w') as file:
        json.dump(results, file)


dict(write=write, check=check)[command]()
