"""The REST dialect of the portal: methods, envelopes, errors, batch."""
