"""Why something is not done with an appointment."""


class AppointRefused(Exception):
    """What was asked cannot be done; the text is a Russian sentence that says what to do, `field` is where."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
