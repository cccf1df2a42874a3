"""What AWS charges, in dollars: US East, on demand, arm64, beyond the free tier. From memory: check before quoting.

https://calculator.aws
"""

MILLION = 1_000_000

API_REQUEST = 3.50 / MILLION
LAMBDA_REQUEST = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000133334
SQS_FIFO_REQUEST = 0.50 / MILLION
WRITE_UNIT = 0.625 / MILLION
READ_UNIT = 0.125 / MILLION
"""Strongly consistent."""
TABLE_GB_MONTH = 0.25 + 0.20
"""Stored, and kept for point-in-time recovery."""
LOG_GB = 0.50
ALARM_MONTH = 0.10
METRIC_MONTH = 0.30
KMS_REQUEST = 0.03 / 10_000
SCHEDULER_CALL = 1.00 / MILLION
