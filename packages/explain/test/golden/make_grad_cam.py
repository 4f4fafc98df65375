"""Grad-CAM numbers from the package pytorch-grad-cam (`pip install torch grad-cam scipy`): python make_grad_cam.py > grad_cam.json
Deletion and insertion as evaluation.py of eclique/RISE computes them, for any image size and in float64.
Weights and images are fill(n, a, b, s)[i] = sin(a*i + b) * s in PyTorch's layout, so that no weight file is needed."""
import importlib.metadata, json
import cv2, numpy as np, torch
from scipy.ndimage import gaussian_filter
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.image import show_cam_on_image
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
out = {'source': f'pytorch-grad-cam {importlib.metadata.version("grad-cam")}, torch {torch.__version__}', 'logits': net(x).tolist(), 'cases': []}
for layers in (['second'], ['first'], ['first', 'second']):
    for classes in (None, [2, 0]):
        cam = GradCAM(net, [{'first': net.relu1, 'second': net.relu2}[l] for l in layers])
        maps = cam(x, None if classes is None else [ClassifierOutputTarget(c) for c in classes])
        out['cases'].append({'layers': layers, 'classes': classes, 'maps': [[round(float(v), 7) for v in m.ravel()] for m in maps]})


def rise(image, saliency, c, mode, step):
    """CausalMetric.single_run: zeros for deletion, gkern(11, 5) for insertion, quick sort replaced by a stable one."""
    impulse = np.zeros((11, 11)); impulse[5, 5] = 1
    kernel = torch.zeros(3, 3, 11, 11); kernel[range(3), range(3)] = torch.from_numpy(gaussian_filter(impulse, 5))
    substrate = torch.zeros_like(image) if mode == 'deletion' else torch.nn.functional.conv2d(image, kernel, padding=5)
    start, finish = (image.clone(), substrate) if mode == 'deletion' else (substrate, image)
    order = np.argsort(-saliency.ravel(), kind='stable'); scores = []
    for i in range((H * W + step - 1) // step + 1):
        scores.append(float(torch.softmax(net(start), 1)[0, c]))
        coords = order[step * i:step * (i + 1)]
        start.view(1, 3, H * W)[0, :, coords] = finish.view(1, 3, H * W)[0, :, coords]
    scores = np.array(scores)
    return {'kind': mode, 'class': c, 'step': step, 'probabilities': scores.tolist(), 'area': float((scores.sum() - scores[0] / 2 - scores[-1] / 2) / (len(scores) - 1))}


saliency = np.abs(np.sin(np.arange(H * W) * 0.7)).astype(np.float32)
with torch.no_grad(): out['perturbation'] = [rise(x[:1], saliency, c, mode, step) for mode in ('deletion', 'insertion') for c, step in ((0, W), (2, H))]
image = ((np.arange(H * W * 3) * 37 + 11) % 256).astype(np.uint8).reshape(H, W, 3)
mask = np.abs(np.sin(np.arange(H * W) * 0.13)).astype(np.float32).reshape(H, W)
out['overlay'] = show_cam_on_image(image.astype(np.float32) / 255, mask, use_rgb=True).ravel().tolist()
out['jet'] = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_JET)[:, 0, ::-1].ravel().tolist()
print(json.dumps(out, separators=(',', ':')))
