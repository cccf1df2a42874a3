"""The day's run, begun by the schedule or by the administrator's command."""
