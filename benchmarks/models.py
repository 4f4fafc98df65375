"""Every model of the paper in PyTorch, with the names and options of the TypeScript packages.

Written from docs/specification.md (the sections are named below), so that parity.mjs compares two programs that share
nothing but that text. Weights have the names of torchvision and of our `weights.safetensors`.

packages/pipeline/python/network has the models a second time, from which `model.py` of a run is made. That is on purpose: this
file is the reference that the trained models are compared with, and stays independent of what is shipped. Change it only where
the specification changes; pytorch.mjs compares the shipped files with the trained models.

    build('resnet18-nla', classes=4, namAt='e2')
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torchvision.models.resnet import BasicBlock, ResNet

NAMES = ['resnet18', 'shufflenetv2', 'resnet18-se', 'resnet18-cbam', 'resnet18-nonlocal', 'resnet18-ccnet', 'resnet18-nam', 'resnet18-nam-db', 'resnet18-nla', 'resnet18-nla@e2', 'resnet18-nla@e3', 'resnet18-nla@e4', 'shufflenetv2-nam', 'shufflenetv2-nam-db', 'shufflenetv2-nla', 'resnet18-fusion', 'shufflenetv2-fusion']
SHUFFLENETS = {0.5: 'shufflenet_v2_x0_5', 1: 'shufflenet_v2_x1_0', 1.5: 'shufflenet_v2_x1_5', 2: 'shufflenet_v2_x2_0'}


def rows(x):
    """[B, C, H, W] -> [B, HW, C]"""
    return x.flatten(2).transpose(1, 2)


class Attention(nn.Module):
    """The non-local operation in all its forms (3.1, 4.3), with the whole matrix of weights."""

    def __init__(self, channels, mode='softmax', scale=1, residual='none', subSample='none', value_channels=None):
        super().__init__()
        self.mode, self.scale, self.residual, self.sub_sample = mode, scale, residual, subSample
        inner = max(1, channels // 2)
        if mode != 'gaussian':
            self.theta, self.phi = nn.Conv2d(channels, inner, 1), nn.Conv2d(channels, inner, 1)
        self.g = nn.Conv2d(channels, value_channels or channels, 1)
        if mode == 'concat':
            self.concat = nn.Conv2d(2 * inner, 1, 1, bias=False)
        if residual == 'gamma':
            self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        source = F.max_pool2d(x, 2) if self.sub_sample == 'input' else x
        after = (lambda map: F.max_pool2d(map, 2)) if self.sub_sample == 'projection' else (lambda map: map)
        queries = rows(x if self.mode == 'gaussian' else self.theta(x))
        keys = rows(after(source if self.mode == 'gaussian' else self.phi(source)))
        values = rows(after(self.g(source)))
        y = self.weights(queries, keys) @ values
        y = y.transpose(1, 2).reshape(x.shape[0], -1, *x.shape[2:])
        if self.residual == 'none':
            return y
        return x + (y if self.residual == 'add' else self.gamma * y)

    def weights(self, queries, keys):
        if self.mode == 'concat':
            for_queries, for_keys = self.concat.weight.flatten().chunk(2)
            return F.relu((queries @ for_queries)[:, :, None] + (keys @ for_keys)[:, None, :]) / keys.shape[1]
        scores = queries @ keys.transpose(1, 2) * (queries.shape[2] ** -0.5 if self.scale == 'inverse-sqrt' else 1)
        return scores / keys.shape[1] if self.mode == 'dot' else torch.softmax(scores, 2)


def fuse(y, size, fusion, pools):
    """The attention map at encoder 4's size by each operator (3.2, 5)."""
    kernel, stride = windows(y.shape[2:], size)
    average = F.adaptive_avg_pool2d(y, size) if pools == 'adaptive' else F.avg_pool2d(y, kernel, stride)
    most = F.adaptive_max_pool2d(y, size) if pools == 'adaptive' else F.max_pool2d(y, kernel, stride)
    found = dict(average=average, max=most, bilinear=F.interpolate(y, size=size, mode='bilinear', align_corners=False))
    return torch.cat([found[operator] for operator in fusion], 1)


