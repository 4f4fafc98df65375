class NonLocalBlocks(Network):
    """x + bn(out(attention over x)) after chosen residual blocks."""

    def __init__(self, classes, placement, batch_norm, attention, **options):
        super().__init__(**options)
        self.blocks = {}
        # layer2.1 before layer2.0, whose block has the name nl2.0: a part of nl2.
        for position in sorted(placement, reverse=True):
            channels = self.channels[position]
            block = Attention(channels, value_channels=channels // 2, **attention)
            block.out = nn.Conv2d(channels // 2, channels, 1)
            if batch_norm:
                block.bn = nn.BatchNorm2d(channels)
            stage, index = position[5], position[7]
            name = f'nl{stage}'
            self.blocks[position] = name if index == '1' else f'{name}.0'
            if index == '1':
                self.add_module(name, block)
            else:
                if not hasattr(self, name):
                    self.add_module(name, nn.Module())
                self.get_submodule(name).add_module('0', block)
        self.add_classifier(classes, 512)

    def after(self, name, x):
        if name not in self.blocks:
            return x
        block = self.get_submodule(self.blocks[name])
        y = block.out(block(x))
        return x + (block.bn(y) if hasattr(block, 'bn') else y)
