"""Keeps clients' statuses up to date. CRM events from SQS -> cards, calls and deals as they are now -> Bitrix24."""

from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.wiring import queue_function

lambda_handler = queue_function(ClientStatusRobot)
