"""The conversion robot's shell: what it asks the portal and the directory before it decides."""

from crm_robots.robots.conversion.robot import ConversionRobot

__all__ = ["ConversionRobot"]
