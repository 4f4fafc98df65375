def convolution(inputs, outputs, size, stride=1, groups=1):
    """A convolution and its normalization."""
    return [nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]


class ShuffleUnit(nn.Module):
    """A unit of ShuffleNetV2: two branches whose channels are interleaved."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        half = outputs // 2
        self.stride = stride
        if stride > 1:
            self.branch1 = nn.Sequential(
                *convolution(inputs, inputs, 3, stride, inputs), *convolution(inputs, half, 1), nn.ReLU())
        self.branch2 = nn.Sequential(
            *convolution(inputs if stride > 1 else half, half, 1), nn.ReLU(),
            *convolution(half, half, 3, stride, half), *convolution(half, half, 1), nn.ReLU())

    def forward(self, x):
        kept, changed = (self.branch1(x), x) if self.stride > 1 else x.chunk(2, 1)
        y = torch.stack([kept, self.branch2(changed)], 2)  # [B, half, 2, H, W]
        return y.flatten(1, 2)


class Backbone(nn.Module):
    """ShuffleNetV2 without its classifier, as steps with the names of torchvision."""

    def __init__(self, width=1):
        super().__init__()
        first, *stages, last = {
            0.5: [24, 48, 96, 192, 1024],
            1: [24, 116, 232, 464, 1024],
            1.5: [24, 176, 352, 704, 1024],
            2: [24, 244, 488, 976, 2048],
        }[width]
        self.conv1 = nn.Sequential(*convolution(3, first, 3, 2), nn.ReLU())
        self.channels = {'conv1': first, 'stem': first, 'conv5': last}
        inputs = first
        for stage, outputs, units in zip([2, 3, 4], stages, [4, 8, 4]):
            blocks = [ShuffleUnit(inputs if index == 0 else outputs, outputs, 2 if index == 0 else 1) for index in range(units)]
            self.add_module(f'stage{stage}', nn.Sequential(*blocks))
            self.channels.update({f'stage{stage}.{index}': outputs for index in range(units)})
            inputs = outputs
        self.conv5 = nn.Sequential(*convolution(inputs, last, 1), nn.ReLU())

    def steps(self):
        """Name and function of each step."""
        yield 'conv1', self.conv1
        yield 'stem', lambda x: F.max_pool2d(x, 3, 2, 1)
        for stage in ['stage2', 'stage3', 'stage4']:
            for index, block in enumerate(getattr(self, stage)):
                yield f'{stage}.{index}', block
        if hasattr(self, 'conv5'):
            yield 'conv5', self.conv5

    def encoders(self, stages):
        """The steps that are encoders 1 to 4."""
        return ['stem', 'stage2.3', 'stage3.7', 'conv5' if stages == 'conv5' else 'stage4.3']

    def remove_after(self, last):
        """Removes the parts after an encoder."""
        if last != 'conv5':
            del self.conv5
