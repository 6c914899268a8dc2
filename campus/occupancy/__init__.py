"""The ledger: who has which space when."""
