"""The stories. Each is a function of a `Stage`; it fails when a screen does not show what it should."""

ALL = []


def story(weight=1, sizes=None):
    """`weight`: roughly how long it takes. `sizes`: of its terminal; else every story plays at both."""
    def add(function):
        function.weight, function.sizes = weight, sizes
        ALL.append(function)
        return function
    return add


from tales import calling, crowd, leaving, listening, typing  # noqa: E402,F401  (each adds its own)
