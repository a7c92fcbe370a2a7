"""The line a bench prints for a figure."""

MISSED = " — goal missed"


def line(name: str, product: float, floor: float, goal: float) -> str:
    """`name: product / floor = ratio (goal)`."""
    ratio = product / floor
    return f"{name}: {product:.2f} / {floor:.2f} = {ratio:.2f} (goal {goal}){MISSED if ratio > goal else ''}"
