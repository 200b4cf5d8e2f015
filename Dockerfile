# One image; web, worker and beat differ only by their command.
FROM node:20-slim AS node

FROM python:3.11-slim AS assets
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /build
COPY package.json package-lock.json ./
COPY tools/vendor.py tools/
COPY dashboard/web dashboard/web
COPY templates templates
COPY static static
RUN python tools/vendor.py

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/phishnet
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt \
    && useradd --system --uid 10001 --home-dir /srv/phishnet phishnet \
    && install --directory --owner=phishnet --mode=0700 /var/lib/phishnet
COPY wsgi.py gunicorn.conf.py ./
COPY dashboard dashboard
COPY templates templates
COPY translations translations
COPY static static
COPY --from=assets /build/static/vendor static/vendor
RUN python -m compileall -q dashboard wsgi.py
USER phishnet
ENV API_HOST=0.0.0.0 API_PORT=8000 VAR_DIR=/var/lib/phishnet
EXPOSE 8000
STOPSIGNAL SIGTERM
# Asks the process alone, never the database: a database that is away is no reason to
# restart the web server. It asks for the first host name that is answered.
HEALTHCHECK --interval=30s --timeout=10s --start-period=5s --retries=3 CMD \
    ["python", "-c", "import os, urllib.request as r; e = os.environ.get; r.urlopen(r.Request(f'http://127.0.0.1:{e(\"API_PORT\", \"8000\")}/health/ping', headers={'Host': e('TRUSTED_HOSTS', 'localhost').split(',')[0]}), timeout=9)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
