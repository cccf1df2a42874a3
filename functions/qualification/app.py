"""Keeps unqualified leads before the gate. CRM events from SQS -> leads as they are now -> decision -> Bitrix24."""

from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.wiring import queue_function

lambda_handler = queue_function(QualificationRobot)
