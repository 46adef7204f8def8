"""Use cases: one function each, access checked, audited, one transaction; values in and out.

Importing any of them makes Django ready, which reads the settings and opens no database.
"""

from __future__ import annotations

import django

from tipstaff import settings

settings.point_django_here()
django.setup()
