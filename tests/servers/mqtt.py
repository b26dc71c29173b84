"""An MQTT broker on loopback, in this process: amqtt, held to what the standard says of unacknowledged messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiomqtt
from amqtt.broker import Broker
from amqtt.contexts import BaseContext, BrokerConfig, ListenerConfig
from amqtt.mqtt.constants import QOS_1
from amqtt.mqtt.protocol.handler import ProtocolHandler
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import OUTGOING, Session

USER, PASSWORD = "sensors", "盐 and pepper"
_flow = ProtocolHandler._handle_qos1_message_flow


async def _kept_until_acknowledged(self: Any, message: Any) -> None:
    """MQTT-4.4.0-1: a message that was not acknowledged is sent again when the session is taken up; amqtt drops it."""
    session = self.session
    try:
        await _flow(self, message)
    finally:
        if message.qos == QOS_1 and message.direction == OUTGOING and not message.puback_packet and session:
            session.inflight_out[message.packet_id] = message


ProtocolHandler._handle_qos1_message_flow = _kept_until_acknowledged  # type: ignore[method-assign]


class _Broker(Broker):
    """What was kept for a session comes as any message does (MQTT-3.3.1-9); and no connection outlives the broker."""

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        self.__dict__.setdefault("writers", []).append(writer)
        await super().stream_connected(reader, writer, listener_name)

    async def shutdown(self) -> None:
        await super().shutdown()
        for one in self.__dict__.get("writers", ()):
            one.transport.abort()
        await asyncio.sleep(0)

    async def _publish_session_retained_messages(self, session: Session) -> None:
        handler = self._get_handler(session)
        kept = []
        while not session.retained_messages.empty():
            kept.append(session.retained_messages.get_nowait())
        if handler is not None and kept:
            sending = [handler.mqtt_publish(one.topic, one.data, one.qos, retain=False) for one in kept]
            await asyncio.gather(*sending, return_exceptions=True)


class Account(BaseAuthPlugin):
    """One account, as sensors' brokers have it."""

    def __init__(self, context: BaseContext) -> None:
        super().__init__(context)

    async def authenticate(self, *, session: Session) -> bool:
        return (session.username, session.password) == (USER, PASSWORD)

    @dataclass
    class Config:
        """It takes nothing."""


class MqttServer:
    """A broker that can be stopped and started again on the same port."""

    def __init__(self, tls: dict[str, str] | None = None) -> None:
        self._tls = tls
        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        self.port = 0
        self._broker: Broker | None = None

    @property
    def url(self) -> str:
        return f"{'mqtts' if self._tls else 'mqtt'}://127.0.0.1:{self.port}"

    async def start(self) -> None:
        config = BrokerConfig(
            listeners={
                "default": ListenerConfig(
                    bind=f"127.0.0.1:{self.port}", ssl=bool(self._tls), **(self._tls or {})
                )
            },
            plugins={f"{__name__}.Account": {}},
        )
        self._broker = _Broker(config)
        await self._broker.start()
        [server] = self._broker._servers.values()
        self.port = server.instance.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def stop(self) -> None:
        if self._broker is not None:
            await self._broker.shutdown()
            self._broker = None

    def subscribed(self) -> set[str]:
        """The filters that somebody connected is subscribed to."""
        assert self._broker is not None
        return {name for name, who in self._broker._subscriptions.items() if who}

    def connected(self, client_id: str = "bihuan") -> bool:
        """Whether a client is connected now."""
        assert self._broker is not None
        found = self._broker._sessions.get(client_id)
        return found is not None and found[0].transitions.state == "connected"

    def waiting(self, client_id: str = "bihuan") -> int:
        """Messages that the broker keeps for a client: sent and not acknowledged, or not sent yet."""
        assert self._broker is not None
        session, _handler = self._broker._sessions[client_id]
        return len(session.inflight_out) + session.retained_messages.qsize()

    async def until(self, ready: Any, seconds: float = 20) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(seconds):
            while not ready():
                await asyncio.sleep(0.02)


@asynccontextmanager
async def mqtt_server(tls: dict[str, str] | None = None) -> AsyncIterator[MqttServer]:
    """A running broker; ``tls`` names its files: certfile, keyfile, cafile."""
    server = MqttServer(tls)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def sender(server: MqttServer, client_id: str = "gateway") -> AsyncIterator[aiomqtt.Client]:
    """A gateway that publishes."""
    client = aiomqtt.Client(
        "127.0.0.1", server.port, username=USER, password=PASSWORD, identifier=client_id, clean_session=True
    )
    async with client:
        yield client
