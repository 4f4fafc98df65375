"""Grad-CAM of every model by the package pytorch-grad-cam: python make_grad_cam.py REFERENCE_FOLDER > grad_cam.json

REFERENCE_FOLDER holds models.py: PyTorch modules of the models with the state_dict names that this project's models have
(build, fill, noise_np), filled by formula as for models.json. In float64, so that the numbers are free of rounding.
A layer is named as in the TF.js models; a map that no module of PyTorch's has as its output is made one by an identity.
"""
import importlib.metadata, json, sys
sys.path.insert(0, sys.argv[1])
import torch, torch.nn as nn, torch.nn.functional as F
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
import models as reference
from models import NAMES, build, fill, noise_np

B, K, H, W = 2, 4, 64, 48
torch.manual_seed(0)


class Joined(nn.Module):
    """Net of the reference with the joined map as a module's output."""
    def __init__(self, net):
        super().__init__(); self.net, self.fused = net, nn.Identity()

    def forward(self, x):
        y, net = None, self.net
        for i, stage in enumerate(reference.stages(net, net.kind), 1):
            x = stage(x)
            if i == net.at: y = net.nam(x)
        size = x.shape[2:]
        joined = torch.cat([x, F.adaptive_avg_pool2d(y, size) if net.mode == 'db' else reference.nvcf(y, size)], 1)
        return net.fc(self.fused(joined).mean((2, 3)))


class CrissCross(nn.Module):
    """CCNet's head of the reference with its last activation as a module."""
    def __init__(self, net):
        super().__init__(); self.net, self.act = net, nn.LeakyReLU(0.01)

    def forward(self, x):
        net, head = self.net, self.net.head
        for stage in reference.stages(net, 'resnet18'): x = stage(x)
        leaky = lambda z: F.leaky_relu(z, 0.01)
        y = head.cca(head.cca(leaky(head.bna(head.conva(x))))); y = leaky(head.bnb(head.convb(y)))
        return head.fc(self.act(head.bn(head.conv(torch.cat([x, y], 1)))).mean((2, 3)))


def with_layers(name):
    """The network, and its target modules by the names of the TF.js layers, the default first (spec section 11)."""
    net = fill(build(name, K).double()).eval()
    if name.endswith(('-nla', '-nam-db')) or '@' in name:
        joined = Joined(net).eval()
        return joined, {'fused': joined.fused, 'e4': net.layer4[-1] if net.kind == 'resnet18' else net.stage4, 'nam': net.nam}
    if name.endswith('ccnet'):
        head = CrissCross(net).eval()
        return head, {'head.act': head.act, 'e4': net.layer4[-1]}
    layers = {'conv5.1': net.conv5, 'e4': net.stage4} if name.startswith('shufflenetv2') else {'e4': net.layer4[-1]}
    if name.endswith('-nam'): layers['nam'] = net.nam
    return net, layers


x = torch.from_numpy(noise_np('input', B * 3 * H * W)).reshape(B, 3, H, W) * 4 - 2
out = {'source': f'pytorch-grad-cam {importlib.metadata.version("grad-cam")}, torch {torch.__version__.split("+")[0]}, float64', 'batch': B, 'classes': K, 'height': H, 'width': W, 'models': {}}
for name in NAMES:
    net, layers = with_layers(name)
    plain = fill(build(name, K).double()).eval()
    assert torch.equal(net(x), plain(x)), name
    cases = [([layer], classes) for layer in layers for classes in (None, [3, 1])]
    if len(layers) > 1: cases.append((list(layers), [0, 2]))
    rows = []
    for chosen, classes in cases:
        maps = GradCAM(net, [layers[layer] for layer in chosen])(x, None if classes is None else [ClassifierOutputTarget(c) for c in classes])
        # every 4th pixel of both axes: enough to see any difference
        rows.append({'layers': chosen, 'classes': classes, 'maps': [[round(float(v), 6) for v in m[::4, ::4].ravel()] for m in maps]})
    out['models'][name] = {'layers': list(layers), 'logits': [[round(float(v), 6) for v in row] for row in net(x).tolist()], 'cases': rows}
    print(name, file=sys.stderr, flush=True)
print(json.dumps(out, separators=(',', ':')))
