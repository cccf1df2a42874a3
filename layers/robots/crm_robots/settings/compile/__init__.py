"""One module per section: names become ids, the administrator's words become a robot's rules."""
