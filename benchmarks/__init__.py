"""What the promises about speed cost, each beside its limit in the same run."""
