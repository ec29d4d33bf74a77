# syntax=docker/dockerfile:1
# Two stages: one that can compile, one that only runs. Nothing is downloaded at run time.

FROM node:22-bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 make g++ \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /kindred
# Machine flags for hnswlib-node's distance loops, for example --build-arg HNSW_CXXFLAGS=-march=x86-64-v3.
# The image then runs on such processors only; the default runs on all.
ARG HNSW_CXXFLAGS=""
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN CXXFLAGS="${HNSW_CXXFLAGS}" npm ci
COPY tsconfig.json tsconfig.build.json vite.config.ts openapi.yaml ./
COPY src ./src
RUN npm run build \
 && npm prune --omit=dev --ignore-scripts \
 # onnxruntime-node brings libraries for every system; keep this one's.
 && find node_modules/onnxruntime-node/bin/napi-v*/ -mindepth 1 -maxdepth 1 -type d ! -name linux -exec rm -rf {} + \
 && find node_modules/onnxruntime-node/bin/napi-v*/linux -mindepth 1 -maxdepth 1 -type d ! -name "$(node -p process.arch)" -exec rm -rf {} +

FROM node:22-bookworm-slim
ENV NODE_ENV=production \
    KINDRED_DATA=/data/index-data \
    KINDRED_MODELS=/data/models \
    KINDRED_HOST=0.0.0.0 \
    KINDRED_PORT=8080
WORKDIR /kindred
COPY --from=build /kindred/node_modules ./node_modules
COPY --from=build /kindred/dist ./dist
COPY --from=build /kindred/package.json /kindred/openapi.yaml ./
COPY models ./models
RUN mkdir -p /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.KINDRED_PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Any address but loopback needs a key: docker run -e KINDRED_ADMIN_KEY=… (16 characters or more).
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve"]
