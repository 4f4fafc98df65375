class Plain(Network):
    """The backbone alone."""

    def __init__(self, classes, **options):
        super().__init__(**options)
        self.add_classifier(classes, self.channels.get('conv5') or self.channels['layer4.1'])
