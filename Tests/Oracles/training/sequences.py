"""Log-probabilities of answers, one sequence at a time and unpadded."""


def answer_log_probabilities(network, prompt, answer):
    """A tensor: the log-probability of each answer token, given the prompt and the answer before it."""
    import torch

    logits = network(torch.tensor([prompt + answer])).logits[0, len(prompt) - 1:-1]
    return torch.log_softmax(logits, dim=-1).gather(1, torch.tensor(answer)[:, None])[:, 0]


def answer_sum(network, prompt, answer):
    return answer_log_probabilities(network, prompt, answer).sum()