def windows(source, target):
    stride = [n // o for n, o in zip(source, target)]
    return [n - (o - 1) * s for n, o, s in zip(source, target, stride)], stride


class Network(nn.Module):
    """A torchvision backbone whose parts keep their names, step by step; variations step in by position (2.5, 3.4)."""

    def __init__(self, backbone, head='gap', positions=None):
        super().__init__()
        for name, part in backbone.named_children():
            if name not in ('avgpool', 'fc'):
                self.add_module(name, part)
        self.resnet = hasattr(self, 'layer4')
        self.flatten, self.positions = head == 'flatten', positions

    def steps(self):
        if self.resnet:
            yield 'conv1', lambda x: self.relu(self.bn1(self.conv1(x)))
            yield 'stem', self.maxpool
            stages = ['layer1', 'layer2', 'layer3', 'layer4']
        else:
            yield 'conv1', self.conv1
            yield 'stem', self.maxpool
            stages = ['stage2', 'stage3', 'stage4']
        for stage in stages:
            for index, block in enumerate(getattr(self, stage)):
                yield f'{stage}.{index}', block
        if hasattr(self, 'conv5'):
            yield 'conv5', self.conv5

    def encoders(self, taps):
        if not self.resnet:
            return ['stem', 'stage2.3', 'stage3.7', 'conv5' if taps == 'conv5' else 'stage4.3']
        return ['stem', 'layer1.1', 'layer2.1', 'layer3.1'] if taps == 'stem' else ['layer1.1', 'layer2.1', 'layer3.1', 'layer4.1']

    def width(self, position):
        """Channels after a step, by running it on a small image."""
        x, training = torch.zeros(1, 3, 64, 64), self.training
        self.eval()
        with torch.no_grad():
            for name, step in self.steps():
                x = step(x)
                if name == position:
                    break
        self.train(training)
        return x.shape[1]

    def add_classifier(self, channels, classes):
        self.fc = nn.Linear(channels * (self.positions if self.flatten else 1), classes)

    def features(self, x):
        for position, step in self.steps():
            x = self.after(position, step(x))
        return x

    def after(self, position, x):
        return x

    def forward(self, x):
        x = self.features(x)
        return self.fc(x.flatten(1) if self.flatten else x.mean((2, 3)))


class Plain(Network):
    def __init__(self, backbone, classes, **options):
        super().__init__(backbone, **options)
        self.add_classifier(self.width('layer4.1' if self.resnet else 'conv5'), classes)


class Series(Network):
    """x <- x + NAM(x) on the way (3.4)."""

    def __init__(self, backbone, classes, namAt='e1', taps='layers', seriesMode='add', head='gap', positions=None, **attention):
        super().__init__(backbone, head, positions)
        self.at = self.encoders(taps)[int(namAt[1]) - 1] if namAt[0] == 'e' else namAt
        self.replace = seriesMode == 'replace'
        self.nam = Attention(self.width(self.at), **attention)
        self.add_classifier(self.width('layer4.1' if self.resnet else 'conv5'), classes)

    def after(self, position, x):
        if position != self.at:
            return x
        return self.nam(x) if self.replace else x + self.nam(x)


class EncoderFusion(Network):
    """An early map, brought to encoder 4's size and joined with it, as it is (our variant) or after a branch."""

    def __init__(self, backbone, classes, fusion, at, taps='layers', pools='adaptive', head='gap', positions=None, branch=None):
        super().__init__(backbone, head, positions)
        encoders = self.encoders(taps)
        self.at, self.last = encoders[int(at[1]) - 1] if at[0] == 'e' else at, encoders[3]
        self.fusion, self.pools = fusion, pools
        channels = self.width(self.at)
        if branch is not None:
            self.nam = branch(channels)
        self.add_classifier(self.width(self.last) + len(fusion) * channels, classes)
        # What comes after encoder 4 is no part of the model.
        if self.last != 'conv5' and not self.resnet:
            del self.conv5
        if self.last == 'layer3.1':
            del self.layer4

    def steps(self):
        for position, step in super().steps():
            yield position, step
            if position == getattr(self, 'last', None):
                return

    def features(self, x):
        for position, step in self.steps():
            x = step(x)
            if position == self.at:
                y = self.nam(x) if hasattr(self, 'nam') else x
        return torch.cat([x, fuse(y, x.shape[2:], self.fusion, self.pools)], 1)


class DualBranch(EncoderFusion):
    """Attention in parallel, brought to encoder 4's size and joined with it (3.2)."""

    def __init__(self, backbone, classes, fusion, namAt='e1', taps='layers', pools='adaptive', head='gap', positions=None, **attention):
        super().__init__(backbone, classes, fusion, namAt, taps, pools, head, positions, lambda channels: Attention(channels, **attention))


class SqueezeExcitation(nn.Module):
    """4.1"""

    def __init__(self, channels, reduction=16, useBias=True):
        super().__init__()
        hidden = channels // reduction
        self.fc1, self.fc2 = nn.Linear(channels, hidden, bias=useBias), nn.Linear(hidden, channels, bias=useBias)

    def forward(self, x):
        gate = torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3))))))
        return x * gate[:, :, None, None]


