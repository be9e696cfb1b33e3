# syntax=docker/dockerfile:1
# One image, three uses:
#   docker run -p 8080:8080 MOUNTS IMAGE       the service: feeds, pages, hooks, and the calendars kept right meanwhile
#   docker run MOUNTS IMAGE worker             another worker, where IRCAL_DATABASE_URL names a PostgreSQL
#   docker run --rm --init MOUNTS IMAGE sync   the job: make every calendar right, once, and stop
# MOUNTS are
#   -v "$PWD/config:/app/config:ro"   your programme; the image has none, and stops without one
#   -v ircal-state:/app/state         what ircal remembers: links, revisions, the journal
# and, for what writes Google calendars, the key of the service account, readable by user 10001:
#   -v "$PWD/secrets/google.json:/run/secrets/google.json:ro" -e IRCAL_GOOGLE__CREDENTIALS_FILE=/run/secrets/google.json
# To look around first, with the example:  docker run --rm -p 8080:8080 IMAGE serve --config example
# More: docs/how-to/run-in-a-container.md
#
# The runtime is distroless: Debian's own Python 3.11 and what it needs, without a shell, a package manager or a root login.
# Tags can move: for a release, pin both digests as well,
#   docker build --build-arg RUNTIME_IMAGE=gcr.io/distroless/python3-debian12@sha256:<digest> ...
# (`docker buildx imagetools inspect` prints them) and let the scanner say when to move on. Both are of one Debian, so
# that what is installed in the one runs in the other. Where gcr.io cannot be reached, this runs as well, 80 MB larger:
#   docker build --build-arg BUILD_IMAGE=python:3.11-slim-bookworm --build-arg RUNTIME_IMAGE=python:3.11-slim-bookworm .
ARG BUILD_IMAGE=debian:bookworm-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/python3-debian12

# ---------------------------------------------------------------------------------------------------------------- build
FROM ${BUILD_IMAGE} AS build
RUN command -v python3 || { apt-get update && apt-get install --yes --no-install-recommends ca-certificates python3-venv; }
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /build

# /opt/ircal has no pip of its own: pip reaches into it from outside, and it moves to the next stage as it is.
# Wheels only: a source distribution would run its own code, and want a compiler, before anything is checked.
COPY requirements/ requirements/
RUN python3 -m venv --without-pip /opt/ircal \
    && python3 -m venv /opt/tools \
    && /opt/tools/bin/pip install --require-hashes --no-deps --only-binary :all: -r requirements/build.lock \
    && /opt/tools/bin/pip --python /opt/ircal/bin/python install --no-compile \
       --require-hashes --no-deps --only-binary :all: -r requirements/run.lock

# Google's client brings the descriptions of all of Google's interfaces, 100 MB; one of them is asked for.
RUN find /opt/ircal/lib -path '*/discovery_cache/documents/*' -name '*.json' ! -name 'calendar.v3.json' -delete

# The project last: an edit of the source costs no reinstall of what it needs.
COPY pyproject.toml LICENSE ./
COPY src/ src/
RUN /opt/tools/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/tools/bin/pip --python /opt/ircal/bin/python install --no-compile --no-index --no-deps dist/*.whl

# Nobody can write where it runs, so it is compiled here. And it is tried: an image that cannot read the example is none.
COPY tools/compile_imported.py tools/
COPY config/ /app/example/
RUN PYTHONDONTWRITEBYTECODE=1 PYTHONPYCACHEPREFIX=/opt/ircal/compiled /opt/ircal/bin/python tools/compile_imported.py \
    && PYTHONDONTWRITEBYTECODE=1 PYTHONTZPATH= /opt/ircal/bin/ircal check --config /app/example \
    && install -d -o 10001 -g 10001 /app/state

# ---------------------------------------------------------------------------------------------------------------- final
FROM ${RUNTIME_IMAGE} AS final
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ircal" \
      org.opencontainers.image.description="Makes every calendar say what the residency programme says" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

COPY --from=build /opt/ircal /opt/ircal
# Not where ircal looks for a programme (IRCAL_CONFIG): a job with a forgotten mount must not push the example.
COPY --from=build /app/example /app/example
# It belongs to the user below, and so does a volume that begins as a copy of it.
COPY --from=build --chown=10001:10001 /app/state /app/state

# Without PYTHONTZPATH the base image's zone data would win over the newer data in the lock.
ENV PATH=/opt/ircal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPYCACHEPREFIX=/opt/ircal/compiled \
    PYTHONTZPATH= \
    IRCAL_CONFIG=/app/config \
    IRCAL_STATE_DIR=/app/state \
    IRCAL_HTTP__HOST=0.0.0.0 \
    IRCAL_LOG_FORMAT=json
WORKDIR /app
# A number of its own, the same in every image, so that the state's owner stays right and runAsNonRoot can be checked.
USER 10001:10001
VOLUME /app/state
EXPOSE 8080

# For the service. A job has ended before the first look.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('IRCAL_HTTP__PORT', '8080') + '/healthz', timeout=4)"]

ENTRYPOINT ["ircal"]
CMD ["serve"]
