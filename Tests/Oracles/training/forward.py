"""forward.json: logits and log-probabilities of the tiny models, FP32."""

import generator
import output
import sequences
import tiny

LENGTHS = [5, 17, 40]


def record():
    import torch

    result = {}
    for name in tiny.MODELS:
        model = tiny.spec(name)
        network, seed, high = tiny.load(model), model["seed"], model["vocabulary"]
        plain = []
        for length in LENGTHS:
            ids = generator.tokens(f"forward.{length}", seed, length, 0, high)
            with torch.no_grad():
                logits = network(torch.tensor([ids])).logits[0]
            chosen = torch.log_softmax(logits[:-1], dim=-1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
            positions = sorted({0, length // 3, 2 * length // 3, length - 1})
            plain.append({"tokens": ids, "positions": positions, "logits": [logits[one] for one in positions],
                          "next_log_probabilities": chosen})
        prompt = generator.tokens("packed.prompt", seed, 11, 0, high)
        answers = []
        for index, length in enumerate([7, 5, 9]):
            answer = generator.tokens(f"packed.answer.{index}", seed, length, 0, high)
            with torch.no_grad():
                values = sequences.answer_log_probabilities(network, prompt, answer)
            answers.append({"tokens": answer, "log_probabilities": values})
        result[name] = {"sequences": plain, "packed": {"prompt": prompt, "answers": answers}}
    output.save("forward.json", {"models": result}, depth=5)
