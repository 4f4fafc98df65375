class DualBranch(EncoderFusion):
    """The attention module in parallel: its map is brought to the size of encoder 4 and joined with it."""

    def __init__(self, nam_at, attention, **options):
        super().__init__(at=nam_at, branch=lambda channels: Attention(channels, **attention), **options)
