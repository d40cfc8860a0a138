# Two stages: the first has Node and builds, the second has PocketBase and what it serves, and no build tools.
FROM node:20-bookworm-slim AS build
WORKDIR /src
# Somewhere that mirrors PocketBase's releases, where github.com cannot be reached; the checksums stay the same.
ARG POCKETBASE_RELEASES=
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node build.mjs
# The archive for this image's own processor (amd64 or arm64), checked by sha256.
RUN node docker/fetch-pocketbase.mjs /out/pocketbase

FROM debian:bookworm-slim
# Without tzdata "Europe/Berlin" silently becomes UTC and every billing period is wrong; Coolify is called over TLS.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates tzdata \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
  && install -d -o portal -g portal -m 0700 /data
WORKDIR /app
COPY --from=build /out/pocketbase ./pocketbase
COPY --from=build /src/pb_hooks ./pb_hooks
COPY --from=build /src/pb_migrations ./pb_migrations
COPY --from=build /src/pb_public ./pb_public
COPY docker/entrypoint docker/healthy ./docker/
USER 10001:10001
VOLUME /data
EXPOSE 8090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/app/docker/healthy"]
ENTRYPOINT ["/app/docker/entrypoint"]
