"""aiomqtt's client with acknowledgement by hand: paho answers a PUBLISH by itself otherwise, before anything is kept.

aiomqtt has no way to that yet and drops the DUP mark, so the few lines here go to the paho client inside it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiomqtt
from paho.mqtt.client import MQTTMessage

from bot.adapters.sensors.address import Broker
from core.sensors import Message

KEEPALIVE = 30
PATIENCE = 10.0
MOST_WAITING = 10_000
"""Messages in memory; what is dropped beyond was never acknowledged, so a broker keeps it (QoS 1)."""


class Client(aiomqtt.Client):
    """A connection whose messages are acknowledged one by one, when they are safe."""

    def __init__(self, broker: Broker, *, client_id: str, clean: bool) -> None:
        """Prepare a connection; ``clean`` leaves no session at the broker."""
        super().__init__(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            identifier=client_id,
            clean_session=clean,
            tls_context=broker.tls,
            timeout=PATIENCE,
            keepalive=KEEPALIVE,
            will=None if clean else aiomqtt.Will(broker.status_topic, b"offline", qos=1, retain=True),
        )
        self.arrived: asyncio.Queue[tuple[Message, int]] = asyncio.Queue(MOST_WAITING)
        self._client.manual_ack_set(on=True)
        self._client.connect_timeout = PATIENCE

    def _on_message(self, client: Any, userdata: Any, message: MQTTMessage) -> None:
        """Keep what came, whatever its topic is: one that cannot be read must not end the connection."""
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = "�"
        came = Message(
            topic=topic,
            payload=bytes(message.payload),
            packet=message.mid,
            anew=bool(message.dup),
            retained=bool(message.retain),
        )
        with contextlib.suppress(asyncio.QueueFull):
            self.arrived.put_nowait((came, message.qos))

    async def batch(self, most: int) -> list[tuple[Message, int]]:
        """Wait for messages, and answer what is there, in its order.

        Raises:
            aiomqtt.MqttError: the connection is gone.
        """
        first = asyncio.ensure_future(self.arrived.get())
        try:
            await asyncio.wait((first, self._disconnected), return_when=asyncio.FIRST_COMPLETED)
            if not first.done():
                raise aiomqtt.MqttError("disconnected") from self._disconnected.exception()
        finally:
            first.cancel()
        found = [first.result()]
        while len(found) < most and not self.arrived.empty():
            found.append(self.arrived.get_nowait())
        return found

    def done_with(self, message: Message, qos: int) -> None:
        """Tell the broker that a message is safe."""
        if qos:
            self._client.ack(message.packet, qos)

    def close(self) -> None:
        """Let go of the socket, whatever state a failed or broken connection left it in."""
        socket = self._client.socket()
        if socket is not None:
            number = socket.fileno()
            if number >= 0:
                self._loop.remove_reader(number)
                self._loop.remove_writer(number)
            socket.close()
        if self._misc_task is not None:
            self._misc_task.cancel()
        for one in (self._connected, self._disconnected):
            if one.done() and not one.cancelled():
                one.exception()  # it was looked at


@asynccontextmanager
async def connected(broker: Broker, *, client_id: str = "", clean: bool = False) -> AsyncIterator[Client]:
    """A connection that leaves no socket behind, however it ends.

    Raises:
        aiomqtt.MqttError: the broker cannot be reached, refuses us, or the connection broke.
    """
    client = Client(broker, client_id=client_id or broker.client_id, clean=clean)
    try:
        async with client:
            yield client
    finally:
        client.close()
