"""Makes src/test/resources/oracle/permutations.txt with PyTorch 2.7.1: python permutations.py > ...

Each line: n, seed, the permutation's first numbers (at most 20), and of all of it the sum of
(i + 1) * p[i] modulo 2**63.
"""

import torch

for n in (0, 1, 2, 7, 150, 569, 100_003):
    for seed in (0, 1, 42, 2**31 - 1, 2**31, 2**31 + 5, 2**32 - 1, 2**32 + 7, 2**40 + 3, 2**63 - 1):
        p = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).tolist()
        digest = sum((i + 1) * v for i, v in enumerate(p)) % 2**63
        print(n, seed, ",".join(map(str, p[:20])) or "-", digest)
