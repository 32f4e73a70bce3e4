"""gradients.json: exact LoRA gradients of the tiny models for one SFT row and one preference pair, FP32.

The policy is the model with the adapter on, the reference the same model with it off. Each sequence runs by itself, unpadded.
"""

import generator
import lora
import output
import sequences
import tiny

RANK, ALPHA, SEED, B_AMPLITUDE, BETA, SMOOTHING = 4, 8, 7, 0.05, 0.1, 0.1


def pair_losses(chosen, rejected, lengths):
    """Loss by name, from the chosen and rejected policy log-probability sums less the reference's; see losses.py."""
    import torch.nn.functional as f

    delta = BETA * (chosen - rejected)
    mean = chosen / lengths[0] - rejected / lengths[1]
    straight, flipped = f.logsigmoid(delta), f.logsigmoid(-delta)
    return {
        "hinge": f.relu(1 - delta),
        "ipo": (mean - 1 / (2 * BETA)) ** 2,
        "sigmoid_norm": -f.logsigmoid(BETA * mean),
        "conservative": -(1 - SMOOTHING) * straight - SMOOTHING * flipped,
        "robust": (-(1 - SMOOTHING) * straight + SMOOTHING * flipped) / (1 - 2 * SMOOTHING),
    }


def pair_sums(network, prompt, chosen, rejected):
    """Policy and reference sums: chosen, rejected."""
    import torch

    policy = [sequences.answer_sum(network, prompt, answer) for answer in (chosen, rejected)]
    with torch.no_grad(), network.disable_adapter():
        reference = [sequences.answer_sum(network, prompt, answer) for answer in (chosen, rejected)]
    return policy, reference


def kto_rows(trial, seed, high):
    return [{"prompt": generator.tokens(f"kto.{trial}.prompt.{index}", seed, 8 + index, 0, high),
             "completion": generator.tokens(f"kto.{trial}.completion.{index}", seed, 4 + index, 0, high),
             "label": index % 2 == 0} for index in range(4)]


def kto_batch(network, rows):
    """TRL's KTO on four examples. The KL estimate pairs each prompt with the completion of the example before it."""
    import torch

    mismatched = [rows[index - 1]["completion"] for index in range(4)]
    with torch.no_grad():
        kl_policy = [sequences.answer_sum(network, row["prompt"], other) for row, other in zip(rows, mismatched)]
        with network.disable_adapter():
            kl_reference = [sequences.answer_sum(network, row["prompt"], other) for row, other in zip(rows, mismatched)]
            reference = [sequences.answer_sum(network, row["prompt"], row["completion"]) for row in rows]
    policy = [sequences.answer_sum(network, row["prompt"], row["completion"]) for row in rows]
    kl = (torch.stack(kl_policy) - torch.stack(kl_reference)).mean().clamp(min=0)
    losses = []
    for row, one, other in zip(rows, policy, reference):
        ratio = one - other
        losses.append(1 - torch.sigmoid(BETA * (ratio - kl) if row["label"] else BETA * (kl - ratio)))
    loss = torch.stack(losses).mean()
    return loss, {"beta": BETA, "rows": rows, "policy": policy, "reference": reference, "kl_policy": kl_policy,
                  "kl_reference": kl_reference, "kl": kl}


def record():
    import torch

    result = {}
    for name in tiny.MODELS:
        model = tiny.spec(name)
        network = lora.attach(tiny.load(model), model, RANK, ALPHA, SEED, B_AMPLITUDE)
        seed, high = model["seed"], model["vocabulary"]

        def backward(loss):
            network.zero_grad()
            loss.backward()
            return lora.gradients(network, model)

        prompt, answer = generator.tokens("sft.prompt", seed, 9, 0, high), generator.tokens("sft.answer", seed, 8, 0, high)
        loss = -sequences.answer_log_probabilities(network, prompt, answer).mean()
        sft = {"prompt": prompt, "answer": answer, "loss": loss, "gradients": backward(loss)}

        prompt = generator.tokens("dpo.prompt", seed, 11, 0, high)
        chosen, rejected = generator.tokens("dpo.chosen", seed, 9, 0, high), generator.tokens("dpo.rejected", seed, 6, 0, high)

        def ratios():
            policy, reference = pair_sums(network, prompt, chosen, rejected)
            return policy, reference, [one - other for one, other in zip(policy, reference)]

        policy, reference, ratio = ratios()
        loss = -torch.nn.functional.logsigmoid(BETA * (ratio[0] - ratio[1]))
        dpo = {"prompt": prompt, "chosen": chosen, "rejected": rejected, "beta": BETA, "loss": loss,
               "policy": policy, "reference": reference, "gradients": backward(loss)}

        others = {}
        lengths = [len(chosen), len(rejected)]
        for kind in pair_losses(*ratio, lengths):
            loss = pair_losses(*ratios()[2], lengths)[kind]
            others[kind] = {"loss": loss, "gradients": lora.summary(backward(loss))}
        policy, _, ratio = ratios()
        loss = -torch.nn.functional.logsigmoid(BETA * (ratio[0] - ratio[1])) - policy[0] / lengths[0]
        others["sigmoid+sft"] = {"loss": loss, "gradients": lora.summary(backward(loss))}
        # The first rows whose KL estimate is well above 0, where it is clamped.
        trials = (kto_batch(network, kto_rows(trial, seed, high)) for trial in range(100))
        loss, kto = next((loss, kto) for loss, kto in trials if kto["kl"] > 0.3)
        kto |= {"loss": loss, "gradients": lora.summary(backward(loss))}
        result[name] = {"sft": sft, "dpo": dpo, "pair": others, "kto": kto}
    adapter = {"rank": RANK, "alpha": ALPHA, "seed": SEED, "b_amplitude": B_AMPLITUDE, "smoothing": SMOOTHING}
    output.save("gradients.json", {"adapter": adapter, "models": result}, depth=5)
