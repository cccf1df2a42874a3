"""The robots, a folder each: settings, rules, look-ups, decisions and texts."""
