"""What happened, in order, and proof that nobody changed it.

Here stands what needs no database: the chain, the tree, the vault, the stand-alone verifier. The rest is where its name
says: `verify.verify`, `checkpoints.make`, `erase.erase`, `export.export`, `entries.read`; `cli` has a sentence for each.
"""

from .chain import GENESIS, canonical, digest
from .errors import LedgerError
from .tree import consistency_proof, inclusion_proof, root, verify_consistency, verify_inclusion
from .vault import Vault
from .verifier import verifier_script

__all__ = [
    "GENESIS",
    "LedgerError",
    "Vault",
    "canonical",
    "consistency_proof",
    "digest",
    "inclusion_proof",
    "root",
    "verifier_script",
    "verify_consistency",
    "verify_inclusion",
]
