"""The partner API ``/api/v1``: programs of suppliers, laboratories, carriers and of the plant itself ask and hand in.

How to add a route: write ``async def call(asked: Asked) -> Said`` in a file of ``handlers/partner/routes/`` that enters
the room by its front-door verb (refusals become problem documents by themselves), describe what comes in and goes out
as pydantic models (``In`` and ``Out`` of ``handlers/partner/shapes.py``), and add one ``Route(...)`` row to the file's
``ROUTES``: method, path, scope, summary, call, ``body``/``query``/``path_model``, ``answer``, ``status`` and further
``statuses``. A new file's ``ROUTES`` is added to ``handlers/partner/routes/__init__.py``. Everything else follows from
the row: token, scope, allowance, limits of size and depth, unknown parameters refused, one transaction and the
``Idempotency-Key`` of a POST, access log of a GET, ETag, and the OpenAPI document. A body that is no JSON sets
``takes_body`` and names its ``media`` types; ``asked.raw`` holds its bytes (``reading.must_be_json`` reads JSON of no
model safely). House tests hold the table, the document and the permissions together.
"""
