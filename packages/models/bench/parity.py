"""The PyTorch side of parity.mjs, which runs it twice:

    parity.py write FOLDER REFERENCE   real .pth and .safetensors files with random weights, inputs, and their logits
    parity.py check FOLDER REFERENCE   loads the files that our side wrote (strict) and compares logits
"""
import copy, json, sys
command, folder, reference = sys.argv[1:4]
sys.path.insert(0, reference)
import numpy as np, torch, torchvision, torch.nn as nn, torch.nn.functional as F
from models import NAMES, build, base, nvcf, SE, SEBlock
from safetensors.torch import load_file, save_file

torch.set_num_threads(2)
SIZES = [(224, 224), (386, 386), (200, 300)]
SMALL = [(97, 130)]
tv = torchvision.models
flat = lambda y: y.flatten().double().tolist()
rows = lambda z: z.flatten(2).transpose(1, 2)

class Attend(nn.Module):
    """Every pairwise form of the specification's sections 3.1 and 4.3, written out."""
    def __init__(s, c, mode='softmax', scale=1, residual='none', subSample='none', values=None):
        super().__init__(); s.mode, s.scale, s.residual, s.sub = mode, scale, residual, subSample; d, e = max(1, c // 2), values or c
        if mode != 'gaussian': s.theta, s.phi = nn.Conv2d(c, d, 1), nn.Conv2d(c, d, 1)
        s.g = nn.Conv2d(c, e, 1)
        if mode == 'concat': s.concat = nn.Conv2d(2 * d, 1, 1, bias=False)
        if residual == 'gamma': s.gamma = nn.Parameter(torch.tensor([0.7]))
    def forward(s, x):
        pool = lambda z: F.max_pool2d(z, 2)
        source = pool(x) if s.sub == 'input' else x; after = pool if s.sub == 'projection' else (lambda z: z)
        q = x if s.mode == 'gaussian' else s.theta(x); k = after(source if s.mode == 'gaussian' else s.phi(source)); v = rows(after(s.g(source)))
        q, k = rows(q), rows(k); f = q @ k.transpose(1, 2) * (q.shape[-1] ** -0.5 if s.scale == 'inverse-sqrt' else 1)
        if s.mode in ('softmax', 'gaussian'): f = torch.softmax(f, -1)
        elif s.mode == 'dot': f = f / k.shape[1]
        else:
            w = s.concat.weight.flatten(); d = q.shape[-1]; f = F.relu((q @ w[:d])[:, :, None] + (k @ w[d:])[:, None, :]) / k.shape[1]
        y = (f @ v).transpose(1, 2).reshape(x.shape[0], -1, *x.shape[2:])
        return y if s.residual == 'none' else x + y if s.residual == 'add' else x + s.gamma * y

class Variant(nn.Module):
    """A backbone in steps, the attention module at any of them, in series or in parallel."""
    def __init__(s, kind, series=False, namAt='e1', taps='layers', fusion=('average', 'max', 'bilinear'), head='gap', seriesMode='add', size=None, k=4, **attention):
        super().__init__(); net = base(kind, k); resnet = kind == 'resnet18'
        blocks = ['layer1', 'layer2', 'layer3', 'layer4'] if resnet else ['stage2', 'stage3', 'stage4', 'conv5']
        encoders = ['maxpool'] + blocks[:3] if (taps == 'stem' or not resnet) else blocks
        if taps == 'conv5': encoders = encoders[:3] + ['conv5']
        names = ['conv1', 'bn1', 'relu', 'maxpool'] + blocks if resnet else ['conv1', 'maxpool'] + blocks
        if not series: names = names[:names.index(encoders[3]) + 1]
        for n in names: s.add_module(n, getattr(net, n))
        s.names, s.series, s.fusion, s.head, s.replace = names, series, fusion, head, seriesMode == 'replace'
        s.at = {'conv1': 'relu' if resnet else 'conv1', 'stem': 'maxpool'}.get(namAt) or encoders[int(namAt[1]) - 1]
        widths = dict(conv1=64, bn1=64, relu=64, maxpool=64, layer1=64, layer2=128, layer3=256, layer4=512) if resnet else dict(conv1=24, maxpool=24, stage2=116, stage3=232, stage4=464, conv5=1024)
        c = widths[s.at]; s.nam = Attend(c, **attention); features = widths[names[-1]] + (0 if series else len(fusion) * c)
        s.fc = nn.Linear(features * (size or 1), k)
    def forward(s, x):
        for n in s.names:
            x = getattr(s, n)(x)
            if n == s.at:
                y = s.nam(x)
                if s.series: x = y if s.replace else x + y
        if not s.series:
            hw = x.shape[2:]; f = dict(average=lambda: F.adaptive_avg_pool2d(y, hw), max=lambda: F.adaptive_max_pool2d(y, hw), bilinear=lambda: F.interpolate(y, size=hw, mode='bilinear', align_corners=False))
            x = torch.cat([x] + [f[o]() for o in s.fusion], 1)
        return s.fc(x.flatten(1) if s.head == 'flatten' else x.mean((2, 3)))

class Blocks(nn.Module):
    """Non-local blocks after chosen residual blocks."""
    def __init__(s, pairwise='embedded', placement=('layer2.1', 'layer3.1'), batchNorm=True, k=4, **attention):
        super().__init__(); net = base('resnet18', k); s.placement = placement
        for n, m in net.named_children():
            if n != 'avgpool': s.add_module(n, m)
        s.blocks = nn.Module()
        for p in placement:
            c = 64 * 2 ** (int(p[5]) - 1); b = Attend(c, mode=dict(embedded='softmax').get(pairwise, pairwise), values=c // 2, **attention); b.out = nn.Conv2d(c // 2, c, 1)
            if batchNorm: b.bn = nn.BatchNorm2d(c)
            parts = s.name(p).split('.'); s.add_module(parts[0], b) if len(parts) == 1 else s.add_module(parts[0], nn.ModuleDict({parts[1]: b}))
        del s.blocks
    def name(s, p): return 'nl' + p[5] + ('' if p.endswith('.1') else '.0')
    def forward(s, x):
        x = s.maxpool(s.relu(s.bn1(s.conv1(x))))
        for l in range(1, 5):
            for i, block in enumerate(getattr(s, f'layer{l}')):
                x = block(x); p = f'layer{l}.{i}'
                if p in s.placement:
                    b = s.get_submodule(s.name(p)); y = b.out(b(x)); x = x + (b.bn(y) if hasattr(b, 'bn') else y)
        return s.fc(s.layer4_mean(x))
    def layer4_mean(s, x): return x.mean((2, 3))

class Inline(nn.Module):
    def __init__(s, recurrence, k=4):
        from models import CrissCross
        super().__init__(); net = base('resnet18', k); s.recurrence = recurrence
        for n, m in net.named_children():
            if n not in ('avgpool',): s.add_module(n, m)
        s.cca = CrissCross(512)
    def forward(s, x):
        x = s.layer4(s.layer3(s.layer2(s.layer1(s.maxpool(s.relu(s.bn1(s.conv1(x))))))))
        for _ in range(s.recurrence): x = s.cca(x)
        return s.fc(x.mean((2, 3)))

class BareSE(SE):
    def __init__(s, c): super().__init__(c); s.fc1, s.fc2 = nn.Linear(c, c // 8, bias=False), nn.Linear(c // 8, c, bias=False)
class BareSEBlock(SEBlock): make = BareSE

def cases():
    """(file, our name, our options, PyTorch model, sizes)"""
    yield 'resnet18', 'resnet18', {}, tv.resnet18(), SIZES
    for width, make in ((0.5, tv.shufflenet_v2_x0_5), (1, tv.shufflenet_v2_x1_0), (1.5, tv.shufflenet_v2_x1_5), (2, tv.shufflenet_v2_x2_0)):
        yield f'shufflenetv2-x{width}', 'shufflenetv2', dict(width=width), make(), SIZES
    for name in NAMES: yield f'reference-{name}', name, dict(dropout=0) if name.endswith('ccnet') else {}, build(name, 4), SIZES if name in ('resnet18-nla', 'shufflenetv2-nla') else SMALL
    for kind in ('resnet18', 'shufflenetv2'):
        for o in [dict(namAt='conv1'), dict(namAt='stem'), dict(taps='stem'), dict(mode='gaussian'), dict(mode='dot'), dict(mode='concat'), dict(scale='inverse-sqrt'), dict(residual='add'), dict(residual='gamma'), dict(subSample='input'), dict(subSample='projection'), dict(fusion=['bilinear', 'max'])] + ([dict(taps='conv5', namAt='e4')] if kind != 'resnet18' else []):
            yield f'{kind}-nla {o}', f'{kind}-nla', o, Variant(kind, **o), SMALL
        yield f'{kind}-nla flatten', f'{kind}-nla', dict(head='flatten', inputSize=[97, 130]), Variant(kind, head='flatten', size=4 * 5), SMALL
        for o in [dict(seriesMode='replace'), dict(namAt='conv1'), dict(namAt='e3', residual='add')]: yield f'{kind}-nam {o}', f'{kind}-nam', o, Variant(kind, series=True, **o), SMALL
    for o in [dict(pairwise='gaussian'), dict(pairwise='dot'), dict(pairwise='concat'), dict(scale='inverse-sqrt'), dict(subSample='input'), dict(subSample='projection'), dict(placement=['layer3.0']), dict(placement=['layer1.1', 'layer4.1'], batchNorm=False)]:
        yield f'resnet18-nonlocal {o}', 'resnet18-nonlocal', o, Blocks(**o), SMALL
    yield 'resnet18-ccnet inline', 'resnet18-ccnet', dict(ccnet='inline', recurrence=3), Inline(3), SMALL
    yield 'resnet18-se bare', 'resnet18-se', dict(useBias=False, reduction=8), tv.resnet.ResNet(BareSEBlock, [2, 2, 2, 2], num_classes=4), SMALL

def randomise(net, seed):
    """Weights as PyTorch starts them; statistics, scales and offsets moved away from 1 and 0, so that each counts."""
    generator = torch.Generator().manual_seed(seed); u = lambda t: torch.rand(t.shape, generator=generator) * 2 - 1
    for key, value in net.state_dict().items():
        if key.endswith('running_mean'): value.copy_(0.1 * u(value))
        elif key.endswith('running_var'): value.copy_(1 + 0.25 * u(value))
        elif value.dim() == 1 and key.endswith('weight'): value.copy_(1 + 0.2 * u(value))
        elif value.dim() == 1: value.copy_(0.1 * u(value))
    return net.eval()

def image(h, w):
    return torch.randn(2, 3, h, w, generator=torch.Generator().manual_seed(h * 1000 + w))

def gradient_norms(net):
    """Of one training step's loss, in float64, at the small size."""
    net = copy.deepcopy(net).double().train(); F.cross_entropy(net(image(*SMALL[0]).double()), torch.tensor([0, 1])).backward()
    return {k: float(p.grad.norm()) for k, p in net.named_parameters()}

def write():
    listing = []
    for index, (file, name, options, net, sizes) in enumerate(cases()):
        torch.manual_seed(index); net = randomise(net, index); state = net.state_dict(); path = f'{index}.pth'
        torch.save(state, f'{folder}/{path}', _use_new_zipfile_serialization=index % 2 == 0)
        with torch.no_grad(): logits = {f'{h}x{w}': flat(net(image(h, w))) for h, w in sizes}
        listing.append(dict(case=file, name=name, options=options, classes=net.fc.out_features if hasattr(net, 'fc') else 4, file=path, format='zip' if index % 2 == 0 else 'legacy', logits=logits, gradients=gradient_norms(net)))
        if index == 0:
            import timm
            hub = timm.create_model('resnet18', pretrained=False); hub.load_state_dict(state); save_file(hub.state_dict(), f'{folder}/timm.safetensors')
            listing.append(dict(listing[0], case='resnet18 of timm', file='timm.safetensors', format='safetensors'))
    for h, w in SIZES + SMALL: np.ascontiguousarray(image(h, w).permute(0, 2, 3, 1).numpy()).tofile(f'{folder}/{h}x{w}.f32')
    json.dump(listing, open(f'{folder}/cases.json', 'w'))

def check():
    results = {}
    for index, (file, name, options, net, sizes) in enumerate(cases()):
        ours = load_file(f'{folder}/{index}.safetensors'); net.load_state_dict(ours, strict=True); net.eval(); (h, w) = sizes[0]
        expected = torch.load(f'{folder}/{index}.pth', weights_only=True)
        same = all(torch.equal(ours[k], v) for k, v in expected.items() if not k.endswith('num_batches_tracked'))
        with torch.no_grad(): results[file] = dict(strict=True, equal=same, logits=flat(net(image(h, w))))
    json.dump(results, open(f'{folder}/checked.json', 'w'))

dict(write=write, check=check)[command]()
