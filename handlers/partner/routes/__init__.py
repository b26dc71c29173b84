"""Every row of the partner API; the OpenAPI document and the router are made of this table alone."""

from __future__ import annotations

from handlers.partner.routes import (
    anomalies,
    epcis,
    files,
    lots,
    orders,
    photos,
    results,
    sensors,
    templates,
    transport,
    webhooks,
    work,
)
from handlers.partner.table import Route

ROUTES: tuple[Route, ...] = (
    *photos.ROUTES,
    *anomalies.ROUTES,
    *templates.ROUTES,
    *orders.ROUTES,
    *transport.ROUTES,
    *lots.ROUTES,
    *work.ROUTES,
    *results.ROUTES,
    *sensors.ROUTES,
    *files.ROUTES,
    *webhooks.ROUTES,
    *epcis.ROUTES,
)