class BlockAttention(nn.Module):
    """CBAM (4.2)."""

    def __init__(self, channels, reduction=16):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(channels, channels // reduction), nn.Linear(channels // reduction, channels)
        self.conv = nn.Conv2d(2, 1, 7, padding=3, bias=False)
        self.bn = nn.BatchNorm2d(1, momentum=0.01)

    def forward(self, x):
        shared = lambda z: self.fc2(F.relu(self.fc1(z)))
        x = x * torch.sigmoid(shared(x.mean((2, 3))) + shared(x.amax((2, 3))))[:, :, None, None]
        summary = torch.cat([x.amax(1, keepdim=True), x.mean(1, keepdim=True)], 1)
        return x * torch.sigmoid(self.bn(self.conv(summary)))


def gated(gate, **options):
    """A residual block with a gate on its branch, before the addition."""

    class GatedBlock(BasicBlock):
        def __init__(self, *arguments, **keywords):
            super().__init__(*arguments, **keywords)
            self.att = gate(self.conv2.out_channels, **options)

        def forward(self, x):
            shortcut = x if self.downsample is None else self.downsample(x)
            y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
            return self.relu(self.att(y) + shortcut)

    return GatedBlock


class NonLocalBlocks(Network):
    """x + bn(out(attention over x)) after chosen residual blocks (4.3)."""

    def __init__(self, backbone, classes, pairwise='embedded', placement=('layer2.1', 'layer3.1'), batchNorm=True, head='gap', positions=None, **attention):
        super().__init__(backbone, head, positions)
        self.placement = placement
        for position in placement:
            channels = self.width(position)
            block = Attention(channels, mode='softmax' if pairwise == 'embedded' else pairwise, value_channels=channels // 2, **attention)
            block.out = nn.Conv2d(channels // 2, channels, 1)
            if batchNorm:
                block.bn = nn.BatchNorm2d(channels)
            self.add_block(self.block_name(position), block)
        self.add_classifier(512, classes)

    @staticmethod
    def block_name(position):
        return 'nl' + position[5] + ('' if position.endswith('.1') else '.0')

    def add_block(self, name, block):
        outer, *inner = name.split('.')
        self.add_module(outer, nn.ModuleDict({inner[0]: block}) if inner else block)

    def after(self, position, x):
        if position not in self.placement:
            return x
        block = self.get_submodule(self.block_name(position))
        y = block.out(block(x))
        return x + (block.bn(y) if hasattr(block, 'bn') else y)


class CrissCross(nn.Module):
    """Attention over each pixel's row and column, the pixel itself once (4.4)."""

    def __init__(self, channels):
        super().__init__()
        self.query, self.key, self.value = nn.Conv2d(channels, channels // 8, 1), nn.Conv2d(channels, channels // 8, 1), nn.Conv2d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        query, key, value = self.query(x), self.key(x), self.value(x)
        height = x.shape[2]
        along_column = torch.einsum('bcrx,bcgx->brxg', query, key)
        along_column = along_column.masked_fill(torch.eye(height, dtype=torch.bool)[None, :, None, :], -math.inf)
        along_row = torch.einsum('bcrx,bcru->brxu', query, key)
        weights = torch.softmax(torch.cat([along_column, along_row], 3), 3)
        y = torch.einsum('brxg,bcgx->bcrx', weights[..., :height], value) + torch.einsum('brxu,bcru->bcrx', weights[..., height:], value)
        return self.gamma * y + x


class CrissCrossHead(nn.Module):
    def __init__(self, channels, classes, recurrence, dropout):
        super().__init__()
        inner = channels // 4
        self.conva, self.bna = nn.Conv2d(channels, inner, 3, padding=1, bias=False), nn.BatchNorm2d(inner)
        self.cca, self.recurrence = CrissCross(inner), recurrence
        self.convb, self.bnb = nn.Conv2d(inner, inner, 3, padding=1, bias=False), nn.BatchNorm2d(inner)
        self.conv, self.bn = nn.Conv2d(channels + inner, 512, 3, padding=1, bias=False), nn.BatchNorm2d(512)
        self.dropout, self.fc = nn.Dropout2d(dropout), nn.Linear(512, classes)

    def forward(self, x):
        y = F.leaky_relu(self.bna(self.conva(x)), 0.01)
        for _ in range(self.recurrence):
            y = self.cca(y)
        y = F.leaky_relu(self.bnb(self.convb(y)), 0.01)
        y = F.leaky_relu(self.bn(self.conv(torch.cat([x, y], 1))), 0.01)
        return self.fc(self.dropout(y).mean((2, 3)))


class CrissCrossNetwork(Network):
    def __init__(self, backbone, classes, ccnet='head', recurrence=2, dropout=0.1, head='gap', positions=None):
        super().__init__(backbone, head, positions)
        self.recurrence = recurrence
        if ccnet == 'head':
            self.head = CrissCrossHead(512, classes, recurrence, dropout)
        else:
            self.cca = CrissCross(512)
            self.add_classifier(512, classes)

    def forward(self, x):
        if hasattr(self, 'head'):
            return self.head(self.features(x))
        return super().forward(x)

    def features(self, x):
        x = super().features(x)
        for _ in range(self.recurrence if hasattr(self, 'cca') else 0):
            x = self.cca(x)
        return x


def build(name, classes=4, width=1, **options):
    """A model by our name and options; `positions` (pixels of the last map) goes with head='flatten'."""
    name, _, encoder = name.partition('@')
    if encoder:
        options['namAt'] = encoder
    backbone, _, variation = name.partition('-')
    if variation in ('se', 'cbam'):
        own = {key: options.pop(key) for key in ('reduction', 'useBias') if key in options}
        block = gated(SqueezeExcitation if variation == 'se' else BlockAttention, **own)
        return Plain(ResNet(block, [2, 2, 2, 2], num_classes=classes), classes, **options)
    net = getattr(torchvision.models, 'resnet18' if backbone == 'resnet18' else SHUFFLENETS[width])(num_classes=classes)
    if variation in ('nam-db', 'nla'):
        return DualBranch(net, classes, **{'fusion': ['average'] if variation == 'nam-db' else ['average', 'max', 'bilinear'], **options})
    if variation == 'fusion':
        at = options.pop('fuseAt', 'e2')
        return EncoderFusion(net, classes, **{'fusion': ['average', 'max', 'bilinear'], 'at': at, **options})
    return {'': Plain, 'nam': Series, 'nonlocal': NonLocalBlocks, 'ccnet': CrissCrossNetwork}[variation](net, classes, **options)


def noise(name, count):
    """Numbers in [0, 1): mulberry32 seeded with the FNV-1a hash of the name, as `golden/models.json` is filled."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    mask = np.uint64(0xFFFFFFFF)
    a = (np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)) & mask
    t = ((a ^ (a >> np.uint64(15))) * (a | np.uint64(1))) & mask
    t = (t ^ ((t + (((t ^ (t >> np.uint64(7))) * (t | np.uint64(61))) & mask)) & mask)) & mask
    return ((t ^ (t >> np.uint64(14))) & mask).astype(np.float64) / 4294967296


def fill(model):
    """Weights and statistics from the noise of their names, so that no weight file is needed."""
    for key, value in model.state_dict().items():
        if key.endswith('num_batches_tracked'):
            continue
        u = torch.from_numpy(noise(key, value.numel())).reshape(value.shape).to(value.dtype) * 2 - 1
        if key.endswith('running_mean'):
            value.copy_(0.1 * u)
        elif key.endswith('running_var'):
            value.copy_(1 + 0.25 * u)
        elif value.dim() == 1 and key.endswith('weight'):
            value.copy_(1 + 0.2 * u)
        elif value.dim() <= 1:
            value.copy_(0.1 * u)
        else:
            value.copy_(u * math.sqrt(3 / value[0].numel()))
    return model
