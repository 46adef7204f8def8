"""What the server runs: `tipstaff serve`, or any other ASGI server."""

from __future__ import annotations

from django.core.asgi import get_asgi_application

from tipstaff import settings

settings.point_django_here()
application = get_asgi_application()
