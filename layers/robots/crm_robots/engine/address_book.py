"""Keeps the addresses of Bitrix24's queue in a parameter, which the receiver reads together with its secrets."""

from dataclasses import dataclass

import httpx

from crm_robots.portal.queue_addresses import QueueAddresses
from crm_robots.records.parameters import QUEUE_ADDRESSES, MissingParameter, Parameters


@dataclass(frozen=True)
class AddressBook:
    """`url`: where Bitrix24 publishes them; `http`: what asks for them."""

    parameters: Parameters
    http: httpx.Client
    url: str

    def kept(self) -> QueueAddresses:
        """Those that were kept last."""
        try:
            return QueueAddresses.of(self.parameters.get(QUEUE_ADDRESSES))
        except MissingParameter:
            return QueueAddresses()

    def keep(self, addresses: QueueAddresses) -> None:
        """Replaces the kept list."""
        self.parameters.put(QUEUE_ADDRESSES, addresses.text())
