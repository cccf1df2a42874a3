"""A Bitrix24 portal on your machine, and the demo's story."""
