"""The one exception that carries a message meant for the reader."""


class UserError(ValueError):
    """A mistake that the reader can mend; its message is one sentence that says what to do.

    The command line prints the sentence and exits with status 2, without a traceback.
    """
