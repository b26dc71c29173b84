"""Sensors by MQTT 3.1.1: one process of many holds the subscription; the broker hears of a message after the commit."""

from bot.adapters.sensors.address import Broker, BrokerFault, broker_of
from bot.adapters.sensors.checking import checked
from bot.adapters.sensors.intake import SensorIntake

__all__ = ["Broker", "BrokerFault", "SensorIntake", "broker_of", "checked"]
