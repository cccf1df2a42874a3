"""Carries events to handlers in the background. A handler that fails or is slow loses its event, as in Bitrix24."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx

from sandbox.portal.core import Portal
from sandbox.portal.events import Delivery

logger = logging.getLogger(__name__)
SAVE_EVERY = 1.0  # seconds
_TIMEOUT = 10.0
_AT_ONCE = 4


class Courier:
    """A thread that sends due deliveries and saves the portal."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._wake = threading.Event()
        self._stopped = False
        self._http = httpx.Client(timeout=_TIMEOUT)
        self._hands = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="courier")
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        portal.outbox.wake = self._wake.set
        portal.sender = self._hand_out

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Stops after the current delivery, and saves."""
        self._stopped = True
        self._wake.set()
        self._thread.join()
        self._hands.shutdown(cancel_futures=True)
        self._http.close()
        self._portal.save()

    def _run(self) -> None:
        while not self._stopped:
            self._wake.wait(SAVE_EVERY)
            self._wake.clear()
            try:
                self._portal.deliver()
                self._portal.save()
            except Exception:
                logger.exception("the courier stumbled, and goes on")

    def _hand_out(self, delivery: Delivery) -> None:
        self._hands.submit(self._send, delivery)

    def _send(self, delivery: Delivery) -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Bitrix24 Webhook Engine"}
        try:
            delivery.outcome = str(self._http.post(delivery.url, content=delivery.body, headers=form).status_code)
        except httpx.HTTPError as error:
            delivery.outcome = type(error).__name__
