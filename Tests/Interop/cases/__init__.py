"""The interop cases, in the order in which they run. A case is a function that is given a stage."""

ALL = {}


def case(function):
    """Registers the function under its name, with dashes."""
    ALL[function.__name__.replace("_", "-")] = function
    return function


from cases import peers, kamailio, sipp, sessions, soft_state, sandbox  # noqa: E402,F401  (each registers its cases)
