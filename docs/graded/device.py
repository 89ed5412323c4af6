"""``torch``, which puts its tensors on an accelerator where it finds one, else on the CPU.

Findings are of the CPU: they say so, and do not come here.
"""

import torch

if torch.cuda.is_available():
    torch.set_default_device("cuda")

__all__ = ["torch"]
