"""The client-status robot: cards, calls and deals -> the timers, and what follows on the portal (S1 to S7)."""

from crm_robots.robots.client_status.robot import ClientStatusRobot

__all__ = ["ClientStatusRobot"]
