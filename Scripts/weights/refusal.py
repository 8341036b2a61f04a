class Refusal(Exception):
    """Why something cannot be done, and what to do about it; printed as it stands."""

    def __init__(self, place, reason, remedy):
        super().__init__(f"{place}: {reason} {remedy}")
