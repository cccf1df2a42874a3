"""Visits, reports, and the managers drawn for them. CRM events from SQS -> leads -> draws and decision -> Bitrix24."""

from crm_robots.robots.routing.robot import RoutingRobot
from crm_robots.wiring import queue_function

lambda_handler = queue_function(RoutingRobot)
