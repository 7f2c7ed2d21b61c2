# One image, many entry points: `docker run IMAGE scheduler`, `... classifier`, `... run`, `... tail --json`.
# The base is pinned by tag; to pin it for good append its digest (docker buildx imagetools inspect TAG).
FROM python:3.11.14-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
WORKDIR /src
# the dependencies first: this layer is built again only when the lock changes
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY services services
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11.14-slim-bookworm
LABEL org.opencontainers.image.title="archwatch" \
      org.opencontainers.image.description="News feeds in, structured events about the European security architecture out" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/archwatch --shell /usr/sbin/nologin archwatch \
    && install --directory --owner=archwatch --group=archwatch --mode=0750 /var/lib/archwatch
COPY --from=build /opt/venv /opt/venv
# relative, as `config/` and `models/` are the defaults of every command
WORKDIR /opt/archwatch
COPY config config
COPY models models
COPY seeds seeds
# nothing is written outside the state folder and /tmp: the root file system may be read-only
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    ARCHWATCH_HTTP__HOST=0.0.0.0 \
    ARCHWATCH_HTTP__PORT=9464 \
    ARCHWATCH_LOGGING__FORMAT=json
# a number, so that an orchestrator can see that it is not root
USER 10001:10001
VOLUME ["/var/lib/archwatch"]
EXPOSE 9464
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['ARCHWATCH_HTTP__PORT']), timeout=4); c.request('GET', '/health'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["archwatch"]
CMD ["run", "--state", "/var/lib/archwatch"]
