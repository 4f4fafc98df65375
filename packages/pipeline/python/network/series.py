class Series(Network):
    """The attention module in series: x + NAM(x), or NAM(x) alone."""

    def __init__(self, classes, nam_at, encoder_stages, series_mode, attention, **options):
        super().__init__(**options)
        self.at = self.encoders(encoder_stages)[int(nam_at[1]) - 1] if nam_at[0] == 'e' else nam_at
        self.series_mode = series_mode
        self.nam = Attention(self.channels[self.at], **attention)
        self.add_classifier(classes, self.channels.get('conv5') or self.channels['layer4.1'])

    def after(self, name, x):
        if name != self.at:
            return x
        return self.nam(x) if self.series_mode == 'replace' else x + self.nam(x)
