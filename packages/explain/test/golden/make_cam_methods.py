"""Grad-CAM++, LayerCAM and HiResCAM from the package pytorch-grad-cam (`pip install torch grad-cam`), and attention maps with
the whole attention matrix: python make_cam_methods.py > cam_methods.json

Network and images are those of make_grad_cam.py; fill(n, a, b, s)[i] = sin(a*i + b) * s in PyTorch's layout, float64.
"""
import importlib.metadata, json
import numpy as np, torch
from pytorch_grad_cam import GradCAMPlusPlus, HiResCAM, LayerCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

torch.set_default_dtype(torch.float64)
fill = lambda shape, a, b, s: torch.from_numpy(np.sin(a * np.arange(np.prod(shape)) + b) * s).reshape(shape)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.fc = torch.nn.Conv2d(3, 6, 3, padding=1), torch.nn.Conv2d(6, 8, 3, stride=2, padding=1), torch.nn.Linear(8, 4)
        self.relu1, self.relu2 = torch.nn.ReLU(), torch.nn.ReLU()
        with torch.no_grad():
            for i, p in enumerate(self.parameters()): p.copy_(fill(tuple(p.shape), 0.7 + 0.1 * i, 0.3 * i, 0.4))

    def forward(self, x): return self.fc(self.relu2(self.second(self.relu1(self.first(x)))).mean((2, 3)))


net, H, W = Net().eval(), 13, 17
x = fill((2, 3, H, W), 0.37, 0.2, 1.5)
out = {'source': f'pytorch-grad-cam {importlib.metadata.version("grad-cam")}, torch {torch.__version__.split("+")[0]}, float64', 'cases': []}
for method, cam_class in (('gradcam++', GradCAMPlusPlus), ('layercam', LayerCAM), ('hirescam', HiResCAM)):
    for layers, classes in ((['second'], None), (['first'], [2, 0]), (['first', 'second'], [2, 0])):
        cam = cam_class(net, [{'first': net.relu1, 'second': net.relu2}[l] for l in layers])
        maps = cam(x, None if classes is None else [ClassifierOutputTarget(c) for c in classes])
        out['cases'].append({'method': method, 'layers': layers, 'classes': classes, 'maps': [[round(float(v), 7) for v in m.ravel()] for m in maps]})
print(json.dumps(out, separators=(',', ':')))
