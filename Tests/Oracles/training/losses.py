"""losses.json: TRL's own loss code on tables of log-probability sums, FP64, with the derivatives that autograd gives.

The model is a stand-in that hands back chosen sums, spread evenly over the tokens.
"""

from collections import defaultdict
from types import SimpleNamespace

import output

# Policy chosen, policy rejected, reference chosen, reference rejected, chosen tokens, rejected tokens.
PAIRS = [
    (-12.5, -14.25, -13.0, -13.5, 8, 6),
    (-30.0, -28.0, -27.5, -29.0, 20, 25),
    (-5.0, -60.0, -9.0, -20.0, 3, 40),
    (-80.0, -10.0, -40.0, -12.0, 50, 5),
    (-10.0, -10.0, -10.0, -10.0, 7, 7),
    (-3.0, -900.0, -400.0, -5.0, 2, 300),
]
PAIR_LOSSES = [  # name, beta, label smoothing, TRL loss types, their weights
    ("sigmoid", 0.1, 0.0, ["sigmoid"], None), ("sigmoid", 0.5, 0.0, ["sigmoid"], None),
    ("hinge", 0.1, 0.0, ["hinge"], None), ("ipo", 0.1, 0.0, ["ipo"], None),
    ("sigmoid_norm", 0.1, 0.0, ["sigmoid_norm"], None), ("sigmoid_norm", 2.0, 0.0, ["sigmoid_norm"], None),
    # TRL ignores label smoothing in "sigmoid". With one pair "aot" is conservative DPO, the smoothed sigmoid.
    ("conservative", 0.1, 0.1, ["aot"], None), ("robust", 0.1, 0.1, ["robust"], None),
    ("sft", 0.1, 0.0, ["sft"], None), ("sigmoid+sft", 0.1, 0.0, ["sigmoid", "sft"], [1.0, 1.0]),
    ("apo_zero", 0.1, 0.0, ["apo_zero"], None), ("apo_down", 0.1, 0.0, ["apo_down"], None),
]
# Policy, reference, tokens, desirable.
KTO = [(-12.5, -13.0, 8, True), (-14.25, -13.5, 6, False), (-30.0, -27.5, 20, True), (-28.0, -29.0, 25, False),
       (-55.0, -20.0, 40, False)]
KTO_KL = [(-50.0, -52.0), (-41.0, -40.0), (-33.0, -35.5), (-60.0, -61.0), (-20.0, -20.5)]


class Accelerator:
    device = "cpu"

    def gather(self, value):
        return value

    gather_for_metrics = gather


def spread(sums, lengths):
    """Completion mask [rows, width + 1], whose first column is the prompt, and per-token log-probabilities [rows, width]."""
    import torch

    width = max(lengths)
    mask = torch.tensor([[0] + [1] * length + [0] * (width - length) for length in lengths])
    return mask, sums[:, None] / torch.tensor(lengths, dtype=sums.dtype)[:, None] * mask[:, 1:]


def stand_in(trainer, attributes, log_probabilities, mask):
    """The trainer's attributes that its loss reads, and the model that returns the log-probabilities."""
    import torch

    zeros = torch.zeros_like(log_probabilities)
    outputs = SimpleNamespace(log_probs=log_probabilities, entropy=zeros, mean_logits=zeros, is_top1=zeros.bool())
    state = SimpleNamespace(
        model=SimpleNamespace(training=True), accelerator=Accelerator(), aux_loss_enabled=False, ld_alpha=None,
        precompute_ref_logps=True, _metrics={"train": defaultdict(list)}, _total_train_tokens=0, _tp_size=1, **attributes)
    batch = {"input_ids": torch.zeros_like(mask), "attention_mask": torch.ones_like(mask), "completion_mask": mask}
    return state, batch, lambda **_: outputs


