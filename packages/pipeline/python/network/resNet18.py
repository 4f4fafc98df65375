class BasicBlock(nn.Module):
    """Two convolutions and a shortcut around them; `gate`, if given, weights the branch before the addition."""

    def __init__(self, inputs, outputs, stride, gate=None):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if gate is not None:
            self.att = gate(outputs)
        if stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if hasattr(self, 'att'):
            y = self.att(y)
        return F.relu(y + (self.downsample(x) if hasattr(self, 'downsample') else x))


class Backbone(nn.Module):
    """ResNet18 without its classifier, as steps with the names of torchvision."""

    def __init__(self, gate=None):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.channels = {'conv1': 64, 'stem': 64}
        inputs = 64
        for stage, outputs in enumerate([64, 128, 256, 512], 1):
            blocks = [BasicBlock(inputs, outputs, 1 if stage == 1 else 2, gate), BasicBlock(outputs, outputs, 1, gate)]
            self.add_module(f'layer{stage}', nn.Sequential(*blocks))
            self.channels.update({f'layer{stage}.0': outputs, f'layer{stage}.1': outputs})
            inputs = outputs

    def steps(self):
        """Name and function of each step."""
        yield 'conv1', lambda x: F.relu(self.bn1(self.conv1(x)))
        yield 'stem', lambda x: F.max_pool2d(x, 3, 2, 1)
        for stage in ['layer1', 'layer2', 'layer3', 'layer4']:
            for index, block in enumerate(getattr(self, stage, [])):
                yield f'{stage}.{index}', block

    def encoders(self, stages):
        """The steps that are encoders 1 to 4."""
        layers = ['layer1.1', 'layer2.1', 'layer3.1', 'layer4.1']
        return ['stem', *layers[:3]] if stages == 'stem' else layers

    def remove_after(self, last):
        """Removes the parts after an encoder."""
        if last == 'layer3.1':
            del self.layer4
