"""How gunicorn serves the portal: one process and eight threads embedded, more processes by WEB_PROCESSES."""

import os

wsgi_app = "rollout.wsgi:application"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "1"))  # one while the cache lives in the process (no CACHE_URL)
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60  # seconds; a page is cut by the database's own limit long before
graceful_timeout = 20
keepalive = 15  # longer than the proxy keeps an idle connection busy between two clicks
limit_request_line = 8190  # as long as the proxy reads: a long search is answered by the portal, not refused in English
forwarded_allow_ips = "127.0.0.1"  # X-Forwarded-* is read by Django, by PROXY_COUNT
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
accesslog = None  # addresses hold searches: they are not written down
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
