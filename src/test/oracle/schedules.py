"""Learning rates that PyTorch's schedulers compute, for many settings: src/test/resources/oracle/schedules.json.

Each setting has an optimizer and a scheduler as a specification has them, the rates of its groups, how many epochs
and steps, a metric for each epoch, and what PyTorch made of it: for each step() and each group the learning rate,
and the momentum where it is cycled, as big-endian doubles in Base64.

Usage, with torch 2.7.1: python src/test/oracle/schedules.py
"""
import base64
import json
import pathlib
import random
import struct
import warnings

import vocabulary
import torch

FILE = pathlib.Path(__file__).resolve().parents[1] / "resources/oracle/schedules.json"
STEPS = 40


def settings(rng):
    """(scheduler, has a momentum to cycle)"""
    def real(low, high):
        return round(rng.uniform(low, high), rng.choice([1, 2, 3, 6])) or high

    def simple():
        return rng.choice([
            lambda: {"type": "StepLR", "step_size": rng.randint(1, 9), "gamma": real(0.1, 1.2)},
            lambda: {"type": "MultiStepLR", "milestones": [rng.randint(1, 30) for _ in range(rng.randint(1, 6))], "gamma": real(0.1, 0.9)},
            lambda: {"type": "ConstantLR", "factor": real(0.05, 1), "total_iters": rng.randint(1, 20)},
            lambda: {"type": "LinearLR", "start_factor": real(0.05, 1), "end_factor": real(0.05, 1), "total_iters": rng.randint(1, 30)},
            lambda: {"type": "ExponentialLR", "gamma": real(0.5, 1.1)},
            lambda: {"type": "PolynomialLR", "total_iters": rng.randint(1, 45), "power": real(0.2, 3)},
            lambda: {"type": "CosineAnnealingLR", "T_max": rng.randint(1, 50), "eta_min": rng.choice([0, real(0.0001, 0.01)])},
            lambda: {"type": "CosineAnnealingWarmRestarts", "T_0": rng.randint(1, 12), "T_mult": rng.randint(1, 3), "eta_min": rng.choice([0, real(0.0001, 0.01)])},
            lambda: {"type": "LambdaLR", "factors": [real(0.01, 2) for _ in range(rng.randint(1, 50))]},
            lambda: {"type": "OneCycleLR", "max_lr": real(0.1, 2), "total_steps": rng.randint(STEPS + 5, 90), "pct_start": real(0.1, 0.4),
                     "anneal_strategy": rng.choice(["cos", "linear"]), "cycle_momentum": rng.random() < 0.7, "div_factor": real(2, 40),
                     "final_div_factor": real(10, 10000), "three_phase": rng.random() < 0.4},
            lambda: {"type": "CyclicLR", "base_lr": real(0.001, 0.05), "max_lr": real(0.1, 1), "step_size_up": rng.randint(1, 11),
                     "step_size_down": rng.randint(1, 11), "mode": rng.choice(["triangular", "triangular2", "exp_range"]), "gamma": real(0.8, 0.999),
                     "cycle_momentum": rng.random() < 0.7},
        ])()

    for _ in range(110):
        yield simple()
    for _ in range(25):
        yield {"type": "ReduceLROnPlateau", "metric": "train_loss", "mode": rng.choice(["min", "max"]), "factor": real(0.1, 0.9),
               "patience": rng.randint(0, 4), "threshold": real(0.0001, 0.1), "threshold_mode": rng.choice(["rel", "abs"]),
               "cooldown": rng.randint(0, 3), "min_lr": rng.choice([0, real(0.0001, 0.01)]), "eps": rng.choice([1e-8, 0.001])}
    for _ in range(40):
        parts = [simple() for _ in range(rng.randint(1, 4))]
        yield {"type": "SequentialLR", "schedulers": parts, "milestones": sorted(rng.sample(range(1, STEPS), len(parts) - 1))}


def encoded(values):
    return base64.b64encode(struct.pack(f">{len(values)}d", *values)).decode()


def rates(setting):
    model = torch.nn.Linear(2, 2)
    kind, arguments = vocabulary.named(setting["optimizer"])
    groups = [{"params": [p], "lr": lr} for p, lr in zip(model.parameters(), setting["lr"])]
    optimizer = getattr(torch.optim, kind)(groups, **arguments)
    scheduler = vocabulary.one_scheduler(setting["scheduler"], optimizer, STEPS)
    values = []
    for metric in setting["metrics"]:
        values += vocabulary.rates_of(optimizer, scheduler)
        optimizer.step()
        plateau = isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau)
        scheduler.step(metric) if plateau else scheduler.step()
    return encoded(values)


def main():
    warnings.simplefilter("ignore")
    rng = random.Random(7)
    made = []
    for scheduler in settings(rng):
        groups = rng.randint(1, 2)
        setting = {
            "optimizer": rng.choice(["SGD", "AdamW"]),
            "lr": [round(rng.uniform(0.001, 1), 4) for _ in range(groups)],
            "scheduler": scheduler,
            "metrics": [round(rng.uniform(0.5, 1), 3) for _ in range(STEPS)],
        }
        try:
            setting["rates"] = rates(setting)
        except ZeroDivisionError:
            continue
        made.append(setting)
    FILE.write_text("[\n" + ",\n".join(json.dumps(setting) for setting in made) + "\n]\n")
    print(len(made), "settings")


if __name__ == "__main__":
    main()
