"""The line a bench prints for a figure."""

MISSED = " — goal missed"


def at_least(name: str, product: float, other: float, goal: float) -> str:
    """`name: other / product = ratio (goal ≥ …)`: how many times faster than another way the product must be."""
    ratio = other / product
    return f"{name}: {other:.2f} / {product:.2f} = {ratio:.0f} (goal ≥ {goal:g}){MISSED if ratio < goal else ''}"


def line(name: str, product: float, floor: float, goal: float) -> str:
    """`name: product / floor = ratio (goal)`."""
    ratio = product / floor
    return f"{name}: {product:.2f} / {floor:.2f} = {ratio:.2f} (goal {goal}){MISSED if ratio > goal else ''}"


def at_most(name: str, figure: float, goal: float) -> str:
    """`name: figure (goal ≤ …)`."""
    return f"{name}: {figure:.4g} (goal ≤ {goal:g}){MISSED if figure > goal else ''}"


def not_below(name: str, figure: float, goal: float) -> str:
    """`name: figure (goal ≥ …)`."""
    return f"{name}: {figure:.4g} (goal ≥ {goal:g}){MISSED if figure < goal else ''}"
