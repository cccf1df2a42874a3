"""The portal's REST API: methods, envelopes, errors, batch."""
