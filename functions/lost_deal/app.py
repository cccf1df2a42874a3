"""Marks the clients' cards of deals that end. CRM events from SQS -> deals as they are now -> decision -> Bitrix24."""

from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.wiring import queue_function

lambda_handler = queue_function(LostDealRobot)
