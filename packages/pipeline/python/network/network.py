class Network(Backbone):
    """The backbone with room for more after each step, and a linear classifier on the last map."""

    def __init__(self, head='gap', input_size=None, **backbone):
        super().__init__(**backbone)
        self.flatten, self.input_size = head == 'flatten', input_size

    def add_classifier(self, classes, channels):
        inputs = channels
        if self.flatten:
            self.eval()
            with torch.no_grad():
                inputs = self.features(torch.zeros(1, 3, *self.input_size)).numel()
        self.fc = nn.Linear(inputs, classes)

    def after(self, name, x):
        """What follows a step; variations add to it."""
        return x

    def features(self, x):
        for name, step in self.steps():
            x = self.after(name, step(x))
        return x

    def forward(self, x):
        x = self.features(x)
        return self.fc(x.flatten(1) if self.flatten else x.mean((2, 3)))
