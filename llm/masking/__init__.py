"""Personal data stays in the house: placeholders go out in its stead, and come back as it was."""

from llm.masking.masking import mask
from llm.masking.unmasking import Unmasker, unmask
from llm.masking.vault import Vault

__all__ = ["Unmasker", "Vault", "mask", "unmask"]
