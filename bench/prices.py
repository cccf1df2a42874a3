"""What AWS charges, in dollars: Europe (Frankfurt), eu-central-1, on demand, arm64, beyond the free tier.

From memory, like any list of prices: check them at https://calculator.aws before quoting.
"""

MILLION = 1_000_000

API_REQUEST = 3.70 / MILLION
HTTP_API_REQUEST = 1.20 / MILLION
LAMBDA_REQUEST = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000133334
SQS_FIFO_REQUEST = 0.50 / MILLION
WRITE_UNIT = 0.7625 / MILLION
READ_UNIT = 0.1525 / MILLION
"""Strongly consistent."""
TABLE_GB_MONTH = 0.306 + 0.2448
"""Stored, and kept for point-in-time recovery."""
LOG_GB = 0.63
ALARM_MONTH = 0.10
METRIC_MONTH = 0.30
"""By the hour in which it has data."""
KMS_REQUEST = 0.03 / 10_000

# What stays free for ever, month by month, in every account.
FREE_LAMBDA_REQUESTS, FREE_GB_SECONDS = 1_000_000, 400_000
FREE_SQS_REQUESTS = 1_000_000
FREE_TABLE_GB = 25
FREE_LOG_GB = 5
FREE_ALARMS = 10
FREE_KMS_REQUESTS = 20_000
