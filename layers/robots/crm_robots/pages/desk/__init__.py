"""The head's page (D12)."""
