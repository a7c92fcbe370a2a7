"""The WSGI entry point; a page may keep the database busy for 15 seconds, a worker for five minutes (settings)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollout.settings")
os.environ["PORTAL_PROCESS"] = "web"
application = get_wsgi_application()
