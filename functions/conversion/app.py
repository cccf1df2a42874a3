"""Turns leads into contacts, companies and deals. CRM events from SQS -> leads and clients -> decision -> Bitrix24."""

from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.wiring import queue_function

lambda_handler = queue_function(ConversionRobot)