def pair(rows, beta, smoothing, kinds, weights):
    """TRL's loss of a batch of pairs, and its derivatives by the policy sums."""
    import torch
    from trl import DPOTrainer

    sums = torch.tensor([row[0] for row in rows] + [row[1] for row in rows], dtype=torch.float64, requires_grad=True)
    mask, tokens = spread(sums, [row[4] for row in rows] + [row[5] for row in rows])
    state, batch, model = stand_in(DPOTrainer, dict(
        beta=beta, loss_types=kinds, loss_weights=weights or [1.0] * len(kinds), f_divergence_type="reverse_kl",
        label_smoothing=smoothing, use_weighting=False), tokens, mask)
    batch["ref_chosen_logps"] = torch.tensor([row[2] for row in rows], dtype=torch.float64)
    batch["ref_rejected_logps"] = torch.tensor([row[3] for row in rows], dtype=torch.float64)
    loss = DPOTrainer._compute_loss(state, model, batch, False)
    loss.backward()
    return loss.item(), sums.grad[:len(rows)].tolist(), sums.grad[len(rows):].tolist()


def kto(rows, kl_rows, beta, desirable, undesirable):
    """TRL's KTO loss of a batch, the KL estimate, and the derivatives by the policy sums."""
    import torch
    from trl import KTOTrainer

    sums = torch.tensor([row[0] for row in rows], dtype=torch.float64, requires_grad=True)
    mask, tokens = spread(sums, [row[2] for row in rows])
    kl_policy = torch.tensor([one[0] for one in kl_rows], dtype=torch.float64)
    state, batch, model = stand_in(KTOTrainer, dict(
        beta=beta, loss_type="kto", calculate_KL=True, desirable_weight=desirable, undesirable_weight=undesirable,
        _compute_kl_logps=lambda *_: kl_policy), tokens, mask)
    batch["label"] = torch.tensor([row[3] for row in rows])
    batch["ref_logps"] = torch.tensor([row[1] for row in rows], dtype=torch.float64)
    batch["ref_KL_logps"] = torch.tensor([one[1] for one in kl_rows], dtype=torch.float64)
    loss = KTOTrainer._compute_loss(state, model, batch, False)
    loss.backward()
    return loss.item(), state._metrics["train"]["kl"][-1], sums.grad.tolist()


def record():
    names = ("policy_chosen", "policy_rejected", "reference_chosen", "reference_rejected", "chosen_tokens", "rejected_tokens")
    tables = []
    for name, beta, smoothing, kinds, weights in PAIR_LOSSES:
        entry = {"loss": name, "beta": beta, "label_smoothing": smoothing, "trl_loss_type": kinds, "rows": []}
        for row in PAIRS:
            loss, chosen, rejected = pair([row], beta, smoothing, kinds, weights)
            entry["rows"].append({"loss": loss, "d_chosen": chosen[0], "d_rejected": rejected[0]})
        if kinds != ["aot"]:  # which sorts a batch
            loss, chosen, rejected = pair(PAIRS[:3], beta, smoothing, kinds, weights)
            entry["batch_of_first_3"] = {"loss": loss, "d_chosen": chosen, "d_rejected": rejected}
        tables.append(entry)
    kto_tables = []
    for title, rows, kl_rows, beta, desirable, undesirable in [
            ("plain", KTO, KTO_KL, 0.1, 1.0, 1.0), ("weighted", KTO, KTO_KL, 0.2, 1.5, 0.75),
            ("kl clamped at 0", KTO, [(one - 10, other) for one, other in KTO_KL], 0.1, 1.0, 1.0),
            ("desirable only", KTO[:1], KTO_KL[:1], 0.1, 1.0, 1.0)]:
        loss, kl, derivatives = kto(rows, kl_rows, beta, desirable, undesirable)
        kto_tables.append({
            "title": title, "beta": beta, "desirable_weight": desirable, "undesirable_weight": undesirable,
            "policy": [row[0] for row in rows], "reference": [row[1] for row in rows], "desirable": [row[3] for row in rows],
            "kl_policy": [one[0] for one in kl_rows], "kl_reference": [one[1] for one in kl_rows], "kl": kl, "loss": loss,
            "d_policy": derivatives})
    output.save("losses.json", {"pairs": [dict(zip(names, row)) for row in PAIRS], "tables": tables, "kto": kto_tables}, depth=4)
